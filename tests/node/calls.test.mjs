/** The calls against the embedded Hatchet. */
import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import {
  BadRequestError, BulkInterruptedError, ConnectionError, NotFoundError, PermissionDeniedError, ScheduledClient, ServerError, TimeoutError,
} from "../support/package.mjs";
import { deadAddress, startServer } from "../support/server.mjs";

const server = await startServer();
after(() => server.stop());
afterEach(() => server.clearFaults());

const client = new ScheduledClient({ token: server.token });
const later = "2031-01-01T00:00:00Z";
const unknownId = "7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f";

/** Some runs with metadata of their own, so that tests do not see each other's. */
async function make(count, team, changes = {}) {
  const runs = Array.from({ length: count }, (_, index) => ({
    workflowName: "simple",
    triggerAt: Date.UTC(2031, 0, 1) + index * 1000,
    additionalMetadata: { team },
    ...changes,
  }));
  const { created, errors } = await client.bulkCreate(runs, { concurrency: 20 });
  assert.deepEqual(errors, []);
  return created;
}

const remaining = async (team) => (await client.list({ additionalMetadata: { team }, limit: 10_000 })).rows;

test("create, get, list, update, trigger, delete", async () => {
  const run = await client.create("greeter", {
    triggerAt: "2031-01-01T02:30:00+02:30",
    input: { name: "Ada", nested: [1, { ü: null }] },
    additionalMetadata: { team: "one", n: 5 },
    priority: 3,
  });
  assert.equal(run.triggerAt, later);
  assert.deepEqual(run.input, { name: "Ada", nested: [1, { ü: null }] });
  assert.deepEqual(run.additionalMetadata, { team: "one", n: 5 });
  assert.deepEqual([run.workflowName, run.method, run.priority, run.tenantId], ["greeter", "API", 3, server.tenantId]);
  assert.deepEqual([run.workflowRunCreatedAt, run.workflowRunName], [undefined, undefined], "no placeholders");
  assert.deepEqual(await client.get(run), run);
  assert.deepEqual(await client.get(run.metadata.id), run);

  const { rows, pagination } = await client.list({ workflowName: "greeter", additionalMetadata: { team: "one", n: 5 } });
  assert.deepEqual(rows, [run]);
  assert.deepEqual(pagination, { current_page: 1, next_page: 1, num_pages: 1 });

  const moved = await client.update(run, { triggerAt: { in: "2h" } });
  assert.ok(Math.abs(Date.parse(moved.triggerAt) - Date.now() - 7_200_000) < 5_000);
  assert.ok(!("warnings" in moved));

  assert.equal(await client.delete(run), undefined);
  await assert.rejects(client.get(run), (error) => error instanceof NotFoundError && error.operation === "get");

  const [other] = await make(1, "trigger");
  const { externalId } = await client.trigger(other);
  assert.match(externalId, /^[0-9a-f-]{36}$/);
  await assert.rejects(client.get(other), NotFoundError);
});

test("a run fires at its time", async () => {
  const run = await client.create("simple", { triggerAt: { in: "1s" } });
  for (let waited = 0; ; waited += 100) {
    const gone = await client.get(run).then(() => false, (error) => error instanceof NotFoundError);
    if (gone) break;
    assert.ok(waited < 15_000, "it did not fire");
    await sleep(100);
  }
});

test("the server's refusals come as the right errors", async () => {
  await assert.rejects(client.create("Greeter", { triggerAt: later }), (error) => {
    assert.ok(error instanceof BadRequestError);
    assert.match(error.message, /did you mean "greeter"\?/);
    return true;
  });
  await assert.rejects(client.get(unknownId), (error) => error instanceof NotFoundError && error.attempts === 1 && error.errors.length > 0);
  await assert.rejects(client.delete(unknownId), NotFoundError);
  await assert.rejects(client.list({ workflowName: "nobody" }), (error) => error instanceof NotFoundError && /nobody/.test(error.message));
  const [header, claims] = server.token.split(".");
  const forged = new ScheduledClient({ token: `${header}.${claims}.AAAA` });
  await assert.rejects(forged.list(), (error) => error instanceof PermissionDeniedError && error.status === 403 && error.message.length > 20);
  const elsewhere = new ScheduledClient({ token: server.token, serverUrl: await deadAddress(), maxRetries: 0 });
  await assert.rejects(elsewhere.list(), (error) => error instanceof ConnectionError && /^list: no answer from the server: fetch failed: connect ECONNREFUSED/.test(error.message) && error.cause instanceof Error);
});

