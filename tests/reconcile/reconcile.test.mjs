/** A set of keyed runs as it is wanted, and nothing else touched. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { random, seed } from "../support/random.mjs";
import { BulkInterruptedError, importEntry, ValidationError } from "../support/package.mjs";
import { still } from "../testing/support.mjs";

const { reconcile } = await importEntry("reconcile");

const at = (minutes) => new Date(Date.UTC(2031, 0, 1, 0, minutes)).toISOString();
const wanted = (times, more = {}) => Object.entries(times).map(([key, minutes]) => ({ workflowName: "a", idempotencyKey: key, triggerAt: at(minutes), ...more }));
const scope = { workflowName: "a", additionalMetadata: { set: "s" } };
const told = ({ actions }) => actions.map(({ action, outcome, idempotencyKey }) => `${action} ${idempotencyKey} ${outcome}`);

/** What is in scope: key to minutes and input. */
async function truth(client) {
  const runs = new Map();
  for await (const run of client.iterate({ additionalMetadata: { set: "s" } })) {
    const key = decodeURIComponent(run.additionalMetadata.idempotencyKey ?? "");
    assert.ok(!runs.has(key), `${key} twice`);
    runs.set(key, [Date.parse(run.triggerAt), JSON.stringify(run.input)]);
  }
  return runs;
}
const meant = (runs) => new Map(runs.map(({ idempotencyKey, triggerAt, input = {} }) => [idempotencyKey, [Date.parse(triggerAt), JSON.stringify(input)]]));

test("what is missing is created, what differs moved or replaced, what nobody wants deleted", async (t) => {
  const { client } = await still(t, { workflows: ["a", "b"] });
  const outside = [
    await client.create("a", { triggerAt: at(60), idempotencyKey: "outside" }),
    await client.create("b", { triggerAt: at(60), idempotencyKey: "k: 1", additionalMetadata: { set: "s" } }),
    await client.create("a", { triggerAt: at(60), additionalMetadata: { set: "s" } }),
  ];
  const first = await reconcile(client, wanted({ "k: 1": 60, "k/2": 61, same: 62, gone: 63 }), { scope });
  assert.deepEqual(told(first), ["create k: 1 done", "create k/2 done", "create same done", "create gone done"]);
  const next = [...wanted({ "k: 1": 70, same: 62, more: 64 }), ...wanted({ "k/2": 61 }, { input: { n: 1 } })];
  const plan = await reconcile(client, next, { scope, dryRun: true });
  assert.deepEqual(told(plan), ["create more planned", "replace k/2 planned", "move k: 1 planned", "delete gone planned"]);
  assert.deepEqual([plan.unchanged, plan.passed, plan.actions[1].differs], [1, [], ["input"]]);
  assert.deepEqual([plan.actions[2].from, plan.actions[2].triggerAt], ["2031-01-01T01:00:00Z", "2031-01-01T01:10:00Z"]);
  const progress = [];
  const done = await reconcile(client, next, { scope, onProgress: (now) => progress.push({ ...now }) });
  assert.deepEqual(told(done), ["create more done", "replace k/2 done", "move k: 1 done", "delete gone done"]);
  assert.deepEqual(progress.at(-1), { done: 4, failed: 0, total: 4 });
  assert.deepEqual((({ actions, unchanged }) => [actions, unchanged])(await reconcile(client, next, { scope })), [[], 4]);
  for (const run of outside) assert.equal((await client.get(run)).triggerAt, run.triggerAt, "out of scope, or without a key");
  assert.deepEqual(told(await reconcile(client, [], { scope, allowEmpty: true })).length, 4);
  assert.equal((await client.list()).rows.length, outside.length);
});

test("a wanted run whose time has passed is not made again", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  const runs = wanted({ early: 10, late: 90 });
  await reconcile(client, runs, { scope });
  await hatchet.advance("30m");
  const again = await reconcile(client, runs, { scope });
  assert.deepEqual([again.actions, again.unchanged, again.passed], [[], 1, [0]]);
  assert.equal((await client.runs()).length, 1);
});

test("a key that was put there by other means than a client's is no other run's, and can be deleted", async (t) => {
  const { client } = await still(t, { workflows: ["a"] });
  await client.create("a", { triggerAt: at(60), additionalMetadata: { set: "s", idempotencyKey: "100%" } });
  const { actions } = await reconcile(client, wanted({ "100%": 60 }), { scope });
  assert.deepEqual(actions.map(({ action, idempotencyKey, outcome }) => [action, idempotencyKey, outcome]), [["create", "100%", "done"], ["delete", "100%", "done"]]);
});

test("thousands of runs take as many requests as bulk calls do", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  const times = (shift) => Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`k${n}`, 1_000 + n + shift]));
  await reconcile(client, wanted(times(0)), { scope });
  const before = hatchet.requests.length;
  const moved = await reconcile(client, wanted(times(5)), { scope });
  assert.equal(moved.actions.filter(({ action, outcome }) => action === "move" && outcome === "done").length, 3_000);
  assert.ok(hatchet.requests.length - before < 20, `${hatchet.requests.length - before} requests`);
});

