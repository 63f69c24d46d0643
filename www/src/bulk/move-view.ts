/** The reschedule dialog: how to move, and what that comes to, before anything is sent. */

import { live } from "lit-html/directives/live.js";
import type { Run } from "../list/run.ts";
import type { App } from "../state/app.ts";
import { memo } from "../state/memo.ts";
import { formatShift } from "../time/relative.ts";
import { whenField } from "../time/when-field.ts";
import { formatTime, formatTimeWithZone, type Zone } from "../time/zone.ts";
import { modal } from "../ui/dialog.ts";
import { countRuns, formatCount } from "../ui/format.ts";
import { html, nothing, type TemplateResult, verbatim } from "../ui/html.ts";
import { comparison } from "./comparison.ts";
import { type BulkDraft, TYPE_COUNT_FROM } from "./draft.ts";
import { carryOut } from "./move.ts";
import { describeMove, type Move, type MovePlan } from "./plan.ts";
import { type DraftReading, readBulkDraft } from "./read.ts";

const kinds: readonly { kind: Move["kind"]; label: string }[] = [
  { kind: "shift", label: "Shift" },
  { kind: "set", label: "Set one time" },
  { kind: "spread", label: "Spread" },
  { kind: "date", label: "Change date" },
];
const quickShifts = ["+15m", "+1h", "+2h", "+1d", "+1w", "−1h"];
const SAMPLES = 5;

/** From so many runs on, a plan with a time such as "in 2 h" is remade once a minute, not every second. */
const LARGE = 2_000;

const readAt = memo((draft: BulkDraft, zone: Zone, clock: number) => readBulkDraft(draft, zone, clock));

function readPlan(draft: BulkDraft, zone: Zone, now: number): DraftReading {
  const grain = draft.runs.length < LARGE ? 1_000 : 60_000;
  return readAt(draft, zone, Math.floor(now / grain) * grain);
}

export function moveDialog(app: App, draft: BulkDraft): TemplateResult {
  const { now } = app.state;
  const zone = app.derived.zone;
  const one = draft.runs.length === 1 ? draft.runs[0] : undefined;
  const { move, plan, problem } = readPlan(draft, zone, now);
  const set = (change: Partial<BulkDraft>) => app.set({ dialog: { kind: "move", draft: { ...draft, ...change } } });
  const mustType = plan !== undefined && plan.moves.length >= TYPE_COUNT_FROM;
  const confirmed = !mustType || draft.typed.replace(/\D/g, "") === String(plan?.moves.length);
  const description = move ? describeMove(move, zone, now) : "";
  const ready = plan !== undefined && plan.moves.length > 0 && confirmed;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!ready) return;
    const fresh = readBulkDraft(draft, zone, app.now()).plan ?? plan;
    app.closeDialog();
    void carryOut(app, fresh.moves, description);
  };
  return modal(app, {
    name: "move",
    title: one ? html`Reschedule ${verbatim(one.workflow)}` : `Move ${countRuns(draft.runs.length)}`,
    onClose: () => app.closeDialog(),
    body: html`<form id="move-form" class="stack" novalidate @submit=${submit}>
      <div class="segments" role="group" aria-label="How to move">${kinds
        .filter(({ kind }) => !one || kind !== "spread")
        .map(({ kind, label }) => html`<button type="button" aria-pressed=${draft.kind === kind} @click=${() => set({ kind })}>${label}</button>`)}</div>
      ${fields(draft, zone, now, set)}
      ${problem ? html`<p class="problem">${problem}</p>` : nothing}
      ${plan ? preview(plan, draft.runs, zone, now) : nothing}
      ${plan?.overChange ? overChange(plan.overChange, draft, zone, set) : nothing}
      ${mustType ? html`<label class="field">
        <span>Type ${formatCount(plan.moves.length)} to confirm</span>
        <input name="typed" type="text" inputmode="numeric" autocomplete="off" .value=${live(draft.typed)} @input=${(event: Event) => set({ typed: (event.target as HTMLInputElement).value })} />
      </label>` : nothing}
    </form>`,
    actions: html`<button type="button" @click=${() => app.closeDialog()}>Cancel</button>
      <button type="submit" form="move-form" class="primary" ?disabled=${!ready}><span>Move ${countRuns(plan?.moves.length ?? draft.runs.length)} ${verbatim(description)}</span></button>`,
  });
}

