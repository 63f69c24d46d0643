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

/** Reads the address now and on Back and Forward; writes it on every change. Opening a run is a step to go back from. */
export function watchAddress(app: App, signal: AbortSignal): { openLinkedRun: (open: (id: string) => void) => void } {
  let linked = take(app);
  let open: ((id: string) => void) | undefined;
  app.onChange(() => {
    // Until it is asked for, the run that the link names stays in the address.
    const address = addressOf(app);
    const search = writeAddress(linked === undefined ? address : { ...address, openRun: linked });
    if (search === location.search) return;
    const opened = address.openRun !== undefined && !readAddress(location.search).openRun;
    history[opened ? "pushState" : "replaceState"](null, "", search || location.pathname);
  });
  addEventListener("popstate", () => {
    const id = take(app);
    if (id) open?.(id);
    else app.set({ detail: undefined });
  }, { signal });
  return {
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
