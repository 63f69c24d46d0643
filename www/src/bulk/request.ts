/** Opens the dialog to reschedule runs. */

import type { Run } from "../list/run.ts";
import type { App } from "../state/app.ts";
import { newBulkDraft } from "./draft.ts";

export function requestMove(app: App, runs: readonly Run[]): void {
  const movable = runs.filter((run) => !run.madeInCode);
  if (movable.length === 0 || !app.may(runs.length > 1 ? "bulkUpdate" : "update")) return;
  app.openDialog({ kind: "move", draft: newBulkDraft(movable, app.derived.zone, app.now()) });
}
