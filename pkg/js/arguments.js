import { jsonObject } from "./json.js";
import { unknownKey } from "./keys.js";
import { expected, reading, refuse } from "./reading.js";
import { isObject, isRecord, NULL, tag } from "./values.js";

/**
 * Reads what a method was given, as far as only JavaScript can: iterables, dates, getters that throw, what has no JSON
 * form. What remains is plain, the caller's no more, and for the WebAssembly to judge: keys, presence, types, ranges.
 *
 * What stays here is put beside it: `signal`, `onProgress`, and the `items` of a bulk call. Input is copied only where the
 * WebAssembly is not `loaded` yet, which else reads it at once.
 */
export function readArguments(operation, values, loaded) {
  const call = { operation, loaded, items: [] };
  call.given = reading(operation, call, () => {
    const given = {};
    for (const name of Object.keys(values)) {
      const keys = KEYS[operation][name];
      // Lists are read by their items.
      const isRecord = keys && !Object.hasOwn(READERS, name) && values[name] !== undefined;
      if (!isRecord) given[name] = member(name, values[name], call);
      else {
        call.path.push(name);
        given[name] = record(values[name], call, keys);
        call.path.pop();
      }
    }
    return given;
  });
  return call;
}

const RUN = ["triggerAt", "input", "additionalMetadata", "priority", "idempotencyKey", "onExisting", "traceable"];
const FILTER = ["workflowId", "workflowName", "parentWorkflowRunId", "parentStepRunId", "statuses", "additionalMetadata"];
const QUERY = [...FILTER, "orderByField", "orderByDirection"];
const OPTIONS = ["signal", "keepalive", "namespace", "timeoutMs", "totalTimeoutMs", "maxRetries", "headers"];
const BULK = [...OPTIONS, "dryRun", "concurrency", "onProgress"];

/** The keys that the objects among a method's arguments may have; those of items are under the list's name. */
export const KEYS = {
  create: { run: RUN, options: OPTIONS },
  get: { options: OPTIONS },
  list: { query: [...QUERY, "offset", "limit"], options: OPTIONS },
  update: { change: ["triggerAt"], options: OPTIONS },
  confirm: { options: OPTIONS },
  serverTime: { options: OPTIONS },
  access: { options: OPTIONS },
  workflows: { query: ["name"], options: OPTIONS },
  workflowVersion: { options: OPTIONS },
  runs: { query: ["since", "until", "workflowId", "workflowName", "statuses", "additionalMetadata", "includePayloads", "limit"], options: OPTIONS },
  run: { options: OPTIONS },
  pause: { pause: ["scheduledRuns", "cronRuns", "ttl"], options: OPTIONS },
  unpause: { options: [...OPTIONS, "dryRun"] },
  delete: { options: OPTIONS },
  trigger: { options: OPTIONS },
  bulkDelete: { selection: ["scheduledIds", "all", ...FILTER], options: BULK },
  bulkUpdate: { updates: ["id", "triggerAt"], options: BULK },
  bulkCreate: { runs: ["workflowName", ...RUN], options: BULK },
  iterate: { query: [...QUERY, "pageSize"], options: OPTIONS },
  watch: { query: QUERY, options: [...OPTIONS, "intervalMs", "known"] },
};

/** What still fits into memory; an iterable may have no end, and a sparse array any length. */
const MOST = 4_000_000;

/** What an argument is called where it is not by its own name. */
const SHOWN = { started: "run" };

/** Arguments of these names mean the same in every method. */
const READERS = {
  triggerAt: time,
  since: time,
  until: time,
  scheduled: ref,
  workflow: ref,
  id: ref,
  scheduledIds: items(ref),
  statuses: items(flat),
  updates: items(kept(update)),
  runs: items(kept((run, call) => record(run, call, KEYS.bulkCreate.runs))),
  known: items(row),
  started: (value, call) => ref(typeof value?.externalId === "string" ? value.externalId : value, call),
  updated: asGiven,
  input: (value, call) => jsonObject(value, call, !call.loaded),
  additionalMetadata: metadata,
  headers: (value, call) => (isRecord(value) ? plain(value, call) : expected("an object", value)),
  signal,
  onProgress,
};

function member(name, value, call) {
  if (value === undefined) return undefined;
  call.path.push(SHOWN[name] ?? name);
  const read = Object.hasOwn(READERS, name) ? READERS[name] : plain;
  const result = read(value, call);
  call.path.pop();
  return result;
}

