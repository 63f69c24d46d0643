/** Nothing lost: bulk calls, paging, creating once and watching, while the network and the server fail. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";

import { BulkInterruptedError, ConnectionError, ScheduledClient, TimeoutError } from "../support/package.mjs";
import { startServer } from "../support/server.mjs";

const HOUR = 3_600_000;
const inAnHour = () => new Date(Date.now() + HOUR);

let server;
let client;

before(async () => {
  server = await startServer();
  client = new ScheduledClient({ token: server.token });
});

afterEach(async () => {
  await server.clearFaults();
  await server.clock({ system: true });
  await client.bulkDelete({ all: true });
});

after(() => server.stop());

async function ids() {
  const found = new Set();
  for await (const run of client.iterate()) found.add(run.metadata.id);
  return found;
}

const bulkDelete = { method: "POST", pathContains: "/bulk-delete" };

test("100,000 runs are read, moved and deleted", { timeout: 300_000 }, async () => {
  await server.insertRuns({ count: 100_000, triggerAt: inAnHour().toISOString(), spacingMs: 10 });
  const all = [...(await ids())];
  assert.equal(all.length, 100_000);
  const triggerAt = new Date(Date.now() + 2 * HOUR);
  const progress = [];
  const moved = await client.bulkUpdate(all.map((id) => [id, triggerAt]), { onProgress: (now) => progress.push(now) });
  assert.equal(moved.updatedIds.length, 100_000);
  assert.deepEqual(moved.updatedIds, all, "in the order given");
  assert.equal(progress.length, 200);
  assert.deepEqual(progress.at(-1), { done: 100_000, failed: 0, total: 100_000 });
  const deleted = await client.bulkDelete({ all: true });
  assert.equal(deleted.deletedIds.length, 100_000);
});

test("a bulk delete over lost answers, refused chunks and runs that fire accounts for every run", async () => {
  const { ids: waiting } = await server.insertRuns({ count: 2_500, triggerAt: inAnHour().toISOString() });
  const { ids: gone } = await server.insertRuns({ count: 50, triggerAt: inAnHour().toISOString() });
  await client.bulkDelete({ scheduledIds: gone });
  await server.faults(
    { match: { ...bulkDelete, nth: 1 }, then: { drop: "after" } },
    { match: { ...bulkDelete, nth: 3 }, then: { drop: "before" } },
    { match: { ...bulkDelete, nth: 4 }, then: { status: 500, body: '{"errors":[{"description":"database"}]}' } },
  );
  const result = await client.bulkDelete({ scheduledIds: [...waiting, ...gone] }, { concurrency: 2 });
  assert.deepEqual(new Set(result.deletedIds), new Set(waiting), "repeats and look-ups settle all of them");
  assert.deepEqual(new Set(result.errors.map((error) => error.id)), new Set(gone));
  assert.equal((await ids()).size, 0);
});

test("a chunk that is refused for good is told, and the others are done", async () => {
  const { ids: all } = await server.insertRuns({ count: 1_500, triggerAt: inAnHour().toISOString() });
  await server.faults({ match: { ...bulkDelete, nth: 2 }, then: { status: 500, body: "<title>database</title>" } });
  const result = await client.bulkDelete({ scheduledIds: all }, { maxRetries: 0, concurrency: 1 });
  assert.deepEqual(result.deletedIds, [...all.slice(0, 500), ...all.slice(1_000)]);
  assert.deepEqual(result.errors.map((error) => error.id), all.slice(500, 1_000));
  assert.match(result.errors[0].error, /database \(HTTP 500\)/);
  assert.deepEqual(await ids(), new Set(all.slice(500, 1_000)));
});

test("runs that a request deleted are told as deleted, also where a gateway answered it with 502", async () => {
  const { ids: all } = await server.insertRuns({ count: 20, triggerAt: inAnHour().toISOString() });
  const gateway = async (url, init) => {
    const response = await fetch(url, init);
    return init.method === "POST" ? new Response("<title>Bad Gateway</title>", { status: 502 }) : response;
  };
  const behind = new ScheduledClient({ token: server.token, fetch: gateway });
  const { deletedIds, errors } = await behind.bulkDelete({ scheduledIds: all }, { maxRetries: 0 });
  assert.deepEqual([deletedIds, errors], [all, []]);
});

test("what a request without an answer was to do is unknown: it may be done after the client has looked", async () => {
  const { ids: all } = await server.insertRuns({ count: 5, triggerAt: inAnHour().toISOString() });
  let arrive;
  const stuck = (url, init) => {
    if (init.method !== "POST") return fetch(url, init);
    arrive = () => fetch(url, { ...init, signal: undefined });
    return new Promise((_, reject) => init.signal.addEventListener("abort", () => reject(init.signal.reason)));
  };
  const behind = new ScheduledClient({ token: server.token, fetch: stuck });
  const error = await behind.bulkDelete({ scheduledIds: all }, { timeoutMs: 100, maxRetries: 0 }).then(assert.fail, (error) => error);
  await arrive();
  assert.ok(error instanceof BulkInterruptedError, String(error));
  assert.deepEqual([error.done, [...error.unknown].sort(), error.rest], [{ deletedIds: [], errors: [] }, [...all].sort(), []]);
  const left = await ids();
  assert.ok(all.every((id) => !left.has(id)), "it was done all the same");
});

test("when the server goes away, done, unknown and rest are exactly the input, and finish the work", async () => {
  const { ids: all } = await server.insertRuns({ count: 5_000, triggerAt: inAnHour().toISOString() });
  await server.faults({ match: { ...bulkDelete, from: 4 }, then: { drop: "before" } }, { match: { method: "GET" }, then: { drop: "before" } });
  const error = await client.bulkDelete({ scheduledIds: all }).catch((error) => error);
  assert.ok(error instanceof BulkInterruptedError, String(error));
  const { done, unknown, rest } = error;
  assert.deepEqual([...done.deletedIds, ...done.errors.map(({ id }) => id), ...unknown, ...rest].sort(), [...all].sort());
  assert.ok(done.deletedIds.length >= 1_500 && rest.length > 0);
  await server.clearFaults();
  const left = await ids();
  for (const id of rest) assert.ok(left.has(id), "what was not tried is there");
  for (const id of done.deletedIds) assert.ok(!left.has(id), "what is told as deleted is gone");
  const again = await client.bulkDelete({ scheduledIds: [...rest, ...unknown] });
  assert.equal(again.deletedIds.length, left.size);
  assert.equal((await ids()).size, 0);
});

test("iterate misses no run that stays and repeats none, while runs fire and are added between its pages", async () => {
  await server.clock({ set: "2031-01-01T00:00:00Z" });
  const firing = await server.insertRuns({ count: 400, triggerAt: "2031-01-01T00:01:00Z", spacingMs: 100 });
  const staying = await server.insertRuns({ count: 400, triggerAt: "2031-01-02T00:00:00Z", spacingMs: 100 });
  const seen = [];
  let pages = 0;
  const query = { orderByField: "triggerAt", orderByDirection: "ASC", pageSize: 50 };
  for await (const run of client.iterate(query)) {
    seen.push(run.metadata.id);
    if (seen.length % 40 === 0 && pages++ < 12) {
      await server.clock({ advanceMs: pages === 1 ? 65_000 : 4_000 });
      await server.insertRuns({ count: 30, triggerAt: "2031-01-01T12:00:00Z" });
    }
  }
  assert.equal(new Set(seen).size, seen.length, "none twice");
  for (const id of staying.ids) assert.ok(seen.includes(id), "none missed");
  assert.ok((await client.list({ limit: 1_000 })).rows.every((run) => !firing.ids.slice(0, 100).includes(run.metadata.id)), "some fired");
});

test("a key makes one run, whatever is lost, also for a client that never heard of it", async () => {
  const failures = [
    { drop: "after" },
    { drop: "before" },
    { delayAfterMs: 1_000 },
    { status: 502, body: "<title>Bad Gateway</title>" },
    { cutBody: true },
  ];
  const create = { method: "POST", pathContains: "/simple/scheduled" };
  for (const [index, then] of failures.entries()) {
    await server.faults({ match: { ...create, times: 2 }, then });
    const idempotencyKey = `order ${index}: "é/?&`;
    const run = { triggerAt: inAnHour(), idempotencyKey };
    const first = await client.create("simple", run, { timeoutMs: 400 }).catch((error) => error);
    await server.clearFaults();
    const other = new ScheduledClient({ token: server.token });
    const second = await other.create("simple", run);
    if (!(first instanceof Error)) assert.equal(first.metadata.id, second.metadata.id, JSON.stringify(then));
    else assert.ok(first instanceof ConnectionError || first instanceof TimeoutError, String(first));
    assert.equal((await ids()).size, index + 1, JSON.stringify(then));
  }
});

test("a key outlives the server", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hatchet-data-"));
  try {
    const run = { triggerAt: inAnHour(), idempotencyKey: "survivor" };
    const created = [];
    for (let start = 0; start < 2; start++) {
      const restarted = await startServer(["--data", folder]);
      created.push(await new ScheduledClient({ token: restarted.token }).create("simple", run));
      await restarted.stop();
    }
    assert.equal(created[0].metadata.id, created[1].metadata.id);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("two writers at the same instant end up with one run", async () => {
  const writers = Array.from({ length: 4 }, () => new ScheduledClient({ token: server.token }));
  const run = { triggerAt: inAnHour(), idempotencyKey: "race" };
  await Promise.all(writers.map((writer) => writer.create("simple", run)));
  assert.equal((await ids()).size, 1);
});

test("watch goes on after failures, and tells what happened meanwhile once", async () => {
  const events = [];
  const watching = new ScheduledClient({ token: server.token, maxRetries: 0, onEvent: (event) => events.push(event) });
  const abort = new AbortController();
  const changes = watching.watch({}, { intervalMs: 100, signal: abort.signal });
  const next = changes.next();
  while (!events.some((event) => event.type === "response")) await new Promise((resolve) => setTimeout(resolve, 20));
  await server.faults({ match: { method: "GET", times: 3 }, then: { drop: "before" } });
  const run = await client.create("simple", { triggerAt: inAnHour() });
  const { value } = await next;
  assert.deepEqual([value.type, value.run.metadata.id], ["added", run.metadata.id]);
  assert.ok(events.some((event) => event.type === "response" && event.error instanceof ConnectionError), "failures are told");
  await client.delete(run);
  assert.equal((await changes.next()).value.type, "removed");
  abort.abort();
  assert.equal((await changes.next()).done, true);
});
