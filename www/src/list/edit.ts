/** Changes to the list that are known here before the watch brings them. */

import type { App } from "../state/app.ts";
import { sift } from "./changes.ts";
import type { Run } from "./run.ts";

/** Takes runs out that are known to be gone. */
export function forget(app: App, ids: readonly string[]): void {
  const runs = new Map(app.state.runs);
  for (const id of ids) runs.delete(id);
  app.set({ runs, waiting: sift(runs, app.state.waiting).visible });
}

/** Puts runs in, new or in place of what was known of them. */
export function replace(app: App, changed: readonly Run[]): void {
  const runs = new Map(app.state.runs);
  for (const run of changed) runs.set(run.id, run);
  const { detail, waiting } = app.state;
  const open = detail?.phase === "listed" ? runs.get(detail.run.id) : undefined;
  const isNew = runs.size > app.state.runs.size;
  app.set({ runs, waiting: sift(runs, waiting).visible, ...(open ? { detail: { phase: "listed", run: open } } : {}) });
  // A watch that does not know of a run could not tell that it has gone.
  if (isNew) app.lookAgain();
}
