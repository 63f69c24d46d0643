/** Every part of every answer, broken: each call ends in a success that makes sense, or in an error of the package's own. */
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";

import { ID, json, runOf, TENANT, TOKEN } from "../support/fake.mjs";
import { importEntry, ScheduledClient } from "../support/package.mjs";
import { hostileAnswer, mutated, wholeAnswer } from "./fuzz/broken.mjs";
import { assertClean, assertTyped } from "./fuzz/outcome.mjs";
import { KIND_NAMES, kindOf, RECORDED, SUCCESS } from "./fuzz/recorded.mjs";
import { rounds, tell } from "./share.mjs";
import { virtualClock } from "./fuzz/virtual.mjs";

const { follow, startedBy } = await importEntry("follow");
const { reconcile } = await importEntry("reconcile");

const AT = "2031-01-01T00:00:00Z";
const told = { inputs: 0, "of them reached": 0, successes: 0 };
const codes = new Map();
const clock = virtualClock();
const unhandled = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

/** What each kind of request is answered with next; else what Hatchet would. */
let broken = {};
let reached = 0;

const fetch = async (url, { method, signal }) => {
  const kind = kindOf(method, new URL(url).pathname);
  const answer = broken[kind]?.();
  if (answer !== undefined) reached++;
  const aborted = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  return answer === undefined ? usual(kind, url) : Promise.race([answer, aborted]);
};
const usual = (kind, url) => {
  const { status, headers, body } = SUCCESS[kind];
  const offset = Number(new URL(url).searchParams.get("offset"));
  const read = kind === "list" ? { ...body, rows: body.rows.slice(offset) } : body;
  return json(status === 204 ? undefined : read, status, headers);
};

const options = { token: TOKEN, tenantId: TENANT, fetch, ...clock.options };
const client = new ScheduledClient(options);
const tokenless = new ScheduledClient({ serverUrl: "https://app.example/api", fetch, ...clock.options });
await client.get(ID);

const ended = (stream) => ({ promise: stream.next().then(() => stream.next()), stop: () => stream.return() });
const whole = (promise) => ({ promise });
const keyed = { triggerAt: AT, idempotencyKey: "k", input: { a: 1 } };
const run = { workflowName: "simple", ...keyed };
const traced = { ...runOf(), additionalMetadata: { scheduledTraceKey: "k" } };

/** Calls by the kinds of answers that they read. */
const CALLS = {
  create: [["create"], () => whole(client.create("simple", { triggerAt: AT }))],
  // A client of its own: one that was told of the year 9999 finds no time an hour later.
  "create in a while": [["create"], () => whole(new ScheduledClient(options).create("simple", { triggerAt: { in: "1h" } }))],
  "create by key": [["list", "create"], () => whole(client.create("simple", keyed))],
  "create and move": [["list", "update", "create"], () => whole(client.create("simple", { ...keyed, onExisting: "move" }))],
  "create and replace": [["list", "delete", "create"], () => whole(client.create("simple", { ...keyed, onExisting: "replace" }))],
  get: [["get"], () => whole(client.get(ID))],
  list: [["list"], () => whole(client.list({ limit: 5 }))],
  "list by metadata": [["list"], () => whole(client.list({ additionalMetadata: { team: 5 } }))],
  update: [["update", "get"], () => whole(client.update(runOf({ triggerAt: new Date(Date.now() + 2_000).toISOString() }), { triggerAt: AT }))],
  confirm: [["get", "list"], () => whole(client.confirm({ ...runOf(), warnings: [{ code: "late-change", message: "", dueAt: new Date().toISOString() }] }))],
  serverTime: [["list"], () => whole(new ScheduledClient(options).serverTime())],
  access: [["access"], () => whole(tokenless.access())],
  workflows: [["workflows"], () => whole(client.workflows())],
  workflowVersion: [["workflowVersion", "workflows"], () => whole(client.workflowVersion("simple"))],
  runs: [["runs", "workflows"], () => whole(client.runs({ workflowName: "simple", since: AT }))],
  run: [["run"], () => whole(client.run(ID))],
  pause: [["pause", "workflows"], () => whole(client.pause("simple", { scheduledRuns: "queue", ttl: "1h" }))],
  unpause: [["pause", "workflows", "list", "runs"], () => whole(client.unpause("simple"))],
  delete: [["delete"], () => whole(client.delete(ID))],
  trigger: [["trigger"], () => whole(client.trigger(ID))],
  bulkDelete: [["bulkDelete", "list"], () => whole(client.bulkDelete({ scheduledIds: [ID, runOf()] }))],
  "bulkDelete by filter": [["bulkDelete", "list"], () => whole(client.bulkDelete({ workflowName: "simple" }))],
  bulkUpdate: [["bulkUpdate", "list", "get"], () => whole(client.bulkUpdate([{ id: ID, triggerAt: AT }]))],
  bulkCreate: [["create", "list"], () => whole(client.bulkCreate([run, { workflowName: "simple", triggerAt: AT }]))],
  iterate: [["list"], () => ended(client.iterate({ pageSize: 2 }))],
  watch: [["list"], () => ended(client.watch({}, { known: [runOf()] }))],
  follow: [["get", "runs", "run", "workflows", "list"], () => ended(follow(client, traced))],
  "follow by id": [["get", "runs", "run", "workflows", "list"], () => ended(follow(client, ID))],
  startedBy: [["runs", "workflows"], () => whole(startedBy(client, traced))],
  reconcile: [["list", "create", "delete", "bulkDelete", "bulkUpdate"], () => whole(reconcile(client, [run], { scope: { workflowName: "simple" } }))],
};

