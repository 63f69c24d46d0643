/** Opens the forms that schedule a run, or change the input of one. */

import type { Run } from "../list/run.ts";
import type { App } from "../state/app.ts";
import { cloneDraft, newCreateDraft, newInputDraft } from "./draft.ts";

/** Opens the form, with the workflow filled in where the list is narrowed to one. */
export function requestCreate(app: App): void {
  const [only, another] = app.state.filter.workflows;
  app.openDialog({ kind: "create", draft: newCreateDraft(only && !another ? only : "") });
}

export function requestClone(app: App, run: Run): void {
  app.openDialog({ kind: "create", draft: cloneDraft(run, app.derived.zone) });
}

export function requestInput(app: App, run: Run): void {
  app.openDialog({ kind: "input", draft: newInputDraft(run) });
}
