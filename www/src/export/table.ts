/** CSV and JSON of runs, for spreadsheets and scripts. */

import type { Outcome } from "../bulk/outcome.ts";
import type { Run } from "../list/run.ts";

const COLUMNS = ["id", "triggerAt", "workflowName", "priority", "method", "createdAt", "additionalMetadata", "input"] as const;

export function runsToJson(runs: readonly Run[]): string {
  return JSON.stringify(runs.map((run) => run.row), undefined, 2);
}

export function runsToCsv(runs: readonly Run[]): string {
  return toCsv([
    [...COLUMNS],
    ...runs.map(({ row }) => [
      row.metadata.id, row.triggerAt, row.workflowName, String(row.priority ?? ""), row.method, row.metadata.createdAt,
      JSON.stringify(row.additionalMetadata ?? {}), JSON.stringify(row.input ?? {}),
    ]),
  ]);
}

export function outcomeToCsv(outcome: Outcome): string {
  return toCsv([
    ["id", "workflowName", "outcome", "reason"],
    ...outcome.items.map(({ run, fate, reason }) => [run.id, run.workflow, fate, reason ?? ""]),
  ]);
}

/** Without it Excel takes the file for one in the system's old code page. */
const BYTE_ORDER_MARK = "\uFEFF";

function toCsv(rows: string[][]): string {
  return BYTE_ORDER_MARK + rows.map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

/** RFC 4180. A text that a spreadsheet would run as a formula is kept a text by an apostrophe. */
function cell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
