/** The form for another input. */

import type { App } from "../state/app.ts";
import { modal } from "../ui/dialog.ts";
import { html, type TemplateResult, verbatim } from "../ui/html.ts";
import type { InputDraft } from "./draft.ts";
import { inputFields } from "./fields.ts";
import { submitInput } from "./input.ts";
import { readJsonObject } from "./json.ts";
import { problemAlert } from "./view.ts";

export function inputDialog(app: App, draft: InputDraft): TemplateResult {
  const { run, text, sending } = draft;
  const reading = readJsonObject(text);
  const set = (change: Partial<InputDraft>) => app.set({ dialog: { kind: "input", draft: { ...draft, ...change } } });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!sending) void submitInput(app, draft);
  };
  return modal(app, {
    name: "input",
    title: html`Edit the input of a run of ${verbatim(run.workflow)}`,
    onClose: () => app.closeDialog(),
    body: html`<form id="input-form" class="stack" novalidate @submit=${submit}>
      ${inputFields(app, { name: "edited-input", dialog: draft.key, workflow: run.workflow, text, rows: 12, set: (typed) => set({ text: typed }) })}
      <p class="note">Hatchet changes nothing of a run but its time. So a run with this input takes its place: at the same time, with the same metadata and key, and with an id of its own.</p>
      ${problemAlert(draft.problem)}
    </form>`,
    actions: html`<button type="button" @click=${() => app.closeDialog()}>Cancel</button>
      <button type="submit" form="input-form" class="primary" ?disabled=${sending || !reading.ok}>${sending ? "Changing…" : "Change the input"}</button>`,
  });
}
