import { unknownKey } from "./errors.js";
import { jsonObject, jsonValue, LARGEST_INTEGER } from "./json.js";
import { expected, isObject, kind, members, part, reading, refuse, tag } from "./reading.js";

// Readers check the shape of a value and return its JSON text; what it means is judged in the WebAssembly.

const optional = (read) => (value, call) => (value === undefined ? undefined : read(value, call));
const required = (read) => (value, call) => (value === undefined ? refuse("is missing") : read(value, call));

const string = (value) => (typeof value === "string" ? JSON.stringify(value) : expected("a string", value));
const boolean = (value) => (typeof value === "boolean" ? String(value) : expected("true or false", value));

/** What is not finite becomes null. */
const number = (value) => (typeof value === "number" ? JSON.stringify(value) : expected("a number", value));

function integer(value) {
  const text = number(value);
  const fits = Number.isInteger(value) && Math.abs(value) <= LARGEST_INTEGER;
  return fits ? text : refuse(`expected a whole number, got ${value}`);
}

function count(value) {
  const text = integer(value);
  return value < 0 ? refuse(`must be a whole number from 0 up, got ${value}`) : text;
}

/** The items of an array or any other iterable that is no string. */
const items = (read) => (value, call) => {
  if (!isObject(value) || typeof value[Symbol.iterator] !== "function") return expected("an array or another iterable", value);
  const texts = [];
  for (const item of value) texts.push(part(call, texts.length, () => read(item, call)));
  return `[${texts.join()}]`;
};

/** Keeps the item as it was given: an interrupted call tells in these what is left. */
const kept = (read) => (item, call) => {
  call.items.push(item);
  return read(item, call);
};

const keysOf = (value) => (kind(value) === "an object" ? Object.keys(value) : expected("an object", value));

/** An object of any keys. */
const dictionary = (read) => (value, call) => members(call, keysOf(value), (key) => read(value[key], call));

const fields = (readers) => (value, call) => members(call, Object.keys(readers), (key) => readers[key](value[key], call));

/** An object of these keys and no others. */
const record = (readers) => (value, call) => {
  const known = Object.keys(readers);
  for (const key of keysOf(value)) if (!known.includes(key)) part(call, key, () => refuse(unknownKey(key, known)));
  return fields(readers)(value, call);
};

/** A run that a call gave: the WebAssembly reads it as it reads answers. */
const givenRun = (value) => (isObject(value) ? (JSON.stringify(value) ?? "null") : expected("an object", value));

/** A run's id, or the run itself, which tells when it is due. */
function ref(value, call) {
  if (typeof value === "string") return string(value);
  if (!isObject(value) || !isObject(value.metadata)) return expected("an id or a run with its metadata", value);
  return dueRun(value, call);
}

const dueRun = fields({
  metadata: fields({ id: string }),
  triggerAt: (value) => (typeof value === "string" ? string(value) : undefined),
});

/** Every way to say when. */
function time(value, call) {
  if (typeof value === "string" || typeof value === "number") return JSON.stringify(value);
  if (isObject(value)) {
    if (tag(value) === "Date") return instant(value);
    // Temporal.Instant and Temporal.ZonedDateTime, a polyfill's too.
    if (typeof value.epochMilliseconds === "number") return instant(value.epochMilliseconds);
    if ("local" in value) return localTime(value, call);
    if ("in" in value) return delay(value, call);
  }
  return expected(
    "a Date, milliseconds since 1970, ISO 8601 with Z or an offset, a Temporal.Instant or ZonedDateTime, { local, timeZone } or { in }",
    value,
  );
}

const instant = (at) => JSON.stringify({ date: Number(at) });

const localTime = record({ local: required(string), timeZone: required(string), disambiguation: optional(string) });

const delay = record({
  in: required((value) =>
    typeof value === "string" || typeof value === "number"
      ? JSON.stringify(value)
      : expected('a text such as "15m", or milliseconds', value),
  ),
});

const move = record({ id: required(ref), triggerAt: required(time) });

/** An item of `bulkUpdate`: an object or a pair. */
function update(value, call) {
  if (Array.isArray(value) && value.length === 2) return move({ id: value[0], triggerAt: value[1] }, call);
  return kind(value) === "an object" ? move(value, call) : expected("{ id, triggerAt } or [id, triggerAt]", value);
}

const RUN = {
  triggerAt: required(time),
  input: optional(jsonObject),
  additionalMetadata: optional(jsonObject),
  priority: optional(integer),
  idempotencyKey: optional(string),
};

const FILTER = {
  workflowId: optional(string),
  workflowName: optional(string),
  parentWorkflowRunId: optional(string),
  parentStepRunId: optional(string),
  statuses: optional(items(string)),
  additionalMetadata: optional(dictionary(optional(jsonValue))),
};

const QUERY = { ...FILTER, orderByField: optional(string), orderByDirection: optional(string) };

const OPTIONS = {
  signal: optional(signal),
  keepalive: optional(boolean),
  namespace: optional(string),
  timeoutMs: optional(number),
  totalTimeoutMs: optional(number),
  maxRetries: optional(count),
  headers: optional(dictionary(optional(string))),
};

const callOptions = optional(record(OPTIONS));
const bulkOptions = optional(
  record({ ...OPTIONS, dryRun: optional(boolean), concurrency: optional(count), onProgress: optional(progressListener) }),
);

/** The arguments of each method, in order. */
export const ARGUMENTS = {
  create: { workflowName: string, run: record(RUN), options: callOptions },
  get: { scheduled: ref, options: callOptions },
  list: { query: optional(record({ ...QUERY, offset: optional(count), limit: optional(count) })), options: callOptions },
  update: { scheduled: ref, change: record({ triggerAt: required(time) }), options: callOptions },
  confirm: { updated: givenRun, options: callOptions },
  delete: { scheduled: ref, options: callOptions },
  trigger: { scheduled: ref, options: callOptions },
  bulkDelete: {
    selection: record({ scheduledIds: optional(items(ref)), all: optional(boolean), ...FILTER }),
    options: bulkOptions,
  },
  bulkUpdate: { updates: items(kept(update)), options: bulkOptions },
  bulkCreate: { runs: items(kept(record({ workflowName: required(string), ...RUN }))), options: bulkOptions },
  iterate: { query: optional(record({ ...QUERY, pageSize: optional(count) })), options: callOptions },
  watch: {
    query: optional(record(QUERY)),
    options: optional(record({ ...OPTIONS, intervalMs: optional(number), known: optional(items(givenRun)) })),
  },
};

/** Reads what a method was given: the JSON `text` of it, and what stays here: `signal`, `onProgress` and `items`. */
export function readArguments(method, values) {
  return reading(method, (call) => fields(ARGUMENTS[method])(values, call));
}

/**
 * What the WebAssembly is made with. A number that is no count is told by the first call, as is all that only the
 * WebAssembly can tell.
 */
export function readSettings(options, environment) {
  reading(undefined, (call) => counts({ options }, call));
  return JSON.stringify({ options, environment });
}

const counts = fields({ options: fields({ maxRetries: optional(count) }) });

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

function progressListener(value, call) {
  if (typeof value !== "function") return expected("a function", value);
  call.onProgress = (done, failed, total) => value({ done, failed, total });
}