test("what is cut short tells what was done, what is unknown and what was not tried, and the next call finishes it", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  await reconcile(client, wanted({ a: 60, b: 61, c: 62 }), { scope });
  const runs = wanted({ a: 70, d: 63, e: 64 });
  hatchet.fault({ operation: "bulkUpdate", status: 403, times: 1 });
  const error = await reconcile(client, runs, { scope }).then(() => assert.fail("it was cut short"), (error) => error);
  assert.ok(error instanceof BulkInterruptedError, error);
  assert.deepEqual(told(error.done), ["create d done", "create e done", "move a untried", "delete c untried", "delete b untried"]);
  assert.deepEqual([error.unknown, error.rest], [[], [runs[0]]]);
  assert.equal(error.cause.name, "PermissionDeniedError");
  await reconcile(client, runs, { scope });
  assert.deepEqual(await truth(client), meant(runs));
});

test("an abort ends it with what was done", async (t) => {
  const { client } = await still(t, { workflows: ["a"] });
  const end = new AbortController();
  const runs = wanted(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, 100 + n])));
  const onProgress = ({ done }) => done === 10 && end.abort("enough");
  const error = await reconcile(client, runs, { scope, onProgress, concurrency: 1, signal: end.signal }).catch((error) => error);
  assert.ok(error instanceof BulkInterruptedError, error);
  assert.equal(error.cause, "enough");
  const count = (outcome) => error.done.actions.filter((action) => action.outcome === outcome).length;
  assert.deepEqual([count("done") >= 10, count("done") + count("unknown") + count("untried")], [true, 50]);
  await reconcile(client, runs, { scope });
  assert.deepEqual(await truth(client), meant(runs));
  await assert.rejects(reconcile(client, runs, { scope, signal: AbortSignal.abort("before") }), (reason) => reason === "before");
});

test("whatever is lost on the way, the set is as wanted after a call that succeeds", async (t) => {
  const pick = random(seed);
  t.diagnostic(`SEED=${seed}`);
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  const keys = Array.from({ length: 8 }, (_, n) => `k${n}`);
  for (let round = 0; round < 60; round++) {
    const runs = keys.filter(() => pick(10) < 6).map((key) => ({ workflowName: "a", idempotencyKey: key, triggerAt: at(1_000 + pick(3)), input: { n: pick(2) } }));
    const operation = ["create", "list", "bulkUpdate", "bulkDelete", "delete"][pick(5)];
    hatchet.fault({ operation, status: [500, 503, 429, 502][pick(4)], times: 1 + pick(4) });
    const options = { scope, allowEmpty: true, maxRetries: 0 };
    const first = await reconcile(client, runs, options).catch((error) => error);
    hatchet.clearFaults();
    if (!(first instanceof Error) && first.actions.every(({ outcome }) => outcome === "done")) assert.deepEqual(await truth(client), meant(runs), `round ${round}`);
    await reconcile(client, runs, options);
    assert.deepEqual(await truth(client), meant(runs), `round ${round}`);
  }
});

test("what cannot be meant is refused before anything is sent", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  const refused = (message, runs, options = { scope }) =>
    assert.rejects(reconcile(client, runs, options), (error) => error instanceof ValidationError && error.operation === "reconcile" && message.test(error.message));
  const [run] = wanted({ k: 60 });
  await refused(/^reconcile: wanted: is empty, which deletes/, []);
  await refused(/^reconcile: wanted: expected an array/, "k");
  await refused(/^reconcile: wanted\[0\]: expected an object/, [5]);
  await refused(/^reconcile: options\.scope: is missing/, [run], {});
  await refused(/^reconcile: options\.scope: holds no condition/, [run], { scope: {} });
  await refused(/^reconcile: options\.scope: says all, and less/, [run], { scope: { all: true, workflowName: "a" } });
  await refused(/^reconcile: options\.scope\.workflow: unknown key/, [run], { scope: { workflow: "a" } });
  await refused(/^reconcile: wanted\[1\]\.idempotencyKey: is also that of wanted\[0\]/, [run, run]);
  await refused(/^reconcile: wanted\[0\]\.idempotencyKey: is missing/, [{ ...run, idempotencyKey: undefined }]);
  await refused(/^reconcile: wanted\[0\]\.triggerAt: is a delay/, [{ ...run, triggerAt: { in: "1h" } }]);
  await refused(/^reconcile: wanted\[1\]\.triggerAt: /, [run, { ...run, idempotencyKey: "l", triggerAt: "soon" }]);
  await refused(/^reconcile: wanted\[0\]\.onExisting: /, [{ ...run, onExisting: "keep" }]);
  await refused(/^reconcile: wanted\[0\]\.workflowName: is not the scope's workflow/, [{ ...run, workflowName: "b" }]);
  await refused(/^reconcile: wanted\[0\]\.additionalMetadata\["set"\]: is not the scope's/, [{ ...run, additionalMetadata: { set: "t" } }]);
  await refused(/^reconcile: wanted\[0\]\.priority: /, [{ ...run, priority: 7 }]);
  assert.deepEqual(hatchet.requests, []);
});