/** Makes the call, with the answers of one kind broken, once or for good. */
async function hold(name, kind, make, once) {
  told.inputs++;
  let left = once ? 1 : Infinity;
  broken = { [kind]: () => (left-- > 0 ? make() : undefined) };
  const { promise, stop } = CALLS[name][1]();
  const { error, value } = await clock.settled(promise, stop);
  broken = {};
  if (reached > 0) told["of them reached"]++;
  reached = 0;
  if (error === undefined) {
    told.successes++;
    // What a success holds can be used.
    assert.doesNotThrow(() => JSON.stringify(value));
  } else {
    const code = assertTyped(error);
    codes.set(code, (codes.get(code) ?? 0) + 1);
    // The run that an id leads to may hold no key to follow it by.
    if (name !== "follow by id") assert.notEqual(code, "validation", `an answer is no argument: ${error.message.slice(0, 500)}`);
  }
  assertClean();
  const usable = await clock.settled(client.get(ID));
  assert.equal(usable.error, undefined, "the client is of no use afterwards");
  assert.deepEqual(unhandled, [], "a rejection that nobody handles");
}

test("each kind of request is answered as recorded, and read", async () => {
  assert.deepEqual(Object.keys(RECORDED).sort(), [...KIND_NAMES].sort());
  for (const [name, [, make]] of Object.entries(CALLS)) {
    const { promise, stop } = make();
    const { error } = await clock.settled(promise, stop);
    // The recorded run holds no key to follow it by.
    const ends = ["not-found", "api-error", ...(name === "follow by id" ? ["validation"] : [])];
    assert.ok(error === undefined || ends.includes(error.code), `${name}: ${error?.stack}`);
  }
});

test("whatever is answered, a call ends as it should", { timeout: 3_600_000 }, async (t) => {
  const calls = Object.entries(CALLS).flatMap(([name, [kinds]]) => kinds.map((kind) => ({ name, kind, [fc.toStringMethod]: () => `${name} by ${kind}` })));
  const answer = (kind) => fc.oneof({ weight: 8, arbitrary: mutated(RECORDED[kind]) }, { weight: 2, arbitrary: wholeAnswer(RECORDED[kind]) }, { weight: 1, arbitrary: hostileAnswer });
  const played = fc.constantFrom(...calls).chain((call) => fc.tuple(fc.constant(call), answer(call.kind), fc.boolean()));
  const property = fc.asyncProperty(played, ([{ name, kind }, { make }, once]) => hold(name, kind, make, once));
  const { seconds } = await rounds({ name: "fuzz-answers", share: 4 }, (seed) => fc.assert(property, { seed, numRuns: 400, includeErrorInReport: true }));
  assert.ok(told["of them reached"] > told.inputs / 2, `only ${told["of them reached"]} of ${told.inputs} broken answers were read`);
  tell(t, "answers", { ...told, ...Object.fromEntries(codes), seconds: seconds.toFixed(1) });
});
