/** The input of a run: as fields where its workflow says what it looks like, as JSON always. Both are one text. */

import type { App } from "../state/app.ts";
import { html, nothing, type TemplateResult, verbatim } from "../ui/html.ts";
import { type JsonReading, readJsonObject } from "./json.ts";
import { jsonField } from "./json-field.ts";
import { type Field, missing, shownOf, withMember } from "./schema.ts";
import { formOf } from "./workflows.ts";

export interface InputPart {
  /** Of the text's field. */
  name: string;
  /** What is asked of the server is asked once for a dialog. */
  dialog: string;
  workflow: string;
  text: string;
  rows: number;
  set: (text: string) => void;
}

export function inputFields(app: App, part: InputPart): TemplateResult {
  const { name, dialog, workflow, text, rows, set } = part;
  const reading = readJsonObject(text);
  const found = formOf(app, dialog, workflow);
  return html`${found
      ? html`<fieldset class="stack input-fields" ?disabled=${!reading.ok}>
          <legend>Input of ${verbatim(workflow)}</legend>
          ${found.fields.map((field) => oneField(field, reading, set))}
          ${found.others.length > 0 ? html`<p class="note">In the JSON alone: ${verbatim(found.others.join(", "))}.</p>` : nothing}
          ${reading.ok && missing(reading.value, found).length > 0
            ? html`<p class="caution">The workflow asks for ${verbatim(missing(reading.value, found).map(({ label }) => label).join(", "))}.</p>`
            : nothing}
        </fieldset>`
      : nothing}
    ${jsonField(name, "Input", text, reading, set, rows)}`;
}

function oneField(field: Field, reading: JsonReading, set: (text: string) => void): TemplateResult {
  const input = reading.ok ? reading.value : {};
  const shown = shownOf(input, field);
  const take = (event: Event) => {
    const element = event.target as HTMLInputElement | HTMLSelectElement;
    // Half a number, such as "-", is no text yet, and none is to be taken away by it.
    if (element.validity.badInput) return;
    const changed = withMember(input, field, element.value);
    element.setAttribute("aria-invalid", String(changed === undefined));
    if (changed) set(JSON.stringify(changed, undefined, 2));
  };
  return html`<label class="field">
      <span translate="no">${field.label}${field.required ? nothing : html` <span class="note">optional</span>`}</span>
      ${field.kind === "choice"
        ? html`<select name="input.${field.name}" @change=${take}>
            <option value="" ?selected=${shown === ""}>–</option>
            ${field.values.map((value, place) => html`<option value=${place} ?selected=${shown === String(place)}>${String(value)}</option>`)}
          </select>`
        : html`<input name="input.${field.name}" type=${field.kind === "text" ? "text" : "number"} step="any" autocomplete="off"
            .value=${shown} @input=${take} />`}
      ${field.note ? html`<span class="note" translate="no">${field.note}</span>` : nothing}
    </label>`;
}
