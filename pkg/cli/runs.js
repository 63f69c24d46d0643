import { ScheduledClient } from "hatchet-scheduled";
import { inert, line, progressBar, tellBulk, tellRuns } from "./output.js";
import { ofCreate, planned } from "./planned.js";
import { shiftOf, shownTime, triggerTimeOf, WHEN, ZONE, zoneOf } from "./times.js";
import { countOf, FILTER, filterOf, metadataOf, objectOf, UsageError } from "./usage.js";

const JSON_OPTION = { json: { type: "boolean" } };
const DRY_RUN = { "dry-run": { type: "boolean" } };

/** Every run that fits, soonest first. */
async function matching(client, filter, limit = Infinity) {
  const runs = [];
  for await (const run of client.iterate({ ...filter, orderByField: "triggerAt", orderByDirection: "ASC" })) {
    if (runs.length >= limit) break;
    runs.push(run);
  }
  return runs;
}

export const list = {
  about: "scheduled runs, soonest first",
  options: { ...FILTER, ...ZONE, ...JSON_OPTION, limit: { type: "string", default: "50" } },
  help: `npx hatchet-scheduled list [--workflow NAME] [--metadata KEY=VALUE]… [--limit N] [--zone ZONE] [--json]

Shows up to N runs (50), soonest first: as a table, or with --json as a line of JSON each.

  npx hatchet-scheduled list --workflow send-reminder --metadata team=billing
`,
  async run(options) {
    const limit = countOf(options, "limit");
    const zone = await zoneOf(options);
    tellRuns(await matching(new ScheduledClient(), filterOf(options), limit), options, zone);
  },
};

export const get = {
  about: "one run, whole",
  positionals: ["ID"],
  options: { ...ZONE, ...JSON_OPTION },
  help: `npx hatchet-scheduled get ID [--zone ZONE] [--json]

Shows a run with its input. Exit code 3 where there is none: it has fired, or was deleted.

  npx hatchet-scheduled get 7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f
`,
  async run({ texts: [id], ...options }) {
    const zone = await zoneOf(options);
    const run = await new ScheduledClient().get(id);
    tellRuns([run], options, zone);
    if (!options.json) line(`\nInput: ${inert(JSON.stringify(run.input ?? {}))}`);
  },
};

