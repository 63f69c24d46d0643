/** A run's state as a dot and a word. */

import { type RunState, stateNames } from "../list/run.ts";
import { html, type TemplateResult } from "./html.ts";

export function stateChip(state: RunState): TemplateResult {
  return html`<span class="chip ${state}"><span class="dot"></span>${stateNames[state]}</span>`;
}
