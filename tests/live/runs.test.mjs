/** What happens after a schedule's time, and by key, with a worker that takes the runs. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";

import { at, client, eventually, importEntry, open, soon, started, wait } from "./support.mjs";

const { follow: followed, startedBy } = await importEntry("follow");
const { reconcile } = await importEntry("reconcile");

const { names, mark, stop } = await open();
after(stop);
const make = (workflow, run = {}) => client.create(workflow, { triggerAt: at(), ...run, additionalMetadata: { ...mark, ...run.additionalMetadata } });
async function follow(run) {
  const states = [];
  for await (const state of followed(client, run, { intervalMs: 500 })) states.push(state);
  return states;
}
const last = (states) => states.at(-1);
const ended = (run) => eventually("the run's end", async () => {
  const state = await startedBy(client, run);
  return ["succeeded", "failed", "cancelled"].includes(state?.status) && state;
});

test("client: follows a scheduled run to what it gave", async () => {
  const run = await make(names.plain, { triggerAt: await soon(3), traceable: true, input: { n: 1 } });
  assert.equal(await startedBy(client, run), null);
  const states = await follow(run);
  assert.equal(states[0].status, "scheduled");
  const { status, output, runId } = last(states);
  assert.deepEqual([status, output], ["succeeded", { ok: true }]);
  assert.equal((await startedBy(client, run)).runId, runId);
});

test("client: follows a run that fails to why, and one at work through it", async () => {
  const failing = await make(names.fails, { triggerAt: await soon(0), idempotencyKey: `live: ${randomUUID()}` });
  const { status, error } = last(await follow(failing));
  assert.equal(status, "failed");
  assert.match(error, /no stamps left/);
  const working = await make(names.slow, { triggerAt: await soon(0), traceable: true });
  const states = (await follow(working)).map((state) => state.status);
  assert.deepEqual([states.includes("started"), states.at(-1)], [true, "succeeded"], `${states}`);
});

test("client: follows what a trigger answered", async () => {
  const answer = await client.trigger(await make(names.plain));
  assert.equal(last(await follow(answer)).status, "succeeded");
});

test("client: lists the runs that started, by workflow, state and metadata", async () => {
  const mine = randomUUID();
  const run = await make(names.plain, { traceable: true, additionalMetadata: { mine, n: 5 }, input: { a: 1 } });
  await make(names.plain, { additionalMetadata: { mine } }).then((other) => client.trigger(other));
  const { externalId } = await client.trigger(run);
  await ended({ externalId });
  const query = { workflowName: names.plain, statuses: ["COMPLETED"], additionalMetadata: { mine, n: 5 } };
  const [found, ...others] = await eventually("the run in the listing", async () => {
    const runs = await client.runs(query);
    return runs.length && runs;
  });
  assert.deepEqual([found.metadata.id, others], [externalId, []]);
  assert.equal(found.additionalMetadata.n, 5);
  assert.deepEqual(await client.runs({ ...query, statuses: ["FAILED"] }), []);
});

test("client: pauses a workflow, tells what the end of the pause sets off, and ends it", async () => {
  const paused = await client.pause(names.pausable, { scheduledRuns: "fire-late" });
  assert.equal(paused.isPaused, true);
  const run = await make(names.pausable, { triggerAt: await soon(0), traceable: true });
  await wait(7_000);
  const [waiting] = [await followed(client, run).next()];
  assert.deepEqual([waiting.value.status, waiting.value.paused], ["scheduled", true]);
  const { overdue } = await client.unpause(names.pausable, { dryRun: true });
  assert.deepEqual(overdue.map(({ metadata }) => metadata.id), [run.metadata.id]);
  const [still] = await client.workflows({ name: names.pausable });
  assert.equal(still.isPaused, true);
  assert.equal((await client.unpause(names.pausable)).workflow.isPaused, false);
  assert.equal((await ended(run)).status, "succeeded");
});

test("client: tells that a run stands queued behind a pause, and that it was cancelled in the end", async () => {
  await client.pause(names.pausable, { scheduledRuns: "queue", ttl: "12s" });
  // Until then the server goes by what it knew before.
  await wait(6_000);
  const run = await make(names.pausable, { triggerAt: await soon(0), traceable: true });
  const state = await eventually("the queued run", () => startedBy(client, run));
  assert.deepEqual([state.status, state.paused], ["queued", true]);
  const { queued } = await client.unpause(names.pausable, { dryRun: true });
  assert.deepEqual(queued.map(({ metadata }) => metadata.id), [state.runId]);
  assert.equal((await ended(run)).status, "cancelled");
  await client.unpause(names.pausable);
});

test("client: moves or replaces the run of a key", async () => {
  const idempotencyKey = `live: ${randomUUID()}`;
  const run = await make(names.plain, { idempotencyKey });
  const moved = await make(names.plain, { idempotencyKey, triggerAt: at(60), onExisting: "move" });
  assert.deepEqual([moved.metadata.id, moved.triggerAt], [run.metadata.id, "2099-01-01T00:01:00Z"]);
  const replaced = await make(names.plain, { idempotencyKey, triggerAt: at(90), input: { n: 2 }, onExisting: "replace" });
  assert.deepEqual([replaced.input, replaced.triggerAt], [{ n: 2 }, "2099-01-01T00:01:30Z"]);
  const { rows } = await client.list({ additionalMetadata: { idempotencyKey: replaced.additionalMetadata.idempotencyKey } });
  assert.deepEqual(rows.map(({ metadata }) => metadata.id), [replaced.metadata.id]);
});

test("client: makes a set of runs what is wanted, and nothing else", async () => {
  const set = randomUUID();
  const outside = await make(names.plain, { idempotencyKey: `${set} outside` });
  const scope = { workflowName: names.plain, additionalMetadata: { ...mark, set } };
  const wanted = (times) => Object.entries(times).map(([key, seconds]) => ({ workflowName: names.plain, idempotencyKey: `${set} ${key}`, triggerAt: at(seconds) }));
  const told = ({ actions }) => actions.map(({ action, outcome }) => `${action} ${outcome}`).sort();
  assert.deepEqual(told(await reconcile(client, wanted({ a: 1, b: 2 }), { scope, dryRun: true })), ["create planned", "create planned"]);
  assert.deepEqual(told(await reconcile(client, wanted({ a: 1, b: 2 }), { scope })), ["create done", "create done"]);
  assert.deepEqual(told(await reconcile(client, wanted({ b: 3, c: 4 }), { scope })), ["create done", "delete done", "move done"]);
  const again = await reconcile(client, wanted({ b: 3, c: 4 }), { scope });
  assert.deepEqual([again.actions, again.unchanged], [[], 2]);
  assert.deepEqual(told(await reconcile(client, [], { scope, allowEmpty: true })), ["delete done", "delete done"]);
  assert.equal((await client.get(outside)).metadata.id, outside.metadata.id);
});

test("client: its key, declared in the workflow, keeps a second run from starting after the first has fired", async () => {
  const idempotencyKey = `live: ${randomUUID()}`;
  const first = await make(names.once, { idempotencyKey, triggerAt: await soon(0) });
  await ended(first);
  const second = await make(names.once, { idempotencyKey, triggerAt: await soon(0) });
  assert.notEqual(second.metadata.id, first.metadata.id, "past its firing the key is free for a schedule");
  await eventually("the second gone", async () => (await client.list({ additionalMetadata: { idempotencyKey: second.additionalMetadata.idempotencyKey } })).rows.length === 0);
  const answer = await client.trigger(await make(names.once, { idempotencyKey, triggerAt: at() }));
  assert.equal(last(await follow(answer)).status, "gone", "the run that the server named never comes");
  assert.equal((await started("idempotencyKey", encodeURIComponent(second.additionalMetadata.idempotencyKey))).length, 1);
});
