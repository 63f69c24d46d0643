import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { ScheduledClient, ValidationError } from "../support/package.mjs";
import { fakeFetch, ID, json, never, runOf, TOKEN } from "../support/fake.mjs";

const idOf = (index) => ID.slice(0, -12) + String(index).padStart(12, "0");

/** A server whose runs are in `all`, listed as asked. */
function listing(all) {
  return fakeFetch(({ url }) => {
    const query = new URL(url).searchParams;
    const [offset, limit] = [Number(query.get("offset")), Number(query.get("limit"))];
    return json({ rows: all.slice(offset, offset + limit), pagination: { current_page: 1, next_page: 2, num_pages: 1 } });
  });
}

const runs = (count) =>
  Array.from({ length: count }, (_, index) => {
    const metadata = { ...runOf().metadata, id: idOf(index) };
    return runOf({ metadata, triggerAt: new Date(2e12 - index * 1000).toISOString() });
  });

test("every run comes once, over several pages, and is asked for only when needed", async () => {
  const fetch = listing(runs(45));
  const iterator = new ScheduledClient({ token: TOKEN, fetch }).iterate({ pageSize: 20 });
  assert.equal(fetch.requests.length, 0);
  const seen = [];
  for await (const run of iterator) {
    seen.push(run.metadata.id);
    if (seen.length === 1) assert.equal(fetch.requests.length, 1);
  }
  assert.deepEqual(seen, Array.from({ length: 45 }, (_, index) => idOf(index)));
  assert.deepEqual(await iterator.next(), { done: true, value: undefined });
});

test("leaving the loop asks for no more", async () => {
  const fetch = listing(runs(100));
  for await (const run of new ScheduledClient({ token: TOKEN, fetch }).iterate({ pageSize: 20 })) {
    if (run.metadata.id === idOf(3)) break;
  }
  await sleep(20);
  assert.equal(fetch.requests.length, 1);
});

test("calls to next() at the same time are answered in turn", async () => {
  const iterator = new ScheduledClient({ token: TOKEN, fetch: listing(runs(3)) }).iterate();
  const results = await Promise.all([iterator.next(), iterator.next(), iterator.next(), iterator.next(), iterator.next()]);
  assert.deepEqual(results.map(({ done, value }) => (done ? "end" : value.metadata.id)), [idOf(0), idOf(1), idOf(2), "end", "end"]);
});

test("return() ends it at once, also while a page is awaited, and aborts the request", async () => {
  const fetch = fakeFetch(never);
  const iterator = new ScheduledClient({ token: TOKEN, fetch }).iterate();
  const awaited = iterator.next();
  while (fetch.requests.length === 0) await sleep(1);
  assert.deepEqual(await iterator.return("value"), { done: true, value: "value" });
  assert.deepEqual(await awaited, { done: true, value: undefined });
  assert.equal(fetch.requests[0].init.signal.aborted, true);
  const thrown = new Error("mine");
  await assert.rejects(iterator.throw(thrown), thrown);
});

test("return() before the first page sends nothing", async () => {
  const fetch = fakeFetch();
  const iterator = new ScheduledClient({ token: TOKEN, fetch }).iterate();
  const first = iterator.next();
  await iterator.return();
  assert.deepEqual(await first, { done: true, value: undefined });
  assert.equal(fetch.requests.length, 0);
});

test("a failure is told once and is the end; mistakes are told by the first next()", async () => {
  const client = new ScheduledClient({ token: TOKEN, fetch: fakeFetch(() => json({ message: "no" }, 403)) });
  const iterator = client.iterate();
  await assert.rejects(iterator.next(), { name: "PermissionDeniedError", operation: "iterate" });
  assert.deepEqual(await iterator.next(), { done: true, value: undefined });
  const mistaken = client.iterate({ pageSize: "many" });
  await assert.rejects(mistaken.next(), (error) => error instanceof ValidationError && error.path === "query.pageSize");
});

test("an abort ends iterating with its reason", async () => {
  const controller = new AbortController();
  const iterator = new ScheduledClient({ token: TOKEN, fetch: listing(runs(40)) }).iterate({ pageSize: 20 }, { signal: controller.signal });
  await iterator.next();
  controller.abort("enough");
  await assert.rejects(async () => { for await (const _ of iterator); }, (reason) => reason === "enough");
});

test("watch tells what is added, changed and gone, and ends with its signal", async () => {
  const state = runs(3);
  const controller = new AbortController();
  const client = new ScheduledClient({ token: TOKEN, fetch: listing(state) });
  const changes = [];
  const watching = (async () => {
    for await (const { type, run } of client.watch({}, { intervalMs: 20, signal: controller.signal })) changes.push([type, run.metadata.id]);
  })();
  await sleep(60);
  assert.deepEqual(changes, [], "what is there at first is no change");
  state.unshift(runOf({ metadata: { ...runOf().metadata, id: idOf(9) } }));
  while (changes.length < 1) await sleep(5);
  state.pop();
  while (changes.length < 2) await sleep(5);
  state[1] = { ...state[1], triggerAt: "2032-01-01T00:00:00Z", metadata: { ...state[1].metadata, updatedAt: "2026-12-01T00:00:00Z" } };
  while (changes.length < 3) await sleep(5);
  controller.abort();
  await watching;
  assert.deepEqual(changes, [["added", idOf(9)], ["removed", idOf(2)], ["updated", idOf(0)]]);
});

test("a watch goes on from the runs that a page shows, and tells of its waits", async () => {
  const all = runs(3);
  const events = [];
  let fails = 0;
  const listed = listing(all);
  const fetch = (url, init) => (fails-- > 0 ? Promise.resolve(new Response("", { status: 503 })) : listed(url, init));
  const client = new ScheduledClient({ token: TOKEN, fetch, maxRetries: 0, onEvent: (event) => events.push(event) });
  const known = (await client.list({ limit: 10 })).rows;
  const [, , gone] = known;
  all.pop();
  fails = 1;
  const watch = client.watch({}, { intervalMs: 20, known: new Set(known) });
  const { value } = await watch.next();
  await watch.return();
  assert.deepEqual([value.type, value.run], ["removed", gone]);
  const waits = events.filter(({ type }) => type === "retry");
  assert.deepEqual(waits.map(({ operation, status, delayMs, error }) => [operation, status, delayMs, error.code]), [
    ["watch", 503, 40, "server-error"],
  ]);
});

test("known runs that are no runs are refused with their place", async () => {
  const client = new ScheduledClient({ token: TOKEN, fetch: fakeFetch(never) });
  const refused = async (known) => (await assert.rejects(client.watch({}, { known }).next(), ValidationError), undefined);
  await refused([{ metadata: { id: ID } }]);
  await refused("abc");
  await assert.rejects(client.watch({}, { known: [runOf(), { ...runOf(), triggerAt: "soon" }] }).next(), /^ValidationError: watch: options\.known\[1\]\.triggerAt: /);
});