export const create = {
  about: "schedule a run",
  positionals: ["WORKFLOW"],
  options: { ...WHEN, ...ZONE, ...JSON_OPTION, ...DRY_RUN, input: { type: "string" }, metadata: FILTER.metadata, priority: { type: "string" }, key: { type: "string" }, "on-existing": { type: "string" }, traceable: { type: "boolean" } },
  help: `npx hatchet-scheduled create WORKFLOW (--at TIME | --in DELAY) [--zone ZONE] [--input JSON] [--metadata KEY=VALUE]…
                                 [--priority 1|2|3] [--key KEY [--on-existing keep|move|replace]] [--traceable] [--dry-run] [--json]

TIME is as people say it, in ZONE (default: this machine's): "tomorrow 09:00", "fri 17:00", "2026-12-24 08:00", or ISO 8601 with
Z or an offset. DELAY is 90m, 1h30m, 2d. With a KEY it is scheduled once, however often that is said; a run
that is there with it is kept, or moved, or replaced. With a KEY, or as traceable, what becomes of it can be followed. --dry-run schedules nothing.

  npx hatchet-scheduled create send-email --at "tomorrow 09:00" --zone Europe/Berlin --input '{"to": "ada@example.com"}'
`,
  async run({ texts: [workflow], ...options }) {
    const zone = await zoneOf(options);
    const triggerAt = await triggerTimeOf(options, zone);
    const priority = options.priority === undefined ? undefined : countOf(options, "priority");
    const given = { input: objectOf(options, "input"), additionalMetadata: metadataOf(options), priority, idempotencyKey: options.key, onExisting: options["on-existing"], traceable: options.traceable };
    const run = { triggerAt, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
    const client = new ScheduledClient();
    if (options["dry-run"]) {
      const [{ triggerAt: when }] = await planned(client, [{ workflowName: workflow, ...run }], ofCreate);
      return line(options.json ? JSON.stringify({ workflowName: workflow, ...run, triggerAt: when }) : `Would schedule ${inert(workflow)} for ${shownTime(when, zone)}. Nothing was scheduled.`);
    }
    const { warnings, ...made } = await client.create(workflow, run);
    for (const { message } of warnings ?? []) process.stderr.write(`${inert(message)}\n`);
    tellRuns([made], options, zone);
  },
};

/** The runs that a command is to change: those that are named, or all that fit. */
async function chosen(client, texts, options) {
  const filter = filterOf(options);
  const isFiltered = Object.keys(filter).length > 0 || options.all;
  if (texts.length > 0 && isFiltered) throw new UsageError("give ids, or say which by --workflow, --metadata or --all, and not both");
  if (texts.length === 0 && !isFiltered) throw new UsageError("which runs? Give ids, or say which by --workflow, --metadata or --all");
  return texts.length > 0 ? Promise.all(texts.map((id) => client.get(id))) : matching(client, filter);
}

export const move = {
  about: "give runs another time",
  positionals: ["ID…"],
  options: { ...FILTER, all: { type: "boolean" }, ...WHEN, by: { type: "string" }, ...ZONE, ...JSON_OPTION, ...DRY_RUN },
  help: `npx hatchet-scheduled move (ID… | [--workflow NAME] [--metadata KEY=VALUE]… | --all)
                               (--at TIME | --in DELAY | --by SHIFT) [--zone ZONE] [--dry-run] [--json]

Gives runs one time, or shifts each by SHIFT: 2h for later, --by=-30m for sooner. --dry-run shows the new times and moves nothing.

  npx hatchet-scheduled move --workflow send-reminder --by 2h --dry-run
`,
  async run({ texts, ...options }) {
    const zone = await zoneOf(options);
    const by = options.by === undefined ? undefined : shiftOf(options.by);
    if (by !== undefined && (options.at ?? options.in) !== undefined) throw new UsageError("--by: say when by one of --at, --in and --by");
    const to = by === undefined ? await triggerTimeOf(options, zone) : undefined;
    const client = new ScheduledClient();
    const runs = await chosen(client, texts, options);
    const updates = runs.map((run) => ({ id: run.metadata.id, triggerAt: to ?? new Date(Date.parse(run.triggerAt) + by) }));
    if (options["dry-run"]) {
      // A new time is refused as that of a new run would be.
      const moved = await planned(client, runs.map(({ workflowName }, place) => ({ workflowName, triggerAt: updates[place].triggerAt })), (message) => message.replace(/^bulkCreate: runs/, "bulkUpdate: updates"));
      if (!options.json) line(`Would move ${runs.length} runs. Nothing was moved.`);
      return tellRuns(runs.map((run, place) => ({ ...run, triggerAt: moved[place].triggerAt })), options, zone);
    }
    const bar = progressBar("Moving");
    const { updatedIds, errors } = await client.bulkUpdate(updates, { onProgress: bar.onProgress }).finally(bar.end);
    return tellBulk(updatedIds, errors, options, "Moved");
  },
};

export const remove = {
  about: "delete runs, so that they never fire",
  positionals: ["ID…"],
  options: { ...FILTER, all: { type: "boolean" }, ...ZONE, ...JSON_OPTION, ...DRY_RUN },
  help: `npx hatchet-scheduled delete (ID… | [--workflow NAME] [--metadata KEY=VALUE]… | --all) [--dry-run] [--json]

Deletes the runs that are named, or all that fit. --dry-run shows them and deletes nothing.

  npx hatchet-scheduled delete --metadata customer=acme --dry-run
`,
  async run({ texts, ...options }) {
    const zone = await zoneOf(options);
    const client = new ScheduledClient();
    const runs = await chosen(client, texts, options);
    if (options["dry-run"]) {
      if (!options.json) line(`Would delete ${runs.length} runs. Nothing was deleted.`);
      return tellRuns(runs, options, zone);
    }
    const bar = progressBar("Deleting");
    const { deletedIds, errors } = await client.bulkDelete({ scheduledIds: runs }, { onProgress: bar.onProgress }).finally(bar.end);
    return tellBulk(deletedIds, errors, options, "Deleted");
  },
};

export const trigger = {
  about: "start a run now",
  positionals: ["ID"],
  options: JSON_OPTION,
  help: `npx hatchet-scheduled trigger ID [--json]

Starts a scheduled run now instead of at its time, and tells the id of the run that started. It is never sent a second time.

  npx hatchet-scheduled trigger 7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f
`,
  async run({ texts: [id], json }) {
    const { externalId } = await new ScheduledClient().trigger(id);
    line(json ? JSON.stringify({ externalId }) : `Started as run ${inert(externalId)}.`);
  },
};

export const watch = {
  about: "what is added, moved and gone, from now on",
  options: { ...FILTER, ...ZONE, ...JSON_OPTION },
  help: `npx hatchet-scheduled watch [--workflow NAME] [--metadata KEY=VALUE]… [--zone ZONE] [--json]

Tells every change as it is seen, until Ctrl+C; what is there at first is none. Of those that left, the time that they had.

  npx hatchet-scheduled watch --workflow send-reminder --json
`,
  async run(options) {
    const zone = await zoneOf(options);
    for await (const { type, run } of new ScheduledClient().watch(filterOf(options))) {
      line(options.json ? JSON.stringify({ type, run }) : `${type.padEnd(7)}  ${run.metadata.id}  ${shownTime(run.triggerAt, zone)}  ${inert(run.workflowName)}`);
    }
  },
};
