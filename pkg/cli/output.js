import { shownTime } from "./times.js";

const PRIORITIES = { 1: "low", 2: "medium", 3: "high" };

/** A text without what would move a terminal's cursor or paint it: names and metadata are anybody's. */
export function inert(text) {
  return String(text).replace(/[\p{Cc}\p{Cf}]/gu, (character) => `\\u{${character.codePointAt(0).toString(16)}}`);
}

export function line(text) {
  process.stdout.write(`${text}\n`);
}

/** Runs as a line of JSON each, or as a table. */
export function tellRuns(runs, { json }, zone) {
  if (json) return runs.forEach((run) => line(JSON.stringify(run)));
  table(["ID", "WHEN", "WORKFLOW", "PRIORITY", "METADATA"], runs.map((run) => [
    run.metadata.id, shownTime(run.triggerAt, zone), run.workflowName, PRIORITIES[run.priority] ?? run.priority ?? "",
    Object.entries(run.additionalMetadata ?? {}).map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`).join(" "),
  ]));
}

/** Rows below a head, as wide as they have to be. */
export function table(head, rows) {
  const cells = [head, ...rows.map((row) => row.map(inert))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  for (const row of cells) line(row.map((text, column) => text.padEnd(widths[column])).join("  ").trimEnd());
}

/** A bar on the terminal while bulk work goes on; nothing where nobody looks. */
export function progressBar(what) {
  const { stderr } = process;
  if (!stderr.isTTY) return { onProgress: undefined, end() {} };
  const width = 30;
  return {
    onProgress({ done, failed, total }) {
      const filled = total === 0 ? width : Math.round(((done + failed) / total) * width);
      stderr.write(`\r${what} ${"█".repeat(filled)}${"░".repeat(width - filled)} ${done + failed} of ${total}${failed ? `, ${failed} failed` : ""} `);
    },
    end: () => stderr.write("\r\x1b[K"),
  };
}

/** What a bulk call did, and each item that it could not do, by its place in a file where it has one; whether all was done. */
export function tellBulk(done, errors, { json }, what, places = []) {
  if (json) line(JSON.stringify({ done: done.length, failed: errors.length, errors }));
  else line(`${what} ${done.length} ${done.length === 1 ? "run" : "runs"}${errors.length ? `; ${errors.length} not:` : "."}`);
  if (!json) for (const { id, index, error } of errors) process.stderr.write(`${id ?? places[index]}: ${inert(error)}\n`);
  return errors.length === 0;
}
