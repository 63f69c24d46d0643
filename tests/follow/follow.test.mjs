/** From a scheduled run to what it became, on the embedded Hatchet's own clock. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { importEntry, NotFoundError, ScheduledClient, ValidationError } from "../support/package.mjs";
import { still } from "../testing/support.mjs";

const { follow, startedBy } = await importEntry("follow");

/** The states that are told until the end, while the clock goes on. */
async function told(hatchet, states, by = "10s") {
  const seen = [];
  const reading = (async () => {
    for await (const state of states) seen.push(state);
  })();
  let ended = false;
  void reading.then(() => (ended = true), () => (ended = true));
  for (let moves = 0; !ended && moves < 400; moves++) await hatchet.advance(by);
  assert.ok(ended, `not at an end: ${statuses(seen)}`);
  await reading;
  return seen;
}

const statuses = (states) => states.map(({ status }) => status);

test("a traceable run is followed from its time to what it gave", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  const run = await client.create("a", { triggerAt: { in: "5m" }, traceable: true, input: { to: "ada" } });
  await client.create("a", { triggerAt: { in: "5m" }, traceable: true });
  const states = await told(hatchet, follow(client, run), "1s");
  assert.equal(states[0].status, "scheduled");
  assert.deepEqual([states[0].scheduledId, states[0].triggerAt], [run.metadata.id, run.triggerAt]);
  const last = states.at(-1);
  assert.deepEqual([last.status, last.output, last.scheduledId], ["succeeded", { ok: true }, run.metadata.id]);
  assert.equal(last.run.additionalMetadata.scheduledTraceKey, run.additionalMetadata.scheduledTraceKey);
  assert.ok(statuses(states).includes("started"), `${statuses(states)}`);
  const { status, runId, output } = await startedBy(client, run);
  assert.deepEqual([status, runId, output], ["succeeded", last.runId, last.output]);
});

test("a run that waits is followed by its id, and tells when it is moved", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  const run = await client.create("a", { triggerAt: { in: "1h" }, idempotencyKey: "k: 1" });
  const states = follow(client, run.metadata.id);
  assert.equal((await states.next()).value.triggerAt, run.triggerAt);
  const moved = await client.update(run, { triggerAt: { in: "2h" } });
  const next = states.next();
  await hatchet.advance("10s");
  assert.equal((await next).value.triggerAt, moved.triggerAt);
  assert.equal((await told(hatchet, states, "1m")).at(-1).status, "succeeded");
  await assert.rejects(follow(client, run.metadata.id).next(), (error) => error instanceof NotFoundError && /give the run itself/.test(error.message));
});

test("a key that is used again leads each scheduled run to its own", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a", "b"] });
  const make = (workflow, n) => client.create(workflow, { triggerAt: { in: "1m" }, idempotencyKey: "k", input: { n } });
  const runs = [];
  for (const n of [1, 2]) {
    runs.push(await make("a", n), await make("b", -n));
    await hatchet.advance("5m");
  }
  const inputs = [];
  for (const run of runs) inputs.push((await startedBy(client, run)).run.input);
  assert.deepEqual(inputs.map((input) => (input.input ?? input).n), [1, -1, 2, -2]);
});

test("a run that was replaced is gone, and the one in its place is followed", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  const old = await client.create("a", { triggerAt: { in: "2s" }, idempotencyKey: "k" });
  const now = await client.create("a", { triggerAt: { in: "12s" }, idempotencyKey: "k", input: { n: 1 }, onExisting: "replace" });
  assert.deepEqual(statuses(await told(hatchet, follow(client, old))), ["gone"], "not the other one's run");
  assert.equal((await told(hatchet, follow(client, now))).at(-1).status, "succeeded");
  assert.equal(await startedBy(client, old), null);
});

test("what a trigger answered is followed by its id", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  const answer = await client.trigger(await client.create("a", { triggerAt: { in: "1h" } }));
  const states = await told(hatchet, follow(client, answer), "1s");
  assert.deepEqual([states.at(-1).status, states.at(-1).runId], ["succeeded", answer.externalId]);
  assert.equal((await startedBy(client, answer)).status, "succeeded");
  const never = { externalId: "00000000-0000-4000-8000-000000000000" };
  assert.deepEqual(await told(hatchet, follow(client, never)), [{ status: "gone", runId: never.externalId }]);
  assert.equal(await startedBy(client, never), null);
});

test("a run that was deleted is gone", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  const run = await client.create("a", { triggerAt: { in: "1s" }, traceable: true });
  await client.delete(run);
  assert.deepEqual(await told(hatchet, follow(client, run)), [{ status: "gone", scheduledId: run.metadata.id }]);
});

