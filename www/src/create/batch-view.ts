/** The form for many runs at once. */

import { live } from "lit-html/directives/live.js";
import type { App } from "../state/app.ts";
import { memo } from "../state/memo.ts";
import type { Zone } from "../time/zone.ts";
import { countRuns, formatCount } from "../ui/format.ts";
import { setOf } from "../reconcile/reconcile.ts";
import { html, nothing, type TemplateResult, verbatim } from "../ui/html.ts";
import { readBatch } from "./batch.ts";
import type { CreateDraft } from "./draft.ts";

const MAX_PROBLEMS = 5;
const EXAMPLE = '{"workflowName": "send-email", "triggerAt": "tomorrow 09:00", "input": {"to": "ada@example.com"}}';

const readAt = memo((lines: string, zone: Zone, minute: number) => readBatch(lines, zone, minute * 60_000));

export function readBatchDraft(app: App, draft: CreateDraft) {
  return readAt(draft.lines, app.derived.zone, Math.floor(app.state.now / 60_000));
}

export function batchFields(app: App, draft: CreateDraft, set: (change: Partial<CreateDraft>) => void): TemplateResult {
  const { problems, runs } = readBatchDraft(app, draft);
  return html`<label class="field">
      <span>Runs <span class="note">one JSON object a line</span></span>
      <textarea name="lines" rows="10" wrap="off" spellcheck="false" autocomplete="off" placeholder=${EXAMPLE} ?disabled=${draft.sending}
        aria-invalid=${problems.length > 0} aria-describedby="lines-note"
        .value=${live(draft.lines)} @input=${(event: Event) => set({ lines: (event.target as HTMLTextAreaElement).value })}></textarea>
    </label>
    <div id="lines-note">
      ${problems.length
        ? html`<ul>${problems.slice(0, MAX_PROBLEMS).map(({ line, message }) => html`<li class="problem">Line ${line}: ${message}</li>`)}</ul>
          ${problems.length > MAX_PROBLEMS ? html`<p class="note">and ${formatCount(problems.length - MAX_PROBLEMS)} lines more</p>` : nothing}`
        : html`<p class="note">${runs.length ? `${countRuns(runs.length)} ready.` : "workflowName and triggerAt are needed; input, additionalMetadata and priority may follow. Priority is 1 (low) to 3 (high), and 1 where it is left out, whatever the workflow's own default."}</p>`}
    </div>
    ${setOf(runs) !== undefined && app.may("delete") && app.may("update") ? html`<label class="choice"><input type="checkbox" .checked=${live(draft.isSet)} ?disabled=${draft.sending} @change=${() => set({ isSet: !draft.isSet })} />
      <span>These are all keyed runs of ${verbatim(setOf(runs) ?? "")}: move, replace and delete the others</span></label>` : nothing}
    ${draft.progress ? html`<progress max=${draft.progress.total} value=${draft.progress.done} aria-label="Scheduling"></progress>` : nothing}`;
}
