/** How each call is made. What was asked for is kept in the call's record, for what is checked afterwards. */
import { importEntry } from "../../support/package.mjs";
import { WORKFLOWS, ZONE } from "./world.mjs";

const { reconcile } = await importEntry("reconcile");

const pad = (number, digits = 2) => String(number).padStart(digits, "0");
const parts = new Intl.DateTimeFormat("en-US", { timeZone: ZONE, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" });

function local(at) {
  const { year, month, day, hour, minute, second } = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return `${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}.${pad(new Date(at).getUTCMilliseconds(), 3)}`;
}

/** A time as it is said, the instant that is meant, and whether it is a delay. */
export function wish({ ms, as }, now) {
  const at = now + (as === "in" ? Math.abs(ms) : ms);
  const said = {
    text: () => new Date(at).toISOString(),
    date: () => new Date(at),
    number: () => at,
    in: () => ({ in: Math.abs(ms) }),
    local: () => ({ local: local(at), timeZone: ZONE }),
    offset: () => new Date(at + 19_800_000).toISOString().replace("Z", "+05:30"),
  };
  return { said: said[as](), at, isDelay: as === "in" };
}

/** A run to schedule: as the client takes it, and as it is then to be. */
function wanted(world, { workflow, at, key, onExisting, priority, tag, traceable }) {
  const asked = wish(at, world.now);
  const mark = ++world.marks;
  const keyed = key === undefined ? {} : { idempotencyKey: `k ${key}:/%`, ...(onExisting && { onExisting }) };
  const input = key === undefined ? { mark } : { key };
  const run = { triggerAt: asked.said, input, additionalMetadata: { tag }, ...(priority && { priority }), ...(traceable && { traceable }), ...keyed };
  const encoded = key === undefined ? undefined : encodeURIComponent(keyed.idempotencyKey);
  return { workflowName: WORKFLOWS[workflow], run, mark, key: encoded, onExisting: onExisting ?? "keep", input, tag, priority: priority ?? 1, ...asked };
}

const workflowOf = (place) => (place === undefined ? {} : { workflowName: WORKFLOWS[place] });
const queryOf = ({ workflow, tag, orderByField, orderByDirection }) => ({
  ...workflowOf(workflow),
  ...(tag !== undefined && { additionalMetadata: { tag } }),
  ...(orderByField && { orderByField }),
  ...(orderByDirection && { orderByDirection }),
});

/** A run's id, or the run as it was seen last. */
function refTo(world, ref, record) {
  const id = world.idAt(ref);
  const row = ref.whole && world.rows.get(id);
  (record.wholes ??= new Map()).set(id, row ? Date.parse(row.triggerAt) : undefined);
  return [id, row || id];
}

/** Each begins a call and gives its promise; `record` keeps what was asked. */
export const CALLS = {
  create(world, client, { item }, options, record) {
    record.asked = [wanted(world, item)];
    return client.create(record.asked[0].workflowName, record.asked[0].run, options);
  },
  get(world, client, { ref }, options, record) {
    const [id, given] = refTo(world, ref, record);
    record.id = id;
    return client.get(given, options);
  },
  list(_world, client, { query, limit }, options, record) {
    record.query = { ...queryOf(query), ...(limit && { limit }) };
    return client.list(record.query, options);
  },
  async iterate(_world, client, { query, pageSize }, options, record) {
    record.query = queryOf(query);
    record.rows = [];
    for await (const run of client.iterate({ ...record.query, ...(pageSize && { pageSize }) }, options)) record.rows.push(run);
    return { rows: record.rows };
  },
  update(world, client, { ref, at }, options, record) {
    const [id, given] = refTo(world, ref, record);
    Object.assign(record, { id, ...wish(at, world.now) });
    return client.update(given, { triggerAt: record.said }, options);
  },
  delete(world, client, { ref }, options, record) {
    const [id, given] = refTo(world, ref, record);
    record.id = id;
    return client.delete(given, options);
  },
  trigger(world, client, { ref }, options, record) {
    const [id, given] = refTo(world, ref, record);
    record.id = id;
    return client.trigger(given, options);
  },
  confirm(world, client, { place }, options, record) {
    const updated = world.updated[place % world.updated.length] ?? { metadata: { id: world.idAt({ place, absent: true }) }, triggerAt: new Date(world.now).toISOString() };
    record.id = updated.metadata.id;
    return client.confirm(updated, options);
  },
  bulkCreate(world, client, { items, concurrency, dryRun }, options, record) {
    record.asked = items.map((item) => wanted(world, item));
    record.items = record.asked.map(({ workflowName, run }) => ({ workflowName, ...run }));
    return client.bulkCreate(record.items, { ...options, ...following(record), concurrency, dryRun });
  },
  bulkUpdate(world, client, { updates, same, concurrency, padding }, options, record) {
    const times = new Map();
    record.updates = updates.map(([ref, at]) => {
      const [id, given] = refTo(world, ref, record);
      // Two times for one run are refused.
      if (!times.has(id) || !same) times.set(id, wish(at, world.now));
      return { id, given, ...times.get(id) };
    });
    for (const id of world.absent(padding)) record.updates.push({ id, given: id, ...wish({ ms: 60_000, as: "text" }, world.now) });
    record.items = record.updates.map(({ given, said }, place) => (place % 2 ? [given, said] : { id: given, triggerAt: said }));
    return client.bulkUpdate(record.items, { ...options, ...following(record), concurrency });
  },
  bulkDelete(world, client, { refs, concurrency, padding, dryRun }, options, record) {
    const given = refs.map((ref) => refTo(world, ref, record));
    const scheduledIds = [...given.map(([, one]) => one), ...world.absent(padding)];
    record.ids = [...new Set([...given.map(([id]) => id), ...world.absent(padding)])];
    return client.bulkDelete({ scheduledIds }, { ...options, ...following(record), concurrency, dryRun });
  },
  bulkDeleteMatching(_world, client, { query, concurrency, dryRun }, options, record) {
    record.query = queryOf(query);
    const selection = Object.keys(record.query).length === 0 ? { all: true } : record.query;
    return client.bulkDelete(selection, { ...options, ...following(record), concurrency, dryRun });
  },
  reconcile(world, client, { wanted: items, concurrency }, options, record) {
    const inScope = items.filter(({ key }) => key !== undefined).map((item) => wanted(world, { ...item, workflow: 0, tag: "x", onExisting: undefined, traceable: false, at: { ...item.at, as: "text" } }));
    record.asked = inScope;
    const runs = inScope.map(({ workflowName, run }) => ({ workflowName, ...run }));
    return reconcile(client, runs, { ...options, concurrency, scope: { workflowName: WORKFLOWS[0], additionalMetadata: { tag: "x" } }, allowEmpty: true });
  },
  runs(_world, client, { workflow }, options, record) {
    record.query = workflowOf(workflow);
    return client.runs(record.query, options);
  },
  run(world, client, { place }, options, record) {
    const { triggered } = world;
    const wanted = triggered[place % triggered.length] ?? { externalId: world.idAt({ place, absent: true }) };
    record.id = wanted.externalId;
    return client.run(place % 2 ? wanted : wanted.externalId, options);
  },
  pause(_world, client, { workflow, scheduledRuns }, options, record) {
    record.isPaused = true;
    return client.pause(WORKFLOWS[workflow], { scheduledRuns, ttl: "30d" }, options);
  },
  unpause(_world, client, { workflow, dryRun }, options, record) {
    record.isPaused = dryRun ? undefined : false;
    record.workflowName = WORKFLOWS[workflow];
    return client.unpause(WORKFLOWS[workflow], { ...options, dryRun });
  },
  workflows: (_world, client, _args, options) => client.workflows({}, options),
  workflowVersion: (_world, client, { workflow }, options) => client.workflowVersion(WORKFLOWS[workflow], options),
  serverTime: (_world, client, _args, options) => client.serverTime(options),
  access: (_world, client, _args, options) => client.access(options),
};

const following = (record) => ({ onProgress: (progress) => (record.progress ??= []).push({ ...progress }) });
