/**
 * The measures against a Hatchet that is really there: runs of its own, marked, due in 2099, and deleted in the end. Needs a workflow
 * to schedule: HATCHET_TEST_WORKFLOW, by default "simple".
 */
import { randomUUID } from "node:crypto";

import { entryOf } from "./contestants.mjs";
import { inputOfSize, rowOf } from "./rows.mjs";

const MARK = "hatchetScheduledBench";
const TRIGGER_AT = "2099-01-01T09:30:00Z";

/** Makes `count` runs to read. Gives `measures`, and `clear()`, which deletes these and whatever the measures made. */
export async function openLive({ server, tenant, token }, folder, count, signal) {
  const { ScheduledClient } = await import(entryOf(folder));
  const client = new ScheduledClient({ token, serverUrl: server, tenantId: tenant });
  const workflow = process.env.HATCHET_TEST_WORKFLOW || "simple";
  const bench = randomUUID();
  const [read, made] = [{ [MARK]: `${bench}-read` }, { [MARK]: `${bench}-made` }];

  async function clear() {
    for (const mark of [read, made]) {
      const { errors } = await client.bulkDelete({ additionalMetadata: mark });
      const { rows } = await client.list({ additionalMetadata: mark, limit: 1 });
      if (errors.length || rows.length) throw new Error(`runs with the metadata ${JSON.stringify(mark)} were left behind`);
    }
  }

  const seconds = (number) => new Date(Date.parse(TRIGGER_AT) + number * 1000);
  const runs = Array.from({ length: count }, (_, number) => ({
    workflowName: workflow,
    triggerAt: seconds(number),
    input: rowOf(number).input,
    additionalMetadata: { ...read, attempt: number % 10 },
  }));
  try {
    console.error(`making ${count.toLocaleString("en")} runs`);
    const { created, errors } = await client.bulkCreate(runs, { concurrency: 8, signal });
    if (errors.length) throw new Error(`${errors.length} runs could not be created: ${errors[0].error}`);
    return { measures: measuresOf(created.map(({ metadata }) => metadata.id)), clear };
  } catch (error) {
    await clear();
    throw error;
  }

  function measuresOf(ids) {
    const run = (input) => ({ workflow, triggerAt: TRIGGER_AT, input, additionalMetadata: made });
    const page = Math.ceil(count / 5);
    const all = count.toLocaleString("en");
    const measures = [
      ["get", "`get`", "get", { id: ids[0] }],
      ["get-64", "64 × `get` at once", "getMany", { ids: ids.slice(0, 64) }],
      ["create-1kb", "`create` with 1 KB of input", "create", run(inputOfSize(1000))],
      ["create-100kb", "`create` with 100 KB of input", "create", run(inputOfSize(100_000))],
      ["list-50", "`list` of 50", "list", { limit: 50, mark: read }],
      [`list-${count}`, `\`list\` of ${all}`, "list", { limit: count, mark: read }],
      ["iterate", `\`iterate\` over ${all}, ${page.toLocaleString("en")} at a time`, "iterate", { pageSize: page, mark: read }],
      ["iterate-filtered", `\`iterate\` over ${all}, filtered here by metadata`, "iterate", { pageSize: page, mark: read, attempt: 3 }],
      ["bulk-create", "`bulkCreate` of 100, over 4 at a time", "bulkCreate", { runs: Array.from({ length: 100 }, (_, number) => run(rowOf(number).input)) }],
      // The last one, as pages have no order among runs that are due at once.
      [`bulk-update-${count}`, `\`bulkUpdate\` of ${all}, over 500s in turn`, "bulkUpdate", { ids, triggerAt: TRIGGER_AT }, 0.5],
    ];
    const measure = { kind: "call", by: "ratio", unit: "ms" };
    return measures.map(([name, title, call, work, goal]) => ({ ...measure, name, title, call, goal, work: () => work }));
  }
}