/** An object of these keys and no others. */
function record(value, call, known) {
  if (!isRecord(value)) return expected("an object", value);
  const copy = {};
  for (const key of keysOf(value)) {
    if (!known.includes(key)) {
      call.path.push(key);
      refuse(unknownKey(key, known));
    }
    const read = member(key, value[key], call);
    if (read !== undefined) copy[key] = read;
  }
  return copy;
}

/** The caller's own keys, and those that they inherit from an object of theirs. */
function keysOf(value) {
  const keys = [];
  for (const key in value) if (Object.hasOwn(value, key) || !(key in Object.prototype)) keys.push(key);
  return keys;
}

/** A value without anything of the caller's: what may change later, or runs code when it is looked at. */
function plain(value, call) {
  if (!isObject(value) || Array.isArray(value)) return flat(value);
  const copy = {};
  for (const key of keysOf(value)) {
    call.path.push(key);
    const read = flat(value[key]);
    if (read !== undefined) Object.defineProperty(copy, key, { value: read, enumerable: true });
    call.path.pop();
  }
  return copy;
}

/** Where nothing takes an object any more, only its kind is left of it, however deep it is and whatever shares its parts. */
function flat(value) {
  if (value === null) return NULL;
  // The WebAssembly would take it for a number.
  if (typeof value === "bigint") return Object(value);
  if (typeof value === "function") return flat;
  if (!isObject(value)) return value;
  return Array.isArray(value) ? [] : {};
}

/** The items of an array or any other iterable that is no string. */
function items(read) {
  return (value, call) => {
    if (!isObject(value) || typeof value[Symbol.iterator] !== "function") return expected("an array or another iterable", value);
    const { path } = call;
    const list = [];
    for (const item of value) {
      if (list.length === MOST) refuse(`has more than ${MOST} items, if it ends at all`);
      path.push(list.length);
      list.push(read(item, call));
      path.pop();
    }
    return list;
  };
}

/** Keeps the item as it was given: an interrupted call tells in these what is left. */
function kept(read) {
  return (item, call) => {
    call.items.push(item);
    return read(item, call);
  };
}

/** A run's id, or the run itself, which tells when it is due. The rest of it is of no use here. */
function ref(value, call) {
  if (!isObject(value)) return plain(value, call);
  if (!isObject(value.metadata)) return {};
  const { metadata, triggerAt } = value;
  const run = { metadata: { id: flat(metadata.id) } };
  return typeof triggerAt === "string" ? { ...run, triggerAt } : run;
}

/** Every way to say when. `Temporal` objects, a polyfill's too, have `epochMilliseconds`. */
function time(value, call) {
  if (isObject(value)) {
    if (tag(value) === "Date") return { epochMilliseconds: Number(value) };
    const { epochMilliseconds } = value;
    if (typeof epochMilliseconds === "number") return { epochMilliseconds };
  }
  return plain(value, call);
}

/** An item of `bulkUpdate`: an object or a pair. */
function update(value, call) {
  if (!Array.isArray(value) && isObject(value)) return record(value, call, KEYS.bulkUpdate.updates);
  if (!Array.isArray(value) || value.length !== 2) return expected("{ id, triggerAt } or [id, triggerAt]", value);
  return { id: member("id", value[0], call), triggerAt: member("triggerAt", value[1], call) };
}

/** What a call gave: the WebAssembly reads a copy of it as it reads answers. */
function asGiven(run, call) {
  return jsonObject(run, call, true);
}

/** One of thousands that a call gave: what is compared is copied, and a run's input is not. */
function row(run) {
  if (!isObject(run)) return flat(run);
  const copy = { ...run };
  if (isObject(copy.metadata)) copy.metadata = { ...copy.metadata };
  return copy;
}

/** Metadata is small, so it is copied, without what is undefined: a filter is no JSON yet. */
function metadata(value, call) {
  const copy = jsonObject(value, call, true);
  for (const key of Object.keys(copy)) if (copy[key] === undefined) delete copy[key];
  return copy;
}

/** Any object with the methods of an `AbortSignal`: those of other realms and of polyfills will do. */
function signal(value, call) {
  let usable = false;
  try {
    usable = typeof value.addEventListener === "function" && typeof value.aborted === "boolean";
  } catch {
    // What cannot be looked at is none.
  }
  if (!usable) return expected("an AbortSignal", value);
  call.signal = value;
}

function onProgress(value, call) {
  if (typeof value !== "function") return expected("a function", value);
  call.onProgress = value;
}