test("failures that may pass are repeated, and told to onEvent without the token", async () => {
  const events = [];
  const watched = new ScheduledClient({ token: server.token, onEvent: (event) => { events.push(event); throw new Error("ignored"); } });
  await server.faults({ match: { method: "GET", pathContains: "/scheduled", times: 2 }, then: { status: 503, body: "" } });
  await watched.list();
  assert.deepEqual(events.map(({ type, attempt, status }) => [type, attempt, status]), [
    ["request", 1, undefined], ["response", 1, 503], ["retry", 1, 503],
    ["request", 2, undefined], ["response", 2, 503], ["retry", 2, 503],
    ["request", 3, undefined], ["response", 3, 200],
  ]);
  assert.ok(events[1].durationMs >= 0 && events[2].delayMs >= 0 && events[2].error instanceof ServerError);
  assert.ok(!JSON.stringify(events).includes(server.token.split(".")[2]));
});

test("a create whose answer is lost happens once with a key, and says so without", async () => {
  const lost = { match: { method: "POST", pathContains: "/simple/scheduled", times: 1 }, then: { drop: "after" } };
  await server.faults(lost);
  const run = await client.create("simple", { triggerAt: later, idempotencyKey: "ship: 1/2", additionalMetadata: { team: "once" } });
  assert.deepEqual((await remaining("once")).map(({ metadata }) => metadata.id), [run.metadata.id]);
  const again = await client.create("simple", { triggerAt: later, idempotencyKey: "ship: 1/2", additionalMetadata: { team: "once" } });
  assert.equal(again.metadata.id, run.metadata.id);

  await server.clearFaults();
  await server.faults(lost);
  const without = client.create("simple", { triggerAt: later, additionalMetadata: { team: "twice" } });
  await assert.rejects(without, (error) => error instanceof ConnectionError && error.attempts === 1 && /may have been created/.test(error.message));
  assert.equal((await remaining("twice")).length, 1);
});

test("an answer that is cut off is no answer", async () => {
  await server.faults({ match: { method: "GET", times: 1 }, then: { cutBody: true } });
  await assert.rejects(client.list({}, { maxRetries: 0 }), (error) => error instanceof ConnectionError);
});

test("an abort and a timeout close the connection, so that the server sees it", async () => {
  await server.faults({ match: { method: "GET" }, then: { delayMs: 1_000 } });
  await server.forgetRequests();
  const controller = new AbortController();
  const call = client.list({}, { signal: controller.signal });
  setTimeout(() => controller.abort("enough"), 100);
  await assert.rejects(call, (reason) => reason === "enough");
  await assert.rejects(client.list({}, { timeoutMs: 100, maxRetries: 0 }), (error) => error instanceof TimeoutError);
  // By then the server would have answered, had it not been left.
  await sleep(1_500);
  assert.deepEqual((await server.requests()).map(({ clientClosed }) => clientClosed), [true, true]);
});

test("runs made in code are not deleted, and that is said", async () => {
  const { ids } = await server.insertRuns({ count: 2, method: "DEFAULT", additionalMetadata: { team: "in-code" } });
  const [run] = await make(1, "in-code");
  await assert.rejects(client.delete(ids[0]), (error) => error instanceof PermissionDeniedError && error.errors[0].description.length > 0);
  const { deletedIds, errors } = await client.bulkDelete({ additionalMetadata: { team: "in-code" } });
  assert.deepEqual(deletedIds, [run.metadata.id]);
  assert.deepEqual(errors.map(({ id }) => id).sort(), [...ids].sort());
  assert.match(errors[0].error, /made in code/);
});

test("many calls of one client at the same time do not mix", async () => {
  const runs = await make(60, "many");
  const got = await Promise.all(runs.map((run) => client.get(run)));
  assert.deepEqual(got.map(({ metadata }) => metadata.id), runs.map(({ metadata }) => metadata.id));
});

test("bulkUpdate: any number, both forms, duplicates once, what is not there reported", async () => {
  const runs = await make(450, "bulk-update");
  const target = "2032-02-02T02:02:02Z";
  const updates = runs.map((run, index) => (index % 2 ? [run, target] : { id: run.metadata.id, triggerAt: new Date(target) }));
  const progress = [];
  const { updatedIds, errors } = await client.bulkUpdate(new Set([...updates, [runs[0], target], [unknownId, target]]), {
    onProgress: (told) => progress.push(told),
  });
  assert.deepEqual(updatedIds, runs.map(({ metadata }) => metadata.id));
  assert.deepEqual(errors.map(({ id }) => id), [unknownId]);
  assert.deepEqual(progress.at(-1), { done: 450, failed: 1, total: 451 });
  assert.ok((await remaining("bulk-update")).every(({ triggerAt }) => triggerAt === target));
});

