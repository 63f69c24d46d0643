import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { BulkInterruptedError, ScheduledClient } from "../support/package.mjs";
import { fakeFetch, ID, json, never, runOf, TOKEN } from "../support/fake.mjs";

/** Ids that differ. */
const ids = (count) => Array.from({ length: count }, (_, index) => ID.slice(0, -12) + String(index).padStart(12, "0"));

/** What a call rejects with, wrapped, as undefined is a reason too. */
const outcome = (promise) => promise.then(() => assert.fail("it succeeded"), (reason) => ({ reason }));

test("a call rejects with the signal's own reason, whatever its type", async () => {
  for (const reason of [new Error("mine"), "text", 0, null, { why: 1 }, Symbol("s")]) {
    const fetch = fakeFetch(never);
    const controller = new AbortController();
    const call = outcome(new ScheduledClient({ token: TOKEN, fetch }).get(ID, { signal: controller.signal }));
    while (fetch.requests.length === 0) await sleep(1);
    controller.abort(reason);
    assert.equal((await call).reason, reason);
    assert.equal(fetch.requests[0].init.signal.aborted, true, "the request itself is aborted");
    assert.equal(fetch.requests.length, 1, "and not repeated");
  }
  const { reason } = await outcome(new ScheduledClient({ token: TOKEN, fetch: fakeFetch(never) }).get(ID, { signal: AbortSignal.timeout(5) }));
  assert.equal(reason.name, "TimeoutError");
  assert.ok(reason instanceof DOMException);
});

test("a signal that is aborted already sends nothing, in any call", async () => {
  const fetch = fakeFetch();
  const client = new ScheduledClient({ token: TOKEN, fetch });
  const signal = AbortSignal.abort("no");
  const triggerAt = "2031-01-01T00:00:00Z";
  const calls = [
    client.create("a", { triggerAt }, { signal }),
    client.create("a", { triggerAt, idempotencyKey: "k" }, { signal }),
    client.get(ID, { signal }),
    client.list({}, { signal }),
    client.list({ workflowName: "a" }, { signal }),
    client.update(ID, { triggerAt }, { signal }),
    client.delete(ID, { signal }),
    client.trigger(ID, { signal }),
    client.bulkDelete({ scheduledIds: [ID] }, { signal }),
    client.bulkDelete({ all: true }, { signal }),
    client.bulkUpdate([[ID, triggerAt]], { signal }),
    client.bulkCreate([{ workflowName: "a", triggerAt }], { signal }),
    client.iterate({}, { signal }).next(),
  ];
  for (const call of calls) assert.equal((await outcome(call)).reason, "no");
  assert.deepEqual(await client.watch({}, { signal }).next(), { done: true, value: undefined });
  assert.equal(fetch.requests.length, 0);
});

test("aborting ends waits: for the token, and between attempts", async () => {
  const waiting = async (options) => {
    const controller = new AbortController();
    const call = outcome(new ScheduledClient({ token: TOKEN, ...options }).get(ID, { signal: controller.signal }));
    await sleep(30);
    const started = Date.now();
    controller.abort("enough");
    assert.equal((await call).reason, "enough");
    assert.ok(Date.now() - started < 500);
  };
  await waiting({ token: never, fetch: fakeFetch() });
  await waiting({ fetch: fakeFetch(() => json({}, 503, { "retry-after": "30" })) });
});

test("listeners are removed when a call is over", async () => {
  const { signal } = new AbortController();
  const client = new ScheduledClient({ token: TOKEN, fetch: fakeFetch() });
  await Promise.all([client.get(ID, { signal }), client.get(ID, { signal }), client.get("nope", { signal }).catch(() => {})]);
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("thirty calls on one signal are no leak, and nothing says so", async () => {
  const told = [];
  const listen = (warning) => told.push(warning);
  process.on("warning", listen);
  const controller = new AbortController();
  const client = new ScheduledClient({ token: TOKEN, fetch: fakeFetch(never) });
  const calls = Array.from({ length: 30 }, () => outcome(client.get(ID, { signal: controller.signal })));
  await sleep(50);
  const reason = new Error("enough");
  controller.abort(reason);
  for (const { reason: got } of await Promise.all(calls)) assert.equal(got, reason);
  await sleep(1);
  process.off("warning", listen);
  assert.deepEqual(told, []);
});

test("a signal of another make will do, and aborting twice is aborting", async () => {
  const listeners = new Set();
  const signal = {
    aborted: false,
    addEventListener: (_, listener) => listeners.add(listener),
    removeEventListener: (_, listener) => listeners.delete(listener),
  };
  const call = outcome(new ScheduledClient({ token: TOKEN, fetch: fakeFetch(never) }).get(ID, { signal }));
  while (listeners.size === 0) await sleep(1);
  for (const listener of [...listeners, ...listeners]) listener();
  assert.equal((await call).reason.name, "AbortError");
  assert.equal(listeners.size, 0);
});

test("a timer does not keep the process alive when the call is over", async () => {
  const before = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  await new ScheduledClient({ token: TOKEN, fetch: fakeFetch(), totalTimeoutMs: 60_000 }).get(ID);
  assert.equal(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length, before);
});

test("an aborted bulk call says what is done, what is unknown and what was not tried", async () => {
  const all = ids(2500);
  const controller = new AbortController();
  const fetch = fakeFetch(({ body }, number) => {
    if (number === 3) {
      controller.abort("stop");
      return never();
    }
    return json({ updatedIds: body.updates.map(({ id }) => id), errors: [] });
  });
  const updates = all.map((id) => ({ id, triggerAt: new Date(2e12) }));
  const progress = [];
  const { reason: error } = await outcome(
    new ScheduledClient({ token: TOKEN, fetch }).bulkUpdate(updates, {
      concurrency: 1,
      signal: controller.signal,
      onProgress: (told) => progress.push(told),
    }),
  );
  assert.ok(error instanceof BulkInterruptedError, String(error));
  assert.equal(error.code, "bulk-interrupted");
  assert.equal(error.cause, "stop");
  assert.deepEqual(error.done, { updatedIds: all.slice(0, 1000), errors: [] });
  assert.deepEqual(error.unknown, all.slice(1000, 1500));
  assert.equal(error.rest.length, 1000);
  error.rest.forEach((item, index) => assert.equal(item, updates[1500 + index], "the caller's own items"));
  assert.deepEqual(progress[0], { done: 500, failed: 0, total: 2500 });
  assert.equal(fetch.requests.length, 3);
});
