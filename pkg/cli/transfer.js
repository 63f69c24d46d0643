import { createHash } from "node:crypto";

import { ScheduledClient } from "hatchet-scheduled";
import Papa from "papaparse";
import { percentDecoded } from "../js/values.js";
import { byPlace, COLUMNS, readRuns } from "./file.js";
import { line, progressBar, tellBulk } from "./output.js";
import { planned, reworded } from "./planned.js";
import { FILTER, filterOf } from "./usage.js";

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
      const { [KEY]: key, ...additionalMetadata } = run.additionalMetadata ?? {};
      const told = { workflowName, triggerAt, priority, additionalMetadata, input: input ?? {}, ...(key === undefined ? {} : { [KEY]: percentDecoded(key) }) };
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
    const { runs: read, places } = readRuns(file);
    const runs = withKeys(read);
    const client = new ScheduledClient();
    if (options["dry-run"]) {
      await planned(client, runs, byPlace(places));
      return line(options.json ? JSON.stringify({ runs: runs.length }) : `Would schedule ${runs.length} runs. Nothing was scheduled.`);
    }
    if (runs.length === 0) return tellBulk([], [], options, "Scheduled");
    const bar = progressBar("Scheduling");
    const { created, errors } = await reworded(client.bulkCreate(runs, { onProgress: bar.onProgress }), byPlace(places)).finally(bar.end);
    return tellBulk(created, errors, options, "Scheduled", places);
  },
};

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
