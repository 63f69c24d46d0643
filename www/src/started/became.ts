/** What became of the run that the panel shows, once it has left the list. */

import type { FollowRef } from "hatchet-scheduled/follow";
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
    const { run, startedAs } = detail?.phase === "gone" ? detail : {};
    const wanted = run && (startedAs ?? run.id);
    if (wanted === followed) return;
    stop.abort();
    followed = wanted;
    if (!run || !app.client || !app.may("runs") || !(startedAs || isTraceable(run))) return;
    stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, app.running]);
    queueMicrotask(() => void follow(app, run.id, startedAs ? { externalId: startedAs } : run.row, signal));
  });
}

async function follow(app: App, id: string, what: FollowRef, signal: AbortSignal): Promise<void> {
  const tell = (became: Partial<Became>) => {
    if (!signal.aborted) app.set({ became: { id, state: undefined, problem: undefined, ...became } });
  };
  tell({});
  try {
    const { follow } = await import("hatchet-scheduled/follow");
    if (!app.client) return;
    for await (const state of follow(app.client, what, { signal })) tell({ state });
  } catch (error) {
    tell({ problem: errorMessage(error) });
  }
}
