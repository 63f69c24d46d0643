/** What became of the run that the panel shows, once it has left the list. */

import type { Run } from "../list/run.ts";
import type { App } from "../state/app.ts";
import { errorMessage } from "../connection/trouble.ts";
import type { Became } from "./state.ts";

/** The keys by which a run is found again once it has fired. */
const KEYS = ["scheduledTraceKey", "idempotencyKey"];

/** Whether anything leads from the schedule to its run. */
export function isTraceable(run: Run): boolean {
  return KEYS.some((key) => typeof run.metadata[key] === "string");
}

/** Follows the open run for as long as it is open and not scheduled any more. */
export function watchBecame(app: App): void {
  let followed: string | undefined;
  let stop = new AbortController();
  app.onChange(() => {
    const { detail } = app.state;
    const run = detail?.phase === "gone" ? detail.run : undefined;
    if (run?.id === followed) return;
    stop.abort();
    followed = run?.id;
    if (!run || !app.client || !app.may("runs") || !isTraceable(run)) return;
    stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, app.running]);
    queueMicrotask(() => void follow(app, run, signal));
  });
}

async function follow(app: App, run: Run, signal: AbortSignal): Promise<void> {
  const tell = (became: Partial<Became>) => {
    if (!signal.aborted) app.set({ became: { id: run.id, state: undefined, problem: undefined, ...became } });
  };
  tell({});
  try {
    const { follow } = await import("hatchet-scheduled/follow");
    if (!app.client) return;
    for await (const state of follow(app.client, run.row, { signal })) tell({ state });
  } catch (error) {
    tell({ problem: errorMessage(error) });
  }
}
