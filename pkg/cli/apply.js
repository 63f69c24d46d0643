import { ScheduledClient } from "hatchet-scheduled";
import { reconcile } from "hatchet-scheduled/reconcile";
import { byPlace, readRuns } from "./file.js";
import { line, progressBar, table } from "./output.js";
import { reworded } from "./planned.js";
import { shownTime, ZONE, zoneOf } from "./times.js";
import { FILTER, filterOf, UsageError } from "./usage.js";

export const apply = {
  about: "make a set of runs what a file says",
  positionals: ["FILE"],
  options: { ...FILTER, all: { type: "boolean" }, "allow-empty": { type: "boolean" }, "dry-run": { type: "boolean" }, ...ZONE, json: { type: "boolean" } },
  help: `npx hatchet-scheduled apply FILE ([--workflow NAME] [--metadata KEY=VALUE]… | --all) [--allow-empty] [--dry-run]
                                [--zone ZONE] [--json]

Creates, replaces, moves and deletes until the keyed runs in scope are as FILE says (as import reads it, each with an
idempotencyKey; "-" for standard input). Runs out of scope, and those without a key, are not touched; runs in scope that FILE does not
name are deleted. A run whose time has passed and that is not there has fired: it is not made again. --dry-run shows the plan and
changes nothing. What was cut short is finished by the same command.

  npx hatchet-scheduled apply reminders.jsonl --workflow send-reminder --dry-run
`,
  async run({ texts: [file], ...options }) {
    const zone = await zoneOf(options);
    const filter = filterOf(options);
    if (Boolean(options.all) === Object.keys(filter).length > 0) throw new UsageError("which runs belong to the set? Say --workflow, --metadata or --all");
    const { runs, places } = readRuns(file);
    const dryRun = options["dry-run"] ?? false;
    const bar = progressBar("Applying");
    const how = { scope: options.all ? { all: true } : filter, allowEmpty: options["allow-empty"] ?? false, dryRun, onProgress: bar.onProgress };
    try {
      return tell(await reworded(reconcile(new ScheduledClient(), runs, how), byPlace(places)).finally(bar.end), options, zone);
    } catch (error) {
      if (error.code === "bulk-interrupted") tell(error.done, options, zone);
      throw error;
    }
  },
};

/** The plan, or what became of it; whether all of it was done. */
function tell(reconciliation, { json }, zone) {
  const { actions, unchanged, passed } = reconciliation;
  const isDone = actions.every(({ outcome }) => outcome === "done" || outcome === "planned");
  if (json) {
    line(JSON.stringify(reconciliation));
    return isDone;
  }
  if (actions.length > 0) {
    table(["ACTION", "OUTCOME", "KEY", "WORKFLOW", "WHEN", "FROM", "ERROR"], actions.map(({ action, outcome, idempotencyKey, workflowName, triggerAt, from, error = "" }) => [
      action, outcome, idempotencyKey, workflowName, shownTime(triggerAt, zone), from === undefined ? "" : shownTime(from, zone), error,
    ]));
  }
  line(`${actions.length} to do, ${unchanged} as wanted already${passed.length ? `, ${passed.length} whose time has passed` : ""}.`);
  return isDone;
}
