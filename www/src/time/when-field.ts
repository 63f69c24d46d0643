/** The field for a time: free text, the native picker beside it, and what the page understood. */

import { live } from "lit-html/directives/live.js";
import { html, nothing, type TemplateResult, verbatim } from "../ui/html.ts";
import { EXAMPLES, readWhen } from "./entry.ts";
import { formatRelative } from "./relative.ts";
import type { WhenDraft } from "./when.ts";
import { formatTimeWithZone, toInputValue, type Zone } from "./zone.ts";

export interface WhenFieldParts {
  name: string;
  label: string;
  draft: WhenDraft;
  zone: Zone;
  now: number;
  quick?: readonly string[];
  /** Points out that it is missing. */
  required?: boolean;
  set: (draft: WhenDraft) => void;
}

export function whenField({ name, label, draft, zone, now, quick = [], required = false, set }: WhenFieldParts): TemplateResult {
  const { entry, at } = readWhen(draft, zone, now);
  const text = (value: string) => set({ text: value, choice: undefined });
  const invalid = entry.kind === "unreadable" || entry.kind === "skipped" || (required && at === undefined);
  const picked = at === undefined || /^(in |\+|now)/.test(draft.text.trim()) ? "" : toInputValue(at, zone);
  return html`<div class="when-field">
    <label class="label" for=${name}>${label}</label>
    <div class="pair-of-inputs">
      <input id=${name} type="text" autocomplete="off" spellcheck="false" placeholder="tomorrow 09:00"
        aria-describedby="${name}-echo" aria-invalid=${invalid}
        .value=${live(draft.text)} @input=${(event: Event) => text((event.target as HTMLInputElement).value)} />
      <input type="datetime-local" step="1" aria-label="${label}, picked from a calendar" .value=${live(picked)}
        @change=${(event: Event) => text((event.target as HTMLInputElement).value.replace("T", " "))} />
    </div>
    ${quick.length ? html`<div class="quick">${quick.map((value) => html`<button type="button" class="small" translate="no" @click=${() => text(value)}>${value}</button>`)}</div>` : nothing}
    <div class="echo" id="${name}-echo">${echo(name, draft, zone, now, required, set)}</div>
  </div>`;
}

function echo(name: string, draft: WhenDraft, zone: Zone, now: number, required: boolean, set: (draft: WhenDraft) => void): TemplateResult {
  const { entry, at } = readWhen(draft, zone, now);
  const say = (instant: number) => verbatim(formatTimeWithZone(instant, zone, now));
  switch (entry.kind) {
    case "empty":
      return html`<span class=${required ? "problem" : "note"}>${required ? "A time is needed. " : ""}${EXAMPLES}</span>`;
    case "unreadable":
      return html`<span class="problem">${entry.message}</span>`;
    case "skipped":
      return html`<span class="problem">${verbatim(zone.id)} skips that time: the clocks are put forward.</span>
        <button type="button" class="small" @click=${() => set({ text: toInputValue(entry.after, zone).replace("T", " "), choice: undefined })}><span>Use ${say(entry.after)}</span></button>`;
    case "twice":
      return html`<fieldset class="twice">
        <legend>${verbatim(zone.id)} has that time twice: the clocks are put back. Which one?</legend>
        ${(["earlier", "later"] as const).map((choice) => html`<label class="choice">
          <input type="radio" name="${name}-choice" value=${choice} .checked=${live(draft.choice === choice)} @change=${() => set({ ...draft, choice })} />
          <span>The ${choice}, ${say(entry[choice])} (${verbatim(`${new Date(entry[choice]).toISOString().slice(11, 16)} UTC`)})</span>
        </label>`)}
      </fieldset>`;
    case "instant":
      return html`<span class="understood">${say(entry.at)}</span> <span class="note" translate="no">${formatRelative(at ?? entry.at, now)}</span>
        ${entry.at < now ? html`<span class="caution">That time has passed: the run fires at once.</span>` : nothing}`;
  }
}
