/** A field for JSON, with where it stops being JSON. */

import { live } from "lit-html/directives/live.js";
import { html, nothing, type TemplateResult } from "../ui/html.ts";
import type { JsonReading } from "./json.ts";

export function jsonField(name: string, label: string, text: string, reading: JsonReading, set: (text: string) => void, rows: number): TemplateResult {
  return html`<label class="field">
      <span>${label} <span class="note">JSON</span></span>
      <textarea name=${name} rows=${rows} spellcheck="false" autocomplete="off" aria-invalid=${!reading.ok} aria-describedby="${name}-problem"
        .value=${live(text)} @input=${(event: Event) => set((event.target as HTMLTextAreaElement).value)}></textarea>
    </label>
    <p id="${name}-problem" class="problem" ?hidden=${reading.ok}>${reading.ok ? nothing : `Line ${reading.line}, column ${reading.column}: ${reading.message}`}</p>`;
}
