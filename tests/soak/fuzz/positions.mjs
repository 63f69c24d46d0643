/** Calls with every argument given, and the place of each argument in them. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { ID, runOf, TOKEN } from "../../support/fake.mjs";
import { repository } from "../../support/package.mjs";

export const { KEYS } = await import(pathToFileURL(join(repository, "pkg/js/arguments.js")));

const AT = "2031-01-01T00:00:00Z";
const OPTIONS = () => ({
  ...{ signal: new AbortController().signal, keepalive: false, namespace: "team", timeoutMs: 30_000, totalTimeoutMs: 60_000, maxRetries: 1 },
  headers: { "x-a": "b" },
});
const BULK = () => ({ ...OPTIONS(), dryRun: false, concurrency: 2, onProgress() {} });
const FILTER = () => ({ workflowId: ID, workflowName: "simple", parentWorkflowRunId: ID, parentStepRunId: ID, statuses: ["SCHEDULED"], additionalMetadata: { a: "b" } });
const QUERY = () => ({ ...FILTER(), orderByField: "triggerAt", orderByDirection: "ASC" });
const RUN = () => ({
  ...{ triggerAt: AT, input: { a: [1, { b: null }] }, additionalMetadata: { a: "b" }, priority: 1, idempotencyKey: "k", onExisting: "keep", traceable: true },
});

/** Each method's arguments by name, in order. */
const CALLS = {
  create: () => ({ workflowName: "simple", run: RUN(), options: OPTIONS() }),
  get: () => ({ scheduled: runOf(), options: OPTIONS() }),
  list: () => ({ query: { ...QUERY(), offset: 0, limit: 10 }, options: OPTIONS() }),
  update: () => ({ scheduled: ID, change: { triggerAt: { local: "2031-01-01T00:00", timeZone: "Europe/Berlin", disambiguation: "later" } }, options: OPTIONS() }),
  confirm: () => ({ updated: { ...runOf(), warnings: [{ code: "late-change", message: "late", id: ID, dueAt: AT }] }, options: OPTIONS() }),
  serverTime: () => ({ options: OPTIONS() }),
  access: () => ({ options: OPTIONS() }),
  workflows: () => ({ query: { name: "im" }, options: OPTIONS() }),
  workflowVersion: () => ({ workflow: { metadata: { id: ID } }, options: OPTIONS() }),
  runs: () => ({
    query: { since: AT, until: new Date(AT), workflowId: ID, workflowName: "simple", statuses: ["FAILED"], additionalMetadata: { a: "b" }, includePayloads: true, limit: 10 },
    options: OPTIONS(),
  }),
  run: () => ({ run: { externalId: ID }, options: OPTIONS() }),
  pause: () => ({ workflow: "simple", pause: { scheduledRuns: "queue", cronRuns: "drop", ttl: "12h" }, options: OPTIONS() }),
  unpause: () => ({ workflow: ID, options: { ...OPTIONS(), dryRun: false } }),
  delete: () => ({ scheduled: ID, options: OPTIONS() }),
  trigger: () => ({ scheduled: { metadata: { id: ID } }, options: OPTIONS() }),
  bulkDelete: () => ({ selection: { ...FILTER(), all: undefined, scheduledIds: undefined }, options: BULK() }),
  bulkUpdate: () => ({ updates: [{ id: ID, triggerAt: { in: "1h" } }, [runOf(), AT]], options: { ...BULK(), dryRun: undefined } }),
  bulkCreate: () => ({ runs: [{ workflowName: "simple", ...RUN() }, { workflowName: "simple", triggerAt: AT }], options: BULK() }),
  iterate: () => ({ query: { ...QUERY(), pageSize: 10 }, options: OPTIONS() }),
  watch: () => ({ query: QUERY(), options: { ...OPTIONS(), intervalMs: 1_000, known: [runOf()] } }),
};
const MORE = {
  // Instead of conditions.
  bulkDelete: () => ({ selection: { scheduledIds: [ID, runOf()] }, options: { ...BULK(), dryRun: true } }),
};

/** The client's own options. */
const CLIENT = () => ({
  ...{ token: TOKEN, serverUrl: "https://hatchet.example", tenantId: ID, namespace: "team", timeoutMs: 30_000, totalTimeoutMs: 60_000 },
  ...{ maxRetries: 1, headers: { "x-a": "b" }, fetch: undefined, onEvent() {}, intercept: (request, next) => next(request) },
});
/** Methods that give a stream. */
export const STREAMS = ["iterate", "watch"];

function placesIn(value, path, found) {
  found.push(path);
  // What else has members are the runtime's own objects.
  const isOurs = Array.isArray(value) || (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype);
  if (!isOurs) return;
  for (const key of Object.keys(value)) placesIn(value[key], [...path, Array.isArray(value) ? Number(key) : key], found);
  if (!Array.isArray(value)) for (const key of ["own", "__proto__", "constructor", "toJSON", "then"]) found.push([...path, key]);
}

/** Every place: `{ name, method, path, make }`; the constructor's have no method. */
export const POSITIONS = [];
const add = (method, make) => {
  const found = [];
  placesIn(make(), [], found);
  for (const path of found.slice(method === "new" ? 0 : 1)) POSITIONS.push({ method, make, path, name: [method, ...path].join(".") });
};
for (const [method, make] of Object.entries(CALLS)) add(method, make);
for (const [method, make] of Object.entries(MORE)) add(method, make);
add("new", CLIENT);

/** The keys that are given nowhere, so that a new one is not forgotten. */
export function forgotten() {
  const names = new Set(POSITIONS.map(({ name }) => name.replace(/\.\d+/, "")));
  return Object.entries(KEYS).flatMap(([method, parts]) =>
    Object.entries(parts).flatMap(([part, keys]) => keys.map((key) => `${method}.${part}.${key}`).filter((name) => !names.has(name))),
  );
}

/** A value with another one at a place of it. */
export function withAt(value, path, other) {
  if (path.length === 0) return other;
  const [key, ...rest] = path;
  const inner = withAt(Object.hasOwn(value, key) ? value[key] : undefined, rest, other);
  // Assigning would set the prototype where that is the key.
  Object.defineProperty(value, key, { value: inner, enumerable: true, configurable: true, writable: true });
  return value;
}
