/** Keeps the address and the state in step. */

import type { App } from "./app.ts";
import { type Address, readAddress, writeAddress } from "./url.ts";

function addressOf({ state }: App): Address {
  const { filter, order, picture, detail } = state;
  return {
    filter, order, picture,
    zone: state.zone === "local" ? undefined : state.zone,
    openRun: detail?.phase === "listed" ? detail.run.id : detail?.id,
  };
}

function take(app: App): string | undefined {
  const { filter, order, picture, zone, openRun } = readAddress(location.search);
  app.set({ filter, order, picture, ...(zone === undefined ? {} : { zone }) });
  return openRun;
}

export interface WatchedAddress {
  /** Goes along with Back and Forward until the signal. */
  listen: (until: AbortSignal) => void;
  openLinkedRun: (open: (id: string) => void) => void;
}

/** Reads the address now; writes it on every change. Opening a run is a step to go back from. */
export function watchAddress(app: App): WatchedAddress {
  let linked = take(app);
  let open: ((id: string) => void) | undefined;
  // A step back that is half taken is not to be written as a step ahead, which would end what lies ahead.
  let taking = false;
  app.onChange(() => {
    if (taking) return;
    // Until it is asked for, the run that the link names stays in the address.
    const address = addressOf(app);
    const search = writeAddress(linked === undefined ? address : { ...address, openRun: linked });
    if (search === location.search) return;
    const opened = address.openRun !== undefined && !readAddress(location.search).openRun;
    history[opened ? "pushState" : "replaceState"](null, "", search || location.pathname);
  });
  return {
    listen(signal) {
      addEventListener("popstate", () => {
        taking = true;
        const id = take(app);
        if (id) open?.(id);
        else app.set({ detail: undefined });
        taking = false;
      }, { signal });
    },
    openLinkedRun(openRun) {
      open = openRun;
      const id = linked;
      const whenConnected = () => {
        if (id === undefined || linked === undefined || app.state.connection.phase !== "connected") return;
        linked = undefined;
        openRun(id);
      };
      app.onChange(whenConnected);
      whenConnected();
    },
  };
}