function fields(draft: BulkDraft, zone: Zone, now: number, set: (change: Partial<BulkDraft>) => void): TemplateResult {
  const text = (event: Event) => (event.target as HTMLInputElement).value;
  switch (draft.kind) {
    case "set":
      return whenField({
        name: "move-when", label: "New time", draft: draft.when, zone, now,
        quick: ["in 10m", "in 1h", "tomorrow 09:00", "mon 09:00"], set: (when) => set({ when }),
      });
    case "shift":
      return html`<div class="when-field">
        <label class="label" for="move-shift">By how much</label>
        <input id="move-shift" type="text" autocomplete="off" spellcheck="false" placeholder="+2h" .value=${live(draft.shift)} @input=${(event: Event) => set({ shift: text(event) })} />
        <div class="quick">${quickShifts.map((shift) => html`<button type="button" class="small" @click=${() => set({ shift })}>${shift}</button>`)}</div>
      </div>`;
    case "spread":
      return html`<div class="stack">
        ${whenField({ name: "move-from", label: "From", draft: draft.from, zone, now, set: (from) => set({ from }) })}
        ${whenField({ name: "move-to", label: "Until", draft: draft.to, zone, now, set: (to) => set({ to }) })}
        <p class="note">Evenly over the window, in the order in which they fire now.</p>
      </div>`;
    case "date":
      return html`<label class="field"><span>New date, at the same clock time</span>
        <input type="date" .value=${live(draft.date)} @change=${(event: Event) => set({ date: text(event) })} /></label>`;
  }
}

/** Which of the two a day means where the clocks change in between. */
function overChange(count: number, draft: BulkDraft, zone: Zone, set: (change: Partial<BulkDraft>) => void): TemplateResult {
  const choice = (exact: boolean, label: string) => html`<label class="choice">
    <input type="radio" name="move-days" .checked=${live(draft.exact === exact)} @change=${() => set({ exact })} /><span>${label}</span>
  </label>`;
  return html`<fieldset class="choices">
    <legend>The clocks of ${verbatim(zone.id)} change in between for ${countRuns(count)}</legend>
    ${choice(false, "Keep the clock time: 09:00 stays 09:00")}
    ${choice(true, "Move by exactly 24 h a day: the clock time changes")}
  </fieldset>`;
}

function preview(plan: MovePlan, runs: readonly Run[], zone: Zone, now: number): TemplateResult {
  const sample = plan.moves.slice(0, SAMPLES);
  const more = plan.moves.length - sample.length;
  return html`<section class="preview" aria-label="Preview">
    ${runs.length > 1 ? comparison(plan, runs, zone) : nothing}
    ${sample.length ? html`<div class="table-scroll" tabindex="0" role="region" aria-label="Before and after"><table>
      <thead><tr><th scope="col">${runs.length > 1 ? "Workflow" : "Run"}</th><th scope="col">Now</th><th scope="col">Then</th><th scope="col">By</th></tr></thead>
      <tbody translate="no">${sample.map(({ run, before, after }) => html`<tr>
        <th scope="row">${run.workflow}</th><td>${formatTime(before, zone, now)}</td><td><strong>${formatTimeWithZone(after, zone, now)}</strong></td><td>${formatShift(after - before)}</td>
      </tr>`)}</tbody>
    </table></div>` : nothing}
    <ul class="notes">
      ${more > 0 ? html`<li class="note">and ${countRuns(more)} more</li>` : nothing}
      ${plan.unchanged ? html`<li class="note">${countRuns(plan.unchanged)} already there, left alone</li>` : nothing}
      ${plan.past ? html`<li class="caution">${countRuns(plan.past)} would fire at once: the new time has passed</li>` : nothing}
      ${plan.adjusted ? html`<li class="caution">${countRuns(plan.adjusted)} at a time which that day skips, moved past the change of the clocks</li>` : nothing}
      ${plan.late ? html`<li class="caution">${countRuns(plan.late)} due within 10 s or overdue: the engine may fire ${plan.late === 1 ? "it" : "them"} at the old time all the same</li>` : nothing}
    </ul>
  </section>`;
}
