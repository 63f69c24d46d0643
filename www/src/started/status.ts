/** How far a run is, as a dot and a word. */

import { html, type TemplateResult } from "../ui/html.ts";

const KNOWN: Record<string, { name: string; tone: string }> = {
  QUEUED: { name: "Queued", tone: "soon" },
  RUNNING: { name: "Running", tone: "soon" },
  COMPLETED: { name: "Succeeded", tone: "good" },
  CANCELLED: { name: "Cancelled", tone: "scheduled" },
  FAILED: { name: "Failed", tone: "overdue" },
};

/** The name of a status; a newer Hatchet's words are shown as they are. */
export function statusName(status: string): string {
  return KNOWN[status]?.name ?? status;
}

export function statusChip(status: string): TemplateResult {
  return html`<span class="chip ${KNOWN[status]?.tone ?? "scheduled"}"><span class="dot"></span>${statusName(status)}</span>`;
}
