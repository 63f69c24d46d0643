import { ScheduledClient } from "hatchet-scheduled";
import { follow as followRun } from "hatchet-scheduled/follow";
import { inert, line, table } from "./output.js";
import { ofCreate, planned } from "./planned.js";
import { shownTime, spanOf, ZONE, zoneOf } from "./times.js";
import { countOf, FILTER, filterOf, UsageError } from "./usage.js";

/** How long back a run that started is looked for by its key, in milliseconds. */
const KEY_SINCE = 30 * 86_400_000;

export const follow = {
  about: "what becomes of a run, until its end",
  positionals: ["ID…"],
  options: { run: { type: "string" }, key: { type: "string" }, workflow: FILTER.workflow, ...ZONE, json: { type: "boolean" } },
  help: `npx hatchet-scheduled follow (ID | --key KEY [--workflow NAME] | --run RUNID) [--zone ZONE] [--json]

Tells each state of a scheduled run: waiting for its time, for a worker or the end of a pause, at work, and how it ended. ID has to
have been scheduled with a key or as traceable, and to wait still. By KEY it is the run that waits with it, else the newest of the last
30 days that started with it. RUNID is that of a run that started, which trigger tells. Exit code 0 where it succeeded, 1 where it
failed, was cancelled, or is gone, 3 where there is none.

  npx hatchet-scheduled follow --key "digest ada" --workflow send-reminder
`,
  async run({ texts: [id, ...others], run, key, workflow, ...options }) {
    if ([id, run, key].filter((said) => said !== undefined).length !== 1 || others.length > 0) throw new UsageError("which run? Give one ID, --key KEY or --run RUNID");
    if (workflow !== undefined && key === undefined) throw new UsageError("--workflow: it says of which workflow the run with --key is");
    const zone = await zoneOf(options);
    const client = new ScheduledClient();
    let last;
    for await (const state of followRun(client, key === undefined ? (id ?? { externalId: run }) : await withKey(client, key, workflow))) {
      last = state;
      line(options.json ? JSON.stringify(state) : told(state, zone));
    }
    return last?.status === "succeeded";
  },
};

/** What is followed by its key, as `follow` takes it. */
async function withKey(client, key, workflowName) {
  // As the metadata holds it.
  const [{ additionalMetadata }] = await planned(client, [{ workflowName: workflowName ?? "any", triggerAt: new Date(), idempotencyKey: key }], ofCreate);
  const filter = { additionalMetadata, ...(workflowName !== undefined && { workflowName }) };
  const waiting = [];
  for await (const run of client.iterate({ ...filter, orderByField: "createdAt", orderByDirection: "ASC" })) waiting.push(run);
  if (waiting.length > 0) {
    demandOne(waiting);
    // One that another replaces is about to go.
    const replaced = waiting.map((run) => run.additionalMetadata.replacesScheduledRun);
    return waiting.find((run) => !replaced.includes(run.metadata.id)) ?? waiting[0];
  }
  const started = await client.runs({ ...filter, since: new Date(Date.now() - KEY_SINCE), includePayloads: false });
  if (started.length === 0) throw Object.assign(new Error(`no run with the key ${JSON.stringify(key)} waits, and none started in the last 30 days`), { code: "not-found" });
  demandOne(started);
  return { externalId: started[0].metadata.id };
}

/** A key is one workflow's: those of others with the same one are other runs. */
function demandOne(runs) {
  const names = [...new Map(runs.map((run) => [run.workflowId, run.workflowName ?? run.workflowId])).values()];
  if (names.length > 1) throw new UsageError(`--key: ${names.map(inert).join(" and ")} have a run with it: say which by --workflow`);
}

function told({ status, triggerAt, runId, paused, output, error }, zone) {
  const more = [
    triggerAt && `for ${shownTime(triggerAt, zone)}`,
    runId && `run ${runId}`,
    paused && "its workflow is paused",
    output !== undefined && inert(JSON.stringify(output)),
    error && inert(error),
  ];
  return `${status.padEnd(9)}  ${more.filter(Boolean).join(", ")}`.trimEnd();
}

export const runs = {
  about: "what started, the newest first",
  options: { ...FILTER, status: { type: "string", multiple: true }, since: { type: "string", default: "1d" }, limit: { type: "string", default: "50" }, ...ZONE, json: { type: "boolean" } },
  help: `npx hatchet-scheduled runs [--since SPAN] [--workflow NAME] [--metadata KEY=VALUE]… [--status STATUS]… [--limit N]
                               [--zone ZONE] [--json]

Shows up to N runs (50) that started within SPAN (1d), the newest first, also those that nobody scheduled. STATUS is QUEUED, RUNNING,
COMPLETED, CANCELLED or FAILED. With --json a line of JSON each, with input and output.

  npx hatchet-scheduled runs --since 1h --workflow send-reminder --status FAILED
`,
  async run(options) {
    const limit = countOf(options, "limit");
    const since = new Date(Date.now() - spanOf(options, "since"));
    const zone = await zoneOf(options);
    const query = { ...filterOf(options), since, limit, includePayloads: options.json ?? false, ...(options.status && { statuses: options.status }) };
    const found = await new ScheduledClient().runs(query);
    if (options.json) return found.forEach((run) => line(JSON.stringify(run)));
    table(["RUN", "STARTED", "WORKFLOW", "STATUS", "ERROR"], found.map((run) => [
      run.metadata.id, shownTime(run.createdAt, zone), run.workflowName ?? run.displayName ?? "", run.status, run.errorMessage?.split("\n")[0] ?? "",
    ]));
  },
};