test("a run that fails says why", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  // The client refuses it: no worker can take an input as large as this.
  const body = { triggerAt: "2031-01-01T00:00:10Z", input: { text: "x".repeat(5 << 20) }, additionalMetadata: { scheduledTraceKey: "t" } };
  const path = `/api/v1/tenants/${hatchet.tenantId}/workflows/a/scheduled`;
  const headers = { authorization: `Bearer ${hatchet.token}`, "content-type": "application/json" };
  const answer = await hatchet.fetch(`http://hatchet.test${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  const last = (await told(hatchet, follow(client, await answer.json()))).at(-1);
  assert.equal(last.status, "failed");
  assert.match(last.error, /larger than a worker can receive/);
});

test("a pause is told: the run waits overdue, or stands queued, and is cancelled in the end", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  await client.pause("a", { scheduledRuns: "fire-late" });
  await hatchet.advance("10s");
  const late = await client.create("a", { triggerAt: { in: "1m" }, traceable: true });
  const states = follow(client, late);
  const first = (await states.next()).value;
  assert.deepEqual([first.status, first.paused], ["scheduled", undefined], "not due yet");
  const second = states.next();
  await hatchet.advance("2m");
  assert.deepEqual((({ status, paused }) => [status, paused])((await second).value), ["scheduled", true]);
  await client.unpause("a");
  assert.equal((await told(hatchet, states)).at(-1).status, "succeeded");

  await client.pause("a", { scheduledRuns: "queue", ttl: "10m" });
  await hatchet.advance("10s");
  const queued = await client.create("a", { triggerAt: { in: "1m" }, traceable: true });
  const seen = await told(hatchet, follow(client, queued));
  assert.deepEqual(seen.map(({ status, paused }) => [status, paused]), [["scheduled", undefined], ["queued", true], ["cancelled", undefined]]);
});

test("failures that may pass are waited out; others end it", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  const run = await client.create("a", { triggerAt: { in: "30s" }, traceable: true });
  hatchet.fault({ operation: "get", status: 503, times: 3 });
  assert.equal((await told(hatchet, follow(client, run))).at(-1).status, "succeeded");
  const other = await client.create("a", { triggerAt: { in: "30s" }, traceable: true });
  hatchet.clearFaults();
  hatchet.fault({ operation: "get", status: 403, times: 1 });
  await assert.rejects(follow(client, other).next(), { name: "PermissionDeniedError" });
});

test("leaving and aborting end it at once, also while it waits", async (t) => {
  const { client } = await still(t, { workflows: ["a"] });
  const run = await client.create("a", { triggerAt: { in: "1h" }, traceable: true });
  const left = follow(client, run);
  await left.next();
  const waiting = left.next();
  await left.return();
  assert.deepEqual(await waiting, { done: true, value: undefined });
  const end = new AbortController();
  const aborted = follow(client, run, { signal: end.signal });
  await aborted.next();
  const pending = aborted.next();
  end.abort();
  assert.deepEqual(await pending, { done: true, value: undefined });
  assert.deepEqual(await follow(client, run, { signal: AbortSignal.abort() }).next(), { done: true, value: undefined });
});

test("what cannot be followed is refused with a way out, before anything is sent", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  const run = await client.create("a", { triggerAt: { in: "1h" } });
  const before = hatchet.requests.length;
  const refused = (call, message) => assert.rejects(call, (error) => error instanceof ValidationError && message.test(error.message));
  await refused(follow(client, run).next(), /^follow: scheduled\.additionalMetadata: holds no key.*traceable: true/);
  await refused(startedBy(client, run), /^startedBy: scheduled\.additionalMetadata: holds no key/);
  await refused(follow(client, {}).next(), /^follow: scheduled: expected a scheduled run/);
  await refused(startedBy(client, 5), /^startedBy: scheduled: expected/);
  await refused(follow(client, "x").next(), /UUID/);
  await refused(follow(client, run.metadata.id, { intervalMs: 0 }).next(), /^follow: options\.intervalMs: /);
  await refused(follow(client, run.metadata.id, { intervalMS: 5 }).next(), /unknown key "intervalMS"/);
  assert.equal(hatchet.requests.length, before);
});

test("it goes by the runtime's clock where no test has set another", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  const run = await client.create("a", { triggerAt: { in: "1h" }, traceable: true });
  const plain = new ScheduledClient({ token: hatchet.token, serverUrl: "http://hatchet.test", fetch: hatchet.fetch });
  const states = follow(plain, run, { intervalMs: 1 });
  assert.equal((await states.next()).value.status, "scheduled");
  await plain.delete(run);
  const looks = () => hatchet.requests.filter(({ path }) => path?.includes("workflow-runs")).length;
  const waiting = states.next();
  while (looks() < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  await states.return();
  assert.deepEqual(await waiting, { done: true, value: undefined });
});
