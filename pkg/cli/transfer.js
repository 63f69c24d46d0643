import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { ScheduledClient } from "hatchet-scheduled";
import Papa from "papaparse";
import { line, progressBar, tellBulk } from "./output.js";
import { FILTER, filterOf, UsageError } from "./usage.js";

const COLUMNS = ["workflowName", "triggerAt", "priority", "additionalMetadata", "input", "idempotencyKey"];
/** Where the client keeps a key. */
const KEY = "idempotencyKey";

export const exportRuns = {
  about: "runs as JSON lines or CSV, for import",
  options: { ...FILTER, csv: { type: "boolean" } },
  help: `npx hatchet-scheduled export [--workflow NAME] [--metadata KEY=VALUE]… [--csv]

Writes every run that fits to standard output, with what import needs to schedule it again: a line of JSON each, or CSV. In CSV a
text that a spreadsheet would take for a formula has an apostrophe before it.

  npx hatchet-scheduled export --workflow send-reminder > reminders.jsonl
`,
  async run(options) {
    const rows = [];
    for await (const run of new ScheduledClient().iterate(filterOf(options))) {
      const { workflowName, triggerAt, priority, input } = run;
      const { [KEY]: idempotencyKey, ...additionalMetadata } = run.additionalMetadata ?? {};
      const told = { workflowName, triggerAt, priority, additionalMetadata, input: input ?? {}, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
      if (options.csv) rows.push({ ...told, additionalMetadata: JSON.stringify(additionalMetadata), input: JSON.stringify(told.input) });
      else line(JSON.stringify(told));
    }
    if (options.csv) process.stdout.write(`${Papa.unparse(rows, { columns: COLUMNS, escapeFormulae: true })}\r\n`);
  },
};

export const importRuns = {
  about: "schedule the runs of a file, each once",
  positionals: ["FILE"],
  options: { "dry-run": { type: "boolean" }, json: { type: "boolean" } },
  help: `npx hatchet-scheduled import FILE [--dry-run] [--json]

Schedules the runs of FILE ("-" for standard input): JSON lines, or CSV with a head, with workflowName, triggerAt and, as far as they
are given, input, additionalMetadata, priority and idempotencyKey. Each is scheduled once by its key; what has none gets one from
what it says, so the same file can be imported again, and what is scheduled already is left as it is. --dry-run checks the file alone.

  npx hatchet-scheduled import reminders.jsonl
`,
  async run({ texts: [file], ...options }) {
    const runs = withKeys(readRuns(readText(file)));
    if (options["dry-run"]) {
      return line(options.json ? JSON.stringify({ runs: runs.length }) : `Would schedule ${runs.length} runs. Nothing was scheduled.`);
    }
    if (runs.length === 0) return tellBulk([], [], options, "Scheduled");
    const bar = progressBar("Scheduling");
    const { created, errors } = await new ScheduledClient().bulkCreate(runs, { onProgress: bar.onProgress }).finally(bar.end);
    return tellBulk(created, errors, options, "Scheduled");
  },
};

function readText(file) {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error.message}`);
  }
}

/** JSON lines where the first line is an object, else CSV. */
function readRuns(text) {
  return text.trimStart().startsWith("{") ? readLines(text) : readCsv(text);
}

function readLines(text) {
  return text.split("\n").flatMap((content, place) => (content.trim() === "" ? [] : [checked(parsed(content, `line ${place + 1}`), `line ${place + 1}`)]));
}

function readCsv(text) {
  const { data, errors } = Papa.parse(text, { header: true, skipEmptyLines: "greedy" });
  if (errors.length > 0) throw new UsageError(`row ${(errors[0].row ?? 0) + 2}: ${errors[0].message}`);
  return data.map((row, place) => {
    const where = `row ${place + 2}`;
    const run = {};
    for (const [name, cell] of Object.entries(row)) {
      if (cell === "") continue;
      const value = cell.replace(/^'(?=[=+\-@\t\r])/, "");
      run[name] = name === "input" || name === "additionalMetadata" ? parsed(value, `${where}: ${name}`) : name === "priority" ? Number(value) : value;
    }
    return checked(run, where);
  });
}

function parsed(text, where) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${where}: ${error.message}`);
  }
}

function checked(run, where) {
  if (typeof run !== "object" || run === null || Array.isArray(run)) throw new UsageError(`${where}: expected an object`);
  const unknown = Object.keys(run).find((name) => !COLUMNS.includes(name));
  if (unknown !== undefined) throw new UsageError(`${where}: unknown member ${JSON.stringify(unknown)}: known ones are ${COLUMNS.join(", ")}`);
  for (const name of ["workflowName", "triggerAt"]) if (typeof run[name] !== "string" || run[name] === "") throw new UsageError(`${where}: ${name} is missing`);
  return run;
}

/** Lines that say the same are as many runs: each has its own number in the key. */
function withKeys(runs) {
  const seen = new Map();
  return runs.map((run) => {
    if (run[KEY] !== undefined) return run;
    const said = createHash("sha256").update(JSON.stringify(COLUMNS.map((name) => run[name] ?? null))).digest("hex").slice(0, 32);
    const count = (seen.get(said) ?? 0) + 1;
    seen.set(said, count);
    return { ...run, [KEY]: `import-${said}-${count}` };
  });
}
