import { ScheduledClient } from "hatchet-scheduled";
import { follow as followRun } from "hatchet-scheduled/follow";
import { inert, line, table } from "./output.js";
import { shownTime, spanOf, ZONE, zoneOf } from "./times.js";
import { countOf, FILTER, filterOf, UsageError } from "./usage.js";

export const follow = {
  about: "what becomes of a run, until its end",
  positionals: ["ID…"],
  options: { run: { type: "string" }, ...ZONE, json: { type: "boolean" } },
  help: `npx hatchet-scheduled follow (ID | --run RUNID) [--zone ZONE] [--json]

Tells each state of a scheduled run: waiting for its time, for a worker or the end of a pause, at work, and how it ended. It has to
have been scheduled with a key or as traceable, and to wait still; what has started is followed by RUNID, which trigger tells. Exit
code 0 where it succeeded, 1 where it failed, was cancelled, or is gone, 3 where there is none.

  npx hatchet-scheduled follow 7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f
`,
  async run({ texts: [id, ...others], run, ...options }) {
    if ((id === undefined) === (run === undefined) || others.length > 0) throw new UsageError("which run? Give one ID, or --run RUNID");
    const zone = await zoneOf(options);
    let last;
    for await (const state of followRun(new ScheduledClient(), run === undefined ? id : { externalId: run })) {
      last = state;
      line(options.json ? JSON.stringify(state) : told(state, zone));
    }
    return last?.status === "succeeded";
  },
};

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
