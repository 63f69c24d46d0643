/** The dialogs around bulk deletion and what became of a bulk call. */

import { live } from "lit-html/directives/live.js";
import { outcomeToCsv } from "../export/table.ts";
import type { Run } from "../list/run.ts";
import type { App } from "../state/app.ts";
import type { Dialog } from "../state/state.ts";
import { formatTimeRange } from "../time/zone.ts";
import { modal } from "../ui/dialog.ts";
import { download } from "../ui/download.ts";
import { countRuns, formatCount } from "../ui/format.ts";
import { html, nothing, type TemplateResult } from "../ui/html.ts";
import { beginDelete } from "./delete.ts";
import { type Fate, retryable } from "./outcome.ts";

export function deleteDialog(app: App, runs: readonly Run[], typed: string): TemplateResult {
  const confirmed = typed.replace(/\D/g, "") === String(runs.length);
  const workflows = new Map<string, number>();
  for (const run of runs) workflows.set(run.workflow, (workflows.get(run.workflow) ?? 0) + 1);
  const ranked = [...workflows].sort((a, b) => b[1] - a[1]);
  const times = runs.reduce((range, { at }) => ({ from: Math.min(range.from, at), to: Math.max(range.to, at) }), { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!confirmed) return;
    app.closeDialog();
    beginDelete(app, runs);
  };
  return modal(app, {
    name: "delete",
    title: `Delete ${countRuns(runs.length)}?`,
    onClose: () => app.closeDialog(),
    body: html`<form id="delete-form" class="stack" novalidate @submit=${submit}>
      <p>They will not fire. There are eight seconds to undo it, then it is for good.</p>
      <dl class="facts">
        <dt>Firing</dt><dd translate="no">${formatTimeRange(times.from, times.to, app.derived.zone, app.state.now)}</dd>
        ${ranked.slice(0, 6).map(([workflow, count]) => html`<dt>${formatCount(count)}</dt><dd translate="no">${workflow}</dd>`)}
        ${ranked.length > 6 ? html`<dt>and</dt><dd>${ranked.length - 6} more workflows</dd>` : nothing}
      </dl>
      <label class="field">
        <span>Type ${formatCount(runs.length)} to confirm</span>
        <input type="text" name="typed" inputmode="numeric" autocomplete="off" autofocus .value=${live(typed)}
          @input=${(event: Event) => app.set({ dialog: { kind: "delete", runs, typed: (event.target as HTMLInputElement).value } })} />
      </label>
    </form>`,
    actions: html`<button type="button" @click=${() => app.closeDialog()}>Cancel</button>
      <button type="submit" form="delete-form" class="danger solid" ?disabled=${!confirmed}>Delete ${countRuns(runs.length)}</button>`,
  });
}

const fates: readonly { fate: Fate; label: string }[] = [
  { fate: "done", label: "Done" },
  { fate: "gone", label: "Had fired or been deleted before" },
  { fate: "failed", label: "Failed" },
  { fate: "unknown", label: "Unknown: the answer was lost" },
  { fate: "not-attempted", label: "Not attempted" },
];

export function outcomeDialog(app: App, { title, why, outcome, retry }: Extract<Dialog, { kind: "outcome" }>): TemplateResult {
  const again = retryable(outcome);
  const sendAgain = () => {
    app.closeDialog();
    retry(again);
  };
  return modal(app, {
    name: "outcome",
    title,
    onClose: () => app.closeDialog(),
    body: html`<div class="stack">
      ${why ? html`<p>${why}</p>` : nothing}
      <table class="counts">
        <tbody>${fates.filter(({ fate }) => outcome.counts[fate] > 0).map(({ fate, label }) => html`<tr><th scope="row">${label}</th><td>${formatCount(outcome.counts[fate])}</td></tr>`)}</tbody>
        <tfoot><tr><th scope="row">In all</th><td>${formatCount(outcome.items.length)}</td></tr></tfoot>
      </table>
      ${outcome.groups.length ? html`<h3>Reasons</h3><dl class="facts">${outcome.groups.map(({ reason, count }) => html`<dt>${formatCount(count)}</dt><dd>${reason}</dd>`)}</dl>` : nothing}
    </div>`,
    actions: html`<button type="button" @click=${() => download("outcome.csv", "text/csv", outcomeToCsv(outcome))}>Export the outcome</button>
      <button type="button" @click=${() => app.closeDialog()}>Close</button>
      ${again.length ? html`<button type="button" class="primary" @click=${sendAgain}>Retry ${countRuns(again.length)}</button>` : nothing}`,
  });
}