test("bulkDelete: by ids, by conditions, dry run; statuses and colons are honoured", async () => {
  const runs = await make(5, "bulk-delete", { additionalMetadata: { team: "bulk-delete", url: "https://x", n: 7 } });
  const others = await make(2, "bulk-delete");
  const ids = runs.map(({ metadata }) => metadata.id);
  const byValue = { additionalMetadata: { url: "https://x", n: 7 } };
  assert.deepEqual((await client.bulkDelete(byValue, { dryRun: true })).deletedIds.sort(), [...ids].sort());
  assert.equal((await remaining("bulk-delete")).length, 7);
  assert.deepEqual((await client.bulkDelete({ ...byValue, statuses: ["FAILED"] })).deletedIds, []);
  assert.deepEqual(await client.bulkDelete({ scheduledIds: [runs[1], ids[0], ids[0], unknownId] }), {
    deletedIds: [ids[1], ids[0]],
    errors: [{ id: unknownId, error: (await client.bulkDelete({ scheduledIds: [unknownId] })).errors[0].error }],
  });
  assert.deepEqual((await client.bulkDelete(byValue)).deletedIds.sort(), ids.slice(2).sort());
  assert.deepEqual((await remaining("bulk-delete")).map(({ metadata }) => metadata.id).sort(), others.map(({ metadata }) => metadata.id).sort());
});

test("bulkCreate reports what is refused by its place", async () => {
  const { created, errors } = await client.bulkCreate([
    { workflowName: "simple", triggerAt: later, additionalMetadata: { team: "bulk-create" } },
    { workflowName: "nobody", triggerAt: later },
    { workflowName: "greeter", triggerAt: { in: "1d" } },
  ]);
  assert.deepEqual(created.map(({ workflowName }) => workflowName), ["simple", "greeter"]);
  assert.deepEqual(errors.map(({ index }) => index), [1]);
  assert.match(errors[0].error, /workflow not found/);
});

test("a bulk call that loses its server can be finished with what is left", async () => {
  const runs = await make(1_500, "interrupted");
  await server.faults({ match: { method: "POST", pathContains: "bulk-delete", from: 2 }, then: { drop: "before" } });
  const error = await client.bulkDelete({ scheduledIds: runs }, { concurrency: 1, maxRetries: 0 }).then(assert.fail, (error) => error);
  assert.ok(error instanceof BulkInterruptedError, String(error));
  assert.ok(error.cause instanceof ConnectionError);
  assert.equal(error.done.deletedIds.length + error.unknown.length + error.rest.length, 1_500);
  assert.equal(error.done.deletedIds.length, 500);
  await server.clearFaults();
  await client.bulkDelete({ scheduledIds: [...error.rest, ...error.unknown] });
  assert.deepEqual(await remaining("interrupted"), []);
});

test("iterate: every run once, whatever the page size", async () => {
  const runs = await make(130, "iterate");
  const seen = [];
  for await (const run of client.iterate({ additionalMetadata: { team: "iterate" }, pageSize: 25, orderByDirection: "ASC" })) seen.push(run.metadata.id);
  assert.deepEqual(seen, runs.map(({ metadata }) => metadata.id));
});

test("watch: created, moved and deleted runs are told", async () => {
  const controller = new AbortController();
  const changes = [];
  const options = { intervalMs: 50, signal: controller.signal };
  const watching = (async () => {
    for await (const { type, run } of client.watch({ additionalMetadata: { team: "watch" } }, options)) changes.push([type, run.metadata.id]);
  })();
  await sleep(300);
  const [run] = await make(1, "watch");
  const until = async (count) => { for (let waited = 0; changes.length < count && waited < 5_000; waited += 20) await sleep(20); };
  await until(1);
  await client.update(run, { triggerAt: { in: "3h" } });
  await until(2);
  await client.delete(run);
  await until(3);
  controller.abort();
  await watching;
  const { id } = run.metadata;
  assert.deepEqual(changes, [["added", id], ["updated", id], ["removed", id]]);
});

test("a change in the last seconds warns, in the result and through onEvent", async () => {
  const events = [];
  const warned = new ScheduledClient({ token: server.token, onEvent: (event) => event.type === "warning" && events.push(event) });
  const run = await warned.create("simple", { triggerAt: { in: "8s" } });
  const { warnings } = await warned.update(run, { triggerAt: { in: "9s" } });
  assert.deepEqual(warnings.map(({ code, id }) => [code, id]), [["late-change", run.metadata.id]]);
  assert.equal(warnings[0].dueAt, run.triggerAt);
  await warned.delete(run);
  assert.deepEqual(events.map(({ operation, warning }) => [operation, warning.code]), [["update", "late-change"], ["delete", "late-change"]]);
});

test("confirm tells whether a late change held", async () => {
  const [safe] = await make(1, "confirm");
  assert.equal(await client.confirm(await client.update(safe, { triggerAt: { in: "1h" } })), "held");
  const late = await client.create("simple", { triggerAt: { in: "3s" } });
  await sleep(2_500);
  const updated = await client.update(late, { triggerAt: { in: "1h" } });
  assert.equal(updated.warnings.length, 1);
  const confirmation = await client.confirm(updated);
  assert.ok(Date.now() >= Date.parse(late.triggerAt) + 6_000, "not before the engine would have fired it");
  const stillThere = await client.get(late).then(() => true, () => false);
  assert.equal(confirmation, stillThere ? "held" : "lost");
});
