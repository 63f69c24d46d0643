/**
 * The calls of the contract against any Hatchet: the one of HATCHET_CLIENT_TOKEN. Needs a workflow to schedule:
 * HATCHET_TEST_WORKFLOW, by default "simple". Everything is scheduled years ahead, marked, and deleted again; the one run
 * that is started now is the only trace.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";

const settings = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("HATCHET_CLIENT_")));
const { BadRequestError, NotFoundError, PermissionDeniedError, ScheduledClient } = await import("../support/package.mjs");
Object.assign(process.env, settings);

const client = new ScheduledClient();
const workflowName = process.env.HATCHET_TEST_WORKFLOW || "simple";
const mark = { hatchetScheduledTest: randomUUID() };
const at = (seconds) => new Date(Date.UTC(2099, 0, 1) + seconds * 1000);
const make = (changes = {}) => client.create(workflowName, { triggerAt: at(0), additionalMetadata: mark, ...changes });

after(async () => {
  const { errors } = await client.bulkDelete({ additionalMetadata: mark });
  assert.deepEqual(errors, []);
  assert.deepEqual((await client.list({ additionalMetadata: mark })).rows, []);
});

test("create, get, update, delete", async () => {
  const input = { a: [1, { b: null }], ü: "\u{1F600}" };
  const run = await make({ triggerAt: "2099-01-01T02:30:00+02:30", input, priority: 2 });
  assert.equal(run.triggerAt, "2099-01-01T00:00:00Z");
  assert.deepEqual(run.input, input);
  assert.deepEqual([run.method, run.priority, run.additionalMetadata], ["API", 2, mark]);
  assert.deepEqual(await client.get(run), run);
  assert.equal((await client.update(run, { triggerAt: at(5) })).triggerAt, "2099-01-01T00:00:05Z");
  await client.delete(run);
  await assert.rejects(client.get(run), NotFoundError);
  await assert.rejects(client.update(run, { triggerAt: at(6) }), NotFoundError);
});

test("list, in pages, by conditions", async () => {
  const runs = [3, 1, 2].map((n) => ({ workflowName, triggerAt: at(n), additionalMetadata: { ...mark, n } }));
  const { created } = await client.bulkCreate(runs);
  assert.equal(created.length, 3);
  const query = { workflowName, additionalMetadata: mark, orderByField: "triggerAt", orderByDirection: "ASC" };
  const { rows, pagination } = await client.list({ ...query, limit: 2 });
  assert.deepEqual(rows.map(({ triggerAt }) => triggerAt), ["2099-01-01T00:00:01Z", "2099-01-01T00:00:02Z"]);
  assert.deepEqual(pagination, { current_page: 1, next_page: 2, num_pages: 2 });
  const third = await client.list({ additionalMetadata: { ...mark, n: 3 } });
  assert.deepEqual(third.rows.map(({ triggerAt }) => triggerAt), ["2099-01-01T00:00:03Z"]);
  assert.deepEqual((await client.list({ additionalMetadata: mark, statuses: ["FAILED"] })).rows, []);
  const seen = [];
  for await (const run of client.iterate({ ...query, pageSize: 2 })) seen.push(run.additionalMetadata.n);
  assert.deepEqual(seen, [1, 2, 3]);
  await client.bulkDelete({ scheduledIds: created });
});

test("a workflow is found by its name, and tells of its newest version", async () => {
  const found = await client.workflows({ name: workflowName });
  const workflow = found.find(({ name }) => name === workflowName);
  assert.ok(workflow, `${workflowName} is there`);
  const { metadata, inputJsonSchema } = await client.workflowVersion(workflow);
  assert.match(metadata.id, /^[0-9a-f-]{36}$/);
  assert.ok(inputJsonSchema === undefined || typeof inputJsonSchema === "object");
});

test("trigger starts the run now", async () => {
  const run = await make();
  assert.match((await client.trigger(run)).externalId, /^[0-9a-f-]{36}$/);
  await assert.rejects(client.get(run), NotFoundError);
});

test("bulkUpdate and bulkDelete, over more than one chunk", async () => {
  const runs = Array.from({ length: 210 }, (_, index) => ({ workflowName, triggerAt: at(index), additionalMetadata: mark }));
  const { created, errors } = await client.bulkCreate(runs, { concurrency: 8 });
  assert.deepEqual(errors, []);
  const ids = created.map(({ metadata }) => metadata.id);
  const unknown = randomUUID();
  const updated = await client.bulkUpdate([...ids, unknown].map((id) => [id, at(1000)]));
  assert.deepEqual(updated.updatedIds, ids);
  assert.deepEqual(updated.errors.map(({ id }) => id), [unknown]);
  const dry = await client.bulkDelete({ additionalMetadata: mark, workflowName }, { dryRun: true });
  assert.deepEqual([...dry.deletedIds].sort(), [...ids].sort());
  assert.deepEqual((await client.bulkDelete({ scheduledIds: ids })).deletedIds, ids);
});

test("the same key creates one run", async () => {
  const idempotencyKey = `live: ${randomUUID()}`;
  const run = await make({ idempotencyKey });
  assert.equal((await make({ idempotencyKey })).metadata.id, run.metadata.id);
  await client.delete(run);
});

test("watch tells what is created and deleted", async () => {
  const controller = new AbortController();
  const types = [];
  const watching = (async () => {
    const options = { intervalMs: 500, signal: controller.signal };
    for await (const { type } of client.watch({ additionalMetadata: mark }, options)) {
      types.push(type);
      if (type === "removed") controller.abort();
    }
  })();
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const run = await make();
  while (types.length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  await client.delete(run);
  await watching;
  assert.deepEqual(types, ["added", "removed"]);
});

test("refusals", async () => {
  await assert.rejects(client.create(`no-such-workflow-${randomUUID()}`, { triggerAt: at(0) }), BadRequestError);
  await assert.rejects(client.get(randomUUID()), NotFoundError);
  const [header, claims] = process.env.HATCHET_CLIENT_TOKEN.trim().split(".");
  await assert.rejects(new ScheduledClient({ token: `${header}.${claims}.AAAA` }).list(), PermissionDeniedError);
});
