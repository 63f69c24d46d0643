/** What started, and what holds runs back. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { fakeFetch, ID, json, TENANT, TOKEN } from "../support/fake.mjs";
import { DecodeError, NotFoundError, ScheduledClient, ValidationError } from "../support/package.mjs";
import { still } from "../testing/support.mjs";

const ids = (runs) => runs.map(({ metadata }) => metadata.id);

test("runs that started are listed by time, workflow, state and metadata", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a", "b"] });
  const make = (workflow, seconds, n) => client.create(workflow, { triggerAt: { in: seconds * 1000 }, additionalMetadata: { n, team: "x:y" } });
  for (const [place, workflow] of ["a", "b", "a"].entries()) await make(workflow, 60 * (place + 1), place);
  await hatchet.advance("10m");
  const all = await client.runs();
  assert.deepEqual(all.map(({ additionalMetadata }) => additionalMetadata.n), [2, 1, 0], "the newest first");
  assert.deepEqual(all[0].output, { ok: true });
  assert.equal((await client.runs({ workflowName: "a" })).length, 2);
  assert.deepEqual(ids(await client.runs({ additionalMetadata: { n: 1, team: "x:y" } })), [all[1].metadata.id], "numbers and colons, too");
  assert.deepEqual(ids(await client.runs({ limit: 1 })), [all[0].metadata.id]);
  assert.deepEqual(ids(await client.runs({ since: all[1].createdAt })), ids(all.slice(0, 2)));
  assert.deepEqual(await client.runs({ statuses: ["FAILED"] }), []);
  assert.deepEqual(await client.run(all[0]), await client.run(all[0].metadata.id));
  await assert.rejects(client.run("00000000-0000-4000-8000-000000000000"), NotFoundError);
  await assert.rejects(client.runs({ workflowName: "c" }), NotFoundError);
});

test("more runs than a page are each told once, up to the limit", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  await client.bulkCreate(Array.from({ length: 1_234 }, (_, n) => ({ workflowName: "a", triggerAt: { in: 1000 }, additionalMetadata: { n } })));
  await hatchet.advance("1m");
  const told = async (query) => new Set((await client.runs(query)).map(({ additionalMetadata }) => additionalMetadata.n)).size;
  assert.equal(await told(), 1_000);
  assert.equal(await told({ limit: 5_000 }), 1_234);
  assert.equal(await told({ limit: 600, includePayloads: false }), 600);
});

test("a run without metadata is listed, and what is no run is told with its place", async () => {
  const answered = (rows) => new ScheduledClient({ token: TOKEN, tenantId: TENANT, fetch: fakeFetch(() => json({ rows, pagination: {} })) });
  const bare = { metadata: { id: ID }, status: "COMPLETED", additionalMetadata: null };
  assert.deepEqual(await answered([bare]).runs(), [bare]);
  assert.deepEqual(await answered([bare]).runs({ additionalMetadata: { team: "a" } }), []);
  for (const query of [{}, { additionalMetadata: { team: "a" } }]) {
    for (const row of [null, 5, "run"]) {
      await assert.rejects(answered([bare, row]).runs(query), (error) => error instanceof DecodeError && /rows\[1\]/.test(error.message));
    }
  }
});

test("what cannot be meant is refused before anything is sent", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  const refused = (call, message) => assert.rejects(call, (error) => error instanceof ValidationError && message.test(error.message));
  await refused(client.runs({ since: { in: "1h" } }), /^runs: query\.since: must be a time/);
  await refused(client.runs({ statuses: ["SUCCEEDED"] }), /^runs: query\.statuses\[0\]: /);
  await refused(client.runs({ limit: 0 }), /^runs: query\.limit: must be at least 1/);
  await refused(client.run(), /^run: run: expected/);
  await refused(client.pause("a", { scheduledRuns: "drop" }), /^pause: pause\.scheduledRuns: /);
  await refused(client.pause("a", { scheduledRuns: "queue" }), /^pause: pause\.ttl: is missing/);
  await refused(client.pause("a", { scheduledRuns: "queue", ttl: "10ms" }), /^pause: pause\.ttl: must be at least a second/);
  await refused(client.pause("", { scheduledRuns: "fire-late" }), /^pause: workflow: is empty/);
  await refused(client.pause("a"), /^pause: pause: expected/);
  await refused(client.create("a", { triggerAt: { in: "1h" }, onExisting: "move" }), /^create: run\.onExisting: needs an idempotencyKey/);
  await refused(client.create("a", { triggerAt: { in: "1h" }, onExisting: "toss" }), /^create: run\.onExisting: /);
  assert.deepEqual(hatchet.requests, []);
});

test("the end of a pause is told beforehand: every overdue run fires", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a", "b"] });
  const { isPaused } = await client.pause("a", { scheduledRuns: "fire-late" });
  assert.equal(isPaused, true);
  const late = [];
  for (const minutes of [2, 1]) late.unshift(await client.create("a", { triggerAt: { in: `${minutes}m` } }));
  await client.create("a", { triggerAt: { in: "1d" } });
  await hatchet.advance("1h");
  const told = await client.unpause("a", { dryRun: true });
  assert.deepEqual([ids(told.overdue), told.queued, told.workflow.isPaused], [ids(late), [], true]);
  assert.deepEqual(await client.runs(), [], "nothing has fired");
  const done = await client.unpause("a");
  assert.deepEqual([ids(done.overdue), done.workflow.isPaused], [ids(late), false]);
  await hatchet.advance("1m");
  assert.equal((await client.runs()).length, 2);
});

test("runs that queue behind a pause are told, by a workflow's name, id or itself", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  const [workflow] = await client.workflows({ name: "a" });
  await client.pause(workflow, { scheduledRuns: "queue", cronRuns: "queue", ttl: "2h" });
  await hatchet.advance("10s");
  await client.create("a", { triggerAt: { in: "1m" } });
  await hatchet.advance("10m");
  const { queued, overdue } = await client.unpause(workflow.metadata.id, { dryRun: true });
  assert.deepEqual([queued.map(({ status }) => status), overdue], [["QUEUED"], []]);
  await assert.rejects(client.unpause("00000000-0000-4000-8000-000000000000"), NotFoundError);
  await assert.rejects(client.pause("A", { scheduledRuns: "fire-late" }), /did you mean "a"\?/);
});

test("a key moves or replaces the run that is there", async (t) => {
  const { client } = await still(t, { workflows: ["a"] });
  const make = (run) => client.create("a", { idempotencyKey: "k", ...run });
  const first = await make({ triggerAt: { in: "1h" } });
  const moved = await make({ triggerAt: { in: "2h" }, onExisting: "move" });
  assert.deepEqual([moved.metadata.id, moved.warnings], [first.metadata.id, undefined]);
  assert.notEqual(moved.triggerAt, first.triggerAt);
  const replaced = await make({ triggerAt: { in: "3h" }, input: { n: 1 }, onExisting: "replace" });
  assert.notEqual(replaced.metadata.id, first.metadata.id);
  assert.deepEqual([replaced.input, replaced.warnings], [{ n: 1 }, undefined]);
  const { rows } = await client.list();
  assert.deepEqual(ids(rows), [replaced.metadata.id]);
  const { created, warnings } = await client.bulkCreate([{ workflowName: "a", idempotencyKey: "k", triggerAt: { in: "4h" }, input: { n: 2 }, onExisting: "replace" }]);
  assert.deepEqual([created[0].input, warnings, (await client.list()).rows.length], [{ n: 2 }, undefined, 1]);
});

test("a dry run of bulkCreate says what would be sent, and sends nothing", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["a"] });
  const runs = [{ workflowName: "a", triggerAt: "2031-01-01T02:00:00+02:00", idempotencyKey: "k: 1", input: { n: 1 } }];
  const { planned, created } = await client.bulkCreate(runs, { dryRun: true });
  const additionalMetadata = { idempotencyKey: "k%3A%201" };
  assert.deepEqual(planned, [{ workflowName: "a", triggerAt: "2031-01-01T00:00:00Z", input: { n: 1 }, additionalMetadata }]);
  assert.deepEqual([created, hatchet.requests], [[], []]);
});
