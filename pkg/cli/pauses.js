import { ScheduledClient } from "hatchet-scheduled";
import { inert, line, tellRuns } from "./output.js";
import { ZONE, zoneOf } from "./times.js";

const JSON_OPTION = { json: { type: "boolean" } };

export const pause = {
  about: "hold back the runs of a workflow",
  positionals: ["WORKFLOW"],
  options: { "scheduled-runs": { type: "string", default: "fire-late" }, "cron-runs": { type: "string" }, ttl: { type: "string" }, ...JSON_OPTION },
  help: `npx hatchet-scheduled pause WORKFLOW [--scheduled-runs fire-late|queue] [--cron-runs drop|queue] [--ttl SPAN] [--json]

Holds back every run of WORKFLOW. Scheduled runs that come due meanwhile all fire when the pause ends (fire-late, the default), or
stand queued, and are cancelled when they have stood longer than SPAN (queue, which needs --ttl).

  npx hatchet-scheduled pause send-reminder --scheduled-runs queue --ttl 12h
`,
  async run({ texts: [workflow], json, ttl, ...options }) {
    const how = { scheduledRuns: options["scheduled-runs"], ...(options["cron-runs"] && { cronRuns: options["cron-runs"] }), ...(ttl && { ttl }) };
    const paused = await new ScheduledClient().pause(workflow, how);
    line(json ? JSON.stringify(paused) : `Paused ${inert(paused.name)}.`);
  },
};

export const unpause = {
  about: "let a workflow go on, and tell what fires",
  positionals: ["WORKFLOW"],
  options: { "dry-run": { type: "boolean" }, ...ZONE, ...JSON_OPTION },
  help: `npx hatchet-scheduled unpause WORKFLOW [--dry-run] [--zone ZONE] [--json]

Ends the pause of WORKFLOW: every scheduled run that is overdue fires at once, and what stands queued goes on. --dry-run shows them
and ends nothing.

  npx hatchet-scheduled unpause send-reminder --dry-run
`,
  async run({ texts: [workflow], ...options }) {
    const zone = await zoneOf(options);
    const dryRun = options["dry-run"] ?? false;
    const unpaused = await new ScheduledClient().unpause(workflow, { dryRun });
    if (options.json) return line(JSON.stringify(unpaused));
    const { overdue, queued } = unpaused;
    const name = inert(unpaused.workflow.name);
    line(`${dryRun ? `Would unpause ${name}: ` : `Unpaused ${name}: `}${overdue.length} overdue ${overdue.length === 1 ? "run fires" : "runs fire"} at once, and ${queued.length} queued ${queued.length === 1 ? "goes" : "go"} on.${dryRun ? " Nothing was changed." : ""}`);
    if (dryRun && overdue.length > 0) tellRuns(overdue, options, zone);
  },
};
