/** The plan of a set of runs, and its confirmation. */

import { live } from "lit-html/directives/live.js";
import { TYPE_COUNT_FROM } from "../bulk/draft.ts";
import type { App } from "../state/app.ts";
import { formatTime } from "../time/zone.ts";
import { modal } from "../ui/dialog.ts";
import { countRuns, formatCount } from "../ui/format.ts";
import { html, nothing, type TemplateResult, verbatim } from "../ui/html.ts";
import type { ReconcileDraft } from "./draft.ts";
import { carryOut, countActions } from "./reconcile.ts";

const MAX_ROWS = 100;
const NAMES = { create: "Create", move: "Move", replace: "Replace", delete: "Delete" } as const;

export function reconcileDialog(app: App, draft: ReconcileDraft): TemplateResult {
  const { plan, workflow, typed, progress } = draft;
  const zone = app.derived.zone;
  const { now } = app.state;
  const actions = plan?.actions ?? [];
  const counts = countActions(actions);
  const isTyped = counts.delete < TYPE_COUNT_FROM || typed.replace(/\D/g, "") === String(counts.delete);
  const isReady = actions.length > 0 && isTyped && !progress;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isReady) void carryOut(app, draft);
  };
  const summary = (Object.keys(NAMES) as (keyof typeof NAMES)[]).filter((kind) => counts[kind] > 0).map((kind) => `${NAMES[kind].toLowerCase()} ${formatCount(counts[kind])}`).join(", ");
  return modal(app, {
    name: "reconcile",
    title: html`The keyed runs of ${verbatim(workflow)}`,
    onClose: () => app.closeDialog(),
    body: html`<form id="reconcile-form" class="stack" @submit=${submit}>
      ${plan ? html`<p role="status">${actions.length ? `${countRuns(actions.length)} to change: ${summary}.` : "Nothing is to be done."} ${formatCount(plan.unchanged)} as wanted already.${plan.passed.length ? ` ${countRuns(plan.passed.length)} whose time has passed ${plan.passed.length === 1 ? "is" : "are"} not made again.` : ""}</p>`
        : draft.problem ? nothing : html`<p class="note" role="status">Comparing with what is scheduled…</p>`}
      ${actions.length === 0 ? nothing : html`<div class="table-scroll" tabindex="0" role="region" aria-label="What is to be done"><table>
        <thead><tr><th scope="col">Key</th><th scope="col">What</th><th scope="col">When</th><th scope="col">Before</th></tr></thead>
        <tbody>${actions.slice(0, MAX_ROWS).map(({ action, idempotencyKey, triggerAt, from }) => html`<tr>
          <th scope="row" translate="no">${idempotencyKey}</th><td>${NAMES[action]}</td><td translate="no">${formatTime(Date.parse(triggerAt), zone, now)}</td><td translate="no">${from ? formatTime(Date.parse(from), zone, now) : ""}</td>
        </tr>`)}</tbody>
      </table></div>${actions.length > MAX_ROWS ? html`<p class="note">And ${formatCount(actions.length - MAX_ROWS)} more.</p>` : nothing}`}
      ${counts.delete >= TYPE_COUNT_FROM ? html`<label class="field"><span>Type ${formatCount(counts.delete)}, the number of deletions, to confirm</span>
        <input type="text" inputmode="numeric" autocomplete="off" .value=${live(typed)} @input=${(event: Event) => app.set({ dialog: { kind: "reconcile", draft: { ...draft, typed: (event.target as HTMLInputElement).value } } })} /></label>` : nothing}
      ${progress ? html`<progress max=${progress.total} value=${progress.done} aria-label="Applying"></progress>` : nothing}
      ${draft.problem ? html`<p class="problem" role="alert">${draft.problem}</p>` : nothing}
    </form>`,
    actions: html`<button type="button" @click=${() => app.closeDialog()}>Cancel</button>
      <button type="submit" form="reconcile-form" class=${counts.delete ? "danger" : "primary"} ?disabled=${!isReady}>${actions.length ? `Change ${countRuns(actions.length)}` : "Change"}</button>`,
  });
}
