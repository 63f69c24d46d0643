/** The dialogs of a pause and its end, and of what is paused. */

import { live } from "lit-html/directives/live.js";
import { TYPE_COUNT_FROM } from "../bulk/draft.ts";
import type { App } from "../state/app.ts";
import { formatTime } from "../time/zone.ts";
import { modal } from "../ui/dialog.ts";
import { countRuns, formatCount } from "../ui/format.ts";
import { html, nothing, type TemplateResult, verbatim } from "../ui/html.ts";
import { pause, unpause } from "./change.ts";
import type { PauseDraft, UnpauseDraft } from "./draft.ts";
import { mayUnpause, requestUnpause } from "./pauses.ts";

const MAX_ROWS = 50;

export function pauseDialog(app: App, draft: PauseDraft): TemplateResult {
  const set = (change: Partial<PauseDraft>) => app.set({ dialog: { kind: "pause", draft: { ...draft, ...change } } });
  const way = (scheduledRuns: PauseDraft["scheduledRuns"], title: string, text: string) => html`<label class="choice">
    <input type="radio" name="scheduled-runs" .checked=${live(draft.scheduledRuns === scheduledRuns)} @change=${() => set({ scheduledRuns })} />
    <span><strong>${title}</strong><span class="note">${text}</span></span>
  </label>`;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void pause(app, draft);
  };
  return modal(app, {
    name: "pause",
    title: html`Pause ${verbatim(draft.workflow)}`,
    onClose: () => app.closeDialog(),
    body: html`<form class="stack" id="pause-form" @submit=${submit}>
      <p>Every run of it is held back, whoever scheduled or started it. Runs of its crons are left out meanwhile.</p>
      <fieldset class="choices"><legend>Scheduled runs that come due meanwhile</legend>
        ${way("fire-late", "Fire late", "They stay in the list, overdue, and all of them fire when the pause ends.")}
        ${way("queue", "Queue", "They fire, and wait in line until the pause ends, or are cancelled when that takes too long.")}
      </fieldset>
      ${draft.scheduledRuns === "queue" ? html`<label class="field"><span>Cancelled after</span>
        <input type="text" autocomplete="off" spellcheck="false" placeholder="12h" .value=${live(draft.ttl)} @input=${(event: Event) => set({ ttl: (event.target as HTMLInputElement).value })} /></label>` : nothing}
      ${draft.problem ? html`<p class="problem" role="alert">${draft.problem}</p>` : nothing}
    </form>`,
    actions: html`<button type="button" @click=${() => app.closeDialog()}>Cancel</button>
      <button type="submit" form="pause-form" class="primary" ?disabled=${draft.isSent}>Pause ${verbatim(draft.workflow)}</button>`,
  });
}

export function unpauseDialog(app: App, draft: UnpauseDraft): TemplateResult {
  const { preview, workflow, typed } = draft;
  const fires = preview?.overdue.length ?? 0;
  const queued = preview?.queued.length ?? 0;
  const isTyped = fires < TYPE_COUNT_FROM || typed.replace(/\D/g, "") === String(fires);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (preview && isTyped) void unpause(app, draft);
  };
  return modal(app, {
    name: "unpause",
    title: html`Unpause ${verbatim(workflow)}`,
    onClose: () => app.closeDialog(),
    body: html`<form class="stack" id="unpause-form" @submit=${submit}>
      ${preview ? html`<p role="status">${fires ? `${countRuns(fires)} ${fires === 1 ? "is overdue and fires" : "are overdue and fire"} at once` : "No run is overdue"}${queued ? `; ${countRuns(queued)} in line ${queued === 1 ? "goes" : "go"} on` : ""}.</p>` : draft.problem ? nothing : html`<p class="note" role="status">Looking what would fire…</p>`}
      ${fires ? html`<div class="table-scroll" tabindex="0" role="region" aria-label="Runs that fire at once"><table>
        <thead><tr><th scope="col">Was due</th><th scope="col">Run</th></tr></thead>
        <tbody>${preview?.overdue.slice(0, MAX_ROWS).map(({ metadata, triggerAt }) => html`<tr><th scope="row" translate="no">${formatTime(Date.parse(triggerAt), app.derived.zone, app.state.now)}</th><td translate="no"><code>${metadata.id.slice(0, 8)}</code></td></tr>`)}</tbody>
      </table></div>${fires > MAX_ROWS ? html`<p class="note">And ${formatCount(fires - MAX_ROWS)} more.</p>` : nothing}` : nothing}
      ${fires >= TYPE_COUNT_FROM ? html`<label class="field"><span>Type ${formatCount(fires)} to confirm</span>
        <input type="text" inputmode="numeric" autocomplete="off" .value=${live(typed)} @input=${(event: Event) => app.set({ dialog: { kind: "unpause", draft: { ...draft, typed: (event.target as HTMLInputElement).value } } })} /></label>` : nothing}
      ${draft.problem ? html`<p class="problem" role="alert">${draft.problem}</p>` : nothing}
    </form>`,
    actions: html`<button type="button" @click=${() => app.closeDialog()}>Cancel</button>
      <button type="submit" form="unpause-form" class="primary" ?disabled=${!preview || !isTyped || draft.isSent}>${fires ? html`Unpause ${verbatim(workflow)} and fire ${countRuns(fires)}` : html`Unpause ${verbatim(workflow)}`}</button>`,
  });
}

export function pausedDialog(app: App): TemplateResult {
  const pauses = [...(app.state.pauses ?? [])];
  return modal(app, {
    name: "paused",
    title: `${pauses.length} ${pauses.length === 1 ? "workflow is" : "workflows are"} paused`,
    onClose: () => app.closeDialog(),
    body: html`<ul class="options">${pauses.map(([name, how]) => html`<li class="row-between">
      <span><strong translate="no">${name}</strong><span class="note">${how === "late" ? "Its scheduled runs stay, and fire when the pause ends." : "Its scheduled runs fire, and wait in line."}</span></span>
      ${mayUnpause(app, how) ? html`<button type="button" class="small" @click=${() => void requestUnpause(app, name)}>Unpause<span class="hidden-text"> ${name}</span>…</button>` : nothing}
    </li>`)}</ul>`,
  });
}
