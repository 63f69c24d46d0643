/** The create form. */

import { live } from "lit-html/directives/live.js";
import { priorityNames } from "../list/run.ts";
import type { App } from "../state/app.ts";
import { whenField } from "../time/when-field.ts";
import { formatRelative } from "../time/relative.ts";
import { modal } from "../ui/dialog.ts";
import { countRuns, formatCount } from "../ui/format.ts";
import { html, nothing, type TemplateResult, verbatim, type Words } from "../ui/html.ts";
import { icon } from "../ui/icons.ts";
import { batchFields, readBatchDraft } from "./batch-view.ts";
import type { CreateDraft, OnExisting, Priority } from "./draft.ts";
import { inputFields } from "./fields.ts";
import { jsonField } from "./json-field.ts";
import { type CreateReading, readCreateDraft } from "./read.ts";
import { submitBatch, submitCreate } from "./submit.ts";
import { setOf } from "../reconcile/reconcile.ts";
import { suggestions, workflowsOf } from "./workflows.ts";

const priorities: readonly Priority[] = [1, 2, 3];

export function createDialog(app: App, draft: CreateDraft): TemplateResult {
  const { now } = app.state;
  const zone = app.derived.zone;
  const reading = readCreateDraft(draft, zone, now);
  const set = (change: Partial<CreateDraft>) => app.set({ dialog: { kind: "create", draft: { ...draft, ...change } } });
  const many = draft.mode === "many";
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!draft.sending) void (many ? submitBatch(app, draft) : submitCreate(app, draft));
  };
  const close = () => (draft.cancel ? draft.cancel() : app.closeDialog());
  return modal(app, {
    name: "create",
    title: many ? "Schedule runs" : "Schedule a run",
    onClose: close,
    body: html`<form id="create-form" class="stack" novalidate @submit=${submit}>
      <div class="segments" role="group" aria-label="How many">
        <button type="button" aria-pressed=${!many} ?disabled=${draft.sending} @click=${() => set({ mode: "one" })}>One run</button>
        <button type="button" aria-pressed=${many} ?disabled=${draft.sending} @click=${() => set({ mode: "many" })}>Many, as JSON lines</button>
      </div>
      ${many ? batchFields(app, draft, set) : singleFields(app, draft, reading, set)}
      ${problemAlert(draft.problem)}
    </form>`,
    actions: html`<button type="button" @click=${close}>Cancel</button>
      <button type="submit" form="create-form" class="primary" ?disabled=${draft.sending || (many && !batchReady(app, draft))}>${submitLabel(app, draft, reading)}</button>`,
  });
}

export function problemAlert(problem: CreateDraft["problem"]): TemplateResult | typeof nothing {
  if (!problem) return nothing;
  return html`<div class="alert" role="alert">${icon("warn")}<div><strong>${problem.title}</strong><p>${problem.detail}</p>${problem.hint ? html`<p>${problem.hint}</p>` : nothing}</div></div>`;
}

function batchReady(app: App, draft: CreateDraft): boolean {
  const { runs, problems } = readBatchDraft(app, draft);
  return runs.length > 0 && problems.length === 0;
}

function submitLabel(app: App, draft: CreateDraft, reading: CreateReading): Words {
  const { progress } = draft;
  if (progress) return `Scheduling ${formatCount(progress.done)} of ${formatCount(progress.total)}…`;
  if (draft.sending) return "Scheduling…";
  if (draft.mode === "many") {
    const { length } = readBatchDraft(app, draft).runs;
    if (draft.isSet && setOf(readBatchDraft(app, draft).runs) !== undefined) return "Compare with what is scheduled…";
    return length ? `Schedule ${countRuns(length)}` : "Schedule";
  }
  return reading.request && reading.at !== undefined ? html`<span>Schedule ${verbatim(formatRelative(reading.at, app.state.now))}</span>` : "Schedule";
}

const existing: Record<OnExisting, string> = { keep: "Keep it", move: "Move it", replace: "Replace it" };

/** A key of the user's own, and what becomes of a run that is there with it. */
function keyFields(draft: CreateDraft, set: (change: Partial<CreateDraft>) => void): TemplateResult {
  return html`<label class="field"><span>Key <span class="note">optional</span></span>
      <input name="key" type="text" autocomplete="off" spellcheck="false" .value=${live(draft.ownKey)} @input=${(event: Event) => set({ ownKey: (event.target as HTMLInputElement).value })} /></label>
    ${draft.ownKey.trim() === "" ? nothing : html`<fieldset class="priority-choice"><legend>Where a run of the workflow has this key</legend>
      <div class="segments">${(Object.keys(existing) as OnExisting[]).map((choice) => html`<label>
        <input type="radio" name="on-existing" .checked=${live(draft.onExisting === choice)} @change=${() => set({ onExisting: choice })} /><span>${existing[choice]}</span>
      </label>`)}</div></fieldset>`}`;
}

function singleFields(app: App, draft: CreateDraft, reading: CreateReading, set: (change: Partial<CreateDraft>) => void): TemplateResult {
  const { now } = app.state;
  const zone = app.derived.zone;
  const missing = draft.tried && !reading.workflow;
  const known = workflowsOf(app, draft.key);
  const offered = suggestions(draft.workflow, [...app.derived.workflows.map(({ name }) => name), ...(known?.keys() ?? [])]);
  const isUnknown = reading.workflow !== "" && known !== undefined && !known.has(reading.workflow);
  const isPaused = known?.get(reading.workflow)?.isPaused === true;
  return html`
      <label class="field">
        <span>Workflow</span>
        <input name="workflow" type="text" list="workflow-names" autocomplete="off" spellcheck="false" placeholder="send-email" autofocus
          aria-invalid=${missing} aria-describedby="workflow-note"
          .value=${live(draft.workflow)} @input=${(event: Event) => set({ workflow: (event.target as HTMLInputElement).value })} />
      </label>
      <p id="workflow-note" class=${missing ? "problem" : isUnknown || isPaused ? "caution" : "note"}>${missing ? "A workflow is needed. " : ""}${
        isUnknown && offered.length === 0 ? "The server knows no workflow of this name. " : ""
      }${isPaused ? "It is paused: its runs wait, or are late. " : ""}Its exact name: capitals count.</p>
      <datalist id="workflow-names">${offered.map((name) => html`<option value=${name}></option>`)}</datalist>
      ${whenField({
        name: "create-when", label: "When", draft: draft.when, zone, now, required: draft.tried,
        quick: ["in 1m", "in 1h", "tomorrow 09:00", "mon 09:00"], set: (when) => set({ when }),
      })}
      ${inputFields(app, { name: "input", dialog: draft.key, workflow: reading.workflow, text: draft.input, rows: 6, set: (input) => set({ input }) })}
      ${jsonField("metadata", "Metadata", draft.metadata, reading.metadata, (metadata) => set({ metadata }), 3)}
      <fieldset class="priority-choice">
        <legend>Priority</legend>
        <div class="segments">${priorities.map((priority) => html`<label>
          <input type="radio" name="priority" .checked=${live(draft.priority === priority)} @change=${() => set({ priority })} /><span>${priorityNames[priority]}</span>
        </label>`)}</div>
        <p class="note">Low unless chosen here: the server does not ask for the workflow's own default.</p>
      </fieldset>
      ${keyFields(draft, set)}`;
}
