/** The calls of the contract, against any Hatchet. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";

import { client, open } from "./support.mjs";

const { NotFoundError } = await import("../support/package.mjs");
const { names, mark, stop } = await open();
after(stop);
const workflowName = names.typed;
const at = (seconds) => new Date(Date.UTC(2099, 0, 1) + seconds * 1000);
const make = (changes = {}) => client.create(workflowName, { triggerAt: at(0), additionalMetadata: mark, ...changes });

test("client: create, get, update, delete", async () => {
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

test("client: list, in pages, by conditions", async () => {
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

test("client: a workflow is found by its name, and tells of its newest version", async () => {
  const found = await client.workflows({ name: workflowName });
  const workflow = found.find(({ name }) => name === workflowName);
  assert.ok(workflow, `${workflowName} is there`);
  const { metadata, inputJsonSchema } = await client.workflowVersion(workflow);
  assert.match(metadata.id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(inputJsonSchema.required, ["to"]);
});

test("client: trigger starts the run now", async () => {
  const run = await make();
  assert.match((await client.trigger(run)).externalId, /^[0-9a-f-]{36}$/);
  await assert.rejects(client.get(run), NotFoundError);
});

test("client: bulkUpdate and bulkDelete, over more than one chunk", async () => {
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

test("client: watch tells what is created and deleted", async () => {
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
