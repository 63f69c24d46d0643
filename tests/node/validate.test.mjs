import assert from "node:assert/strict";
import test from "node:test";

import { ScheduledClient, ValidationError } from "../support/package.mjs";
import { fakeFetch, ID, runOf, TOKEN } from "../support/fake.mjs";

const fetch = fakeFetch();
const client = new ScheduledClient({ token: TOKEN, fetch });
const at = "2031-01-01T00:00:00Z";

/** What a call is refused with, as "path: reason"; nothing may be sent, and nothing thrown before the promise. */
async function refused(call) {
  const sent = fetch.requests.length;
  const error = await call(client).then(() => assert.fail("it was accepted"), (error) => error);
  assert.ok(error instanceof ValidationError, `${error?.stack ?? error}`);
  assert.equal(fetch.requests.length, sent, "something was sent");
  assert.equal(error.code, "validation");
  assert.equal(error.retryable, false);
  const [operation, ...rest] = error.message.split(": ");
  assert.equal(error.operation, operation);
  assert.ok(rest.join(": ").startsWith(error.path), `${error.path} leads ${error.message}`);
  return rest.join(": ");
}

/** What a call sends, as JSON. */
async function sent(call) {
  await call(client);
  return fetch.requests.at(-1).body;
}

test("ids", async () => {
  assert.match(await refused((c) => c.get()), /^scheduled: expected an id, or an object with its metadata, got undefined$/);
  assert.match(await refused((c) => c.get(null)), /^scheduled: .*got null$/);
  assert.match(await refused((c) => c.get(5)), /^scheduled: .*got a number$/);
  assert.match(await refused((c) => c.get("nope")), /^scheduled: must be a UUID/);
  assert.match(await refused((c) => c.get("")), /^scheduled: must be a UUID/);
  assert.match(await refused((c) => c.delete({ id: ID })), /^scheduled: /);
  assert.match(await refused((c) => c.trigger({ metadata: {} })), /^scheduled\.metadata\.id: expected a string, got undefined$/);
  assert.match(await refused((c) => c.update({ metadata: { id: "x" } }, { triggerAt: at })), /^scheduled\.metadata\.id: must be a UUID/);
  assert.match(await refused((c) => c.bulkDelete({ scheduledIds: [ID, "x"] })), /^selection\.scheduledIds\[1\]: must be a UUID/);
  assert.match(await refused((c) => c.bulkUpdate([[ID, at], ["x", at]])), /^updates\[1\]\.id: must be a UUID/);
  assert.match(await refused((c) => c.confirm(ID)), /^updated: expected an object, got a string/);
  assert.match(await refused((c) => c.confirm({ metadata: { id: ID } })), /^updated\.metadata\.createdAt: is not as a call of this client gave it: is missing/);
  await client.get(runOf());
  await client.get(ID.toUpperCase());
  assert.ok(fetch.requests.at(-1).url.endsWith(ID), "an id has one form");
});

test("misspelt keys, in every argument", async () => {
  assert.equal(await refused((c) => c.create("a", { trigerAt: at })), 'run.trigerAt: unknown key "trigerAt": did you mean "triggerAt"?');
  assert.match(await refused((c) => c.create("a", { triggerAt: at }, { timeout: 1 })), /^options\.timeout: .*did you mean "timeoutMs"\?$/);
  assert.match(await refused((c) => c.list({ workflow: "a" })), /^query\.workflow: .*did you mean "workflowId"\?$/);
  assert.match(await refused((c) => c.update(ID, { triggerAt: at, input: {} })), /^change\.input: .*known keys are triggerAt$/);
  assert.match(await refused((c) => c.bulkDelete({ ids: [ID] })), /^selection\.ids: /);
  assert.match(await refused((c) => c.bulkUpdate([{ id: ID, trigger_at: at }])), /^updates\[0\]\.trigger_at: .*"triggerAt"\?$/);
  assert.match(await refused((c) => c.bulkUpdate([], { concurency: 1 })), /^options\.concurency: .*"concurrency"\?$/);
  assert.match(await refused((c) => c.bulkCreate([{ workflow: "a", triggerAt: at }])), /^runs\[0\]\.workflow: .*"workflowName"\?$/);
  assert.match(await refused((c) => c.iterate({ limit: 1 }).next()), /^query\.limit: /);
  assert.match(await refused((c) => c.watch({}, { interval: 1 }).next()), /^options\.interval: .*"intervalMs"\?$/);
});

test("missing and mistaken values", async () => {
  assert.equal(await refused((c) => c.create()), "workflowName: expected a string, got undefined");
  assert.match(await refused((c) => c.create("", { triggerAt: at })), /^workflowName: is empty/);
  assert.equal(await refused((c) => c.create("a")), "run: expected an object, got undefined");
  assert.equal(await refused((c) => c.create("a", {})), "run.triggerAt: is missing");
  assert.equal(await refused((c) => c.create("a", { triggerAt: at, priority: "1" })), "run.priority: expected a number, got a string");
  assert.match(await refused((c) => c.create("a", { triggerAt: at, priority: 4 })), /^run\.priority: must be 1 /);
  assert.match(await refused((c) => c.create("a", { triggerAt: at, priority: 1.5 })), /^run\.priority: expected a whole number, got 1\.5/);
  assert.match(await refused((c) => c.create("a", { triggerAt: at, idempotencyKey: "" })), /^run\.idempotencyKey: is empty/);
  assert.equal(await refused((c) => c.update(ID)), "change: expected an object, got undefined");
  assert.equal(await refused((c) => c.get(ID, null)), "options: expected an object, got null");
  assert.equal(await refused((c) => c.get(ID, { signal: {} })), "options.signal: expected an AbortSignal, got an object");
  assert.equal(await refused((c) => c.get(ID, { headers: { a: 1 } })), "options.headers.a: expected a string, got a number");
  assert.match(await refused((c) => c.get(ID, { timeoutMs: 0 })), /^options\.timeoutMs: must be more than 0/);
  assert.match(await refused((c) => c.list(null)), /^query: expected an object, got null/);
  assert.match(await refused((c) => c.list({ limit: 0 })), /^query\.limit: must be at least 1/);
  assert.match(await refused((c) => c.list({ limit: -1 })), /^query\.limit: must be a whole number from 0 up, got -1/);
  assert.match(await refused((c) => c.list({ offset: Infinity })), /^query\.offset: expected a whole number, got Infinity/);
  assert.match(await refused((c) => c.list({ statuses: ["scheduled"] })), /^query\.statuses\[0\]: must be one of PENDING, /);
  assert.match(await refused((c) => c.list({ statuses: "SCHEDULED" })), /^query\.statuses: expected an array or another iterable, got a string/);
  assert.match(await refused((c) => c.list({ statuses: [] })), /^query\.statuses: is empty; leave it out for any status/);
  assert.match(await refused((c) => c.list({ orderByField: "name" })), /^query\.orderByField: must be one of triggerAt, createdAt/);
  assert.match(await refused((c) => c.list({ orderByDirection: "asc" })), /^query\.orderByDirection: must be one of ASC, DESC/);
  assert.match(await refused((c) => c.list({ additionalMetadata: { a: null } })), /^query\.additionalMetadata\.a: must be a text, a number or a boolean/);
  assert.match(await refused((c) => c.list({ workflowId: "greeter" })), /^query\.workflowId: must be a UUID.*workflowName/);
  assert.match(await refused((c) => c.iterate({ pageSize: 0 }).next()), /^query\.pageSize: must be at least 1/);
});

test("times, each with a way out", async () => {
  const time = (triggerAt) => refused((c) => c.create("a", { triggerAt }));
  for (const value of [null, true, {}, [], Symbol("x"), 5n, () => 1]) assert.match(await time(value), /^run\.triggerAt: expected a Date, /);
  assert.match(await time("2031-01-01T00:00:00"), /^run\.triggerAt: .*(offset|zone)/);
  assert.match(await time("2031-01-01"), /^run\.triggerAt: /);
  assert.match(await time(1_924_992_000), /^run\.triggerAt: .*seconds.*1924992000000/);
  assert.match(await time(new Date(NaN)), /^run\.triggerAt: is an invalid Date/);
  assert.match(await time({ local: "2031-01-01T00:00" }), /^run\.triggerAt\.timeZone: is missing/);
  assert.match(await time({ local: "2031-01-01T00:00", timeZone: "Mars/Base" }), /^run\.triggerAt\.timeZone: /);
  assert.match(await time({ local: "2031-01-01T00:00", timeZone: "UTC", disambiguation: "first" }), /^run\.triggerAt\.disambiguation: must be one of/);
  assert.match(await time({ in: "soon" }), /^run\.triggerAt\.in: /);
  assert.match(await time({ in: "1h", at: 1 }), /^run\.triggerAt\.at: unknown key/);
  assert.match(await refused((c) => c.bulkUpdate([{ id: ID, triggerAt: at }, { id: ID.replace("7", "8"), triggerAt: null }])), /^updates\[1\]\.triggerAt: /);

  const wire = async (triggerAt) => (await sent((c) => c.create("a", { triggerAt }))).triggerAt;
  assert.equal(await wire("2031-01-01T02:30:00+02:30"), at, "an offset is not dropped");
  assert.equal(await wire(Date.UTC(2031, 0, 1)), at);
  assert.equal(await wire(new Date(Date.UTC(2031, 0, 1))), at);
  assert.equal(await wire(new Date(0)), "1970-01-01T00:00:00Z");
  assert.equal(await wire({ epochMilliseconds: Date.UTC(2031, 0, 1), toString: () => "a Temporal.Instant" }), at);
  assert.equal(await wire({ local: "2031-01-01T01:00", timeZone: "Europe/Berlin" }), at);
  const soon = Date.parse(await wire({ in: "90s" })) - Date.now();
  assert.ok(soon > 80_000 && soon <= 90_000, `${soon} ms from now`);
});

test("values without a JSON form, each with its place", async () => {
  const input = (input) => refused((c) => c.create("a", { triggerAt: at, input }));
  const cyclic = { items: [{}] };
  cyclic.items[0].back = cyclic;
  assert.equal(await input(cyclic), "run.input.items[0].back: refers back to an object that holds it, so it has no JSON form");
  assert.match(await input({ items: [0, 1, 2, { price: NaN }] }), /^run\.input\.items\[3\]\.price: NaN cannot/);
  assert.match(await input({ n: -Infinity }), /^run\.input\.n: -Infinity cannot/);
  assert.match(await input({ f() {} }), /^run\.input\.f: a function cannot/);
  assert.match(await input({ s: Symbol("x") }), /^run\.input\.s: a symbol cannot/);
  assert.match(await input({ list: [undefined] }), /^run\.input\.list\[0\]: undefined in an array/);
  assert.match(await input({ list: new Array(4_294_967_295) }), /^run\.input\.list\[0\]: undefined in an array/);
  assert.match(await input({ m: new Map() }), /^run\.input\.m: a Map cannot/);
  assert.match(await input({ s: new Set() }), /^run\.input\.s: a Set cannot/);
  assert.match(await input({ p: Promise.resolve() }), /^run\.input\.p: a Promise cannot/);
  assert.match(await input({ b: new Uint8Array(1) }), /^run\.input\.b: an Uint8Array cannot/);
  assert.match(await input({ d: new Date(NaN) }), /^run\.input\.d: is an invalid Date/);
  assert.match(await input({ n: 1n }), /^run\.input\.n: a BigInt cannot be sent as JSON; send it as a string/, "one that is small today is large tomorrow");
  assert.match(await input({ n: 2n ** 53n + 1n }), /^run\.input\.n: .*2\^53.*the server would change it/);
  assert.match(await input({ "two words": 2n ** 200n }), /^run\.input\["two words"\]: /);
  assert.match(await input({ s: "\ud800" }), /^run\.input\.s: .*surrogate/);
  assert.match(await input({ s: "a\0b" }), /^run\.input\.s: .*NUL/);
  assert.match(await input({ get g() { throw new Error("no entry"); } }), /^run\.input\.g: reading it failed: no entry/);
  assert.match(await input({ j: { toJSON() { throw new Error("no form"); } } }), /^run\.input\.j: .*no form/);
  assert.match(await input(new Proxy({}, { ownKeys() { throw new Error("no keys"); } })), /^run\.input: reading it failed: no keys/);
  assert.match(await input([]), /^run\.input: expected an object, got an array/);
  assert.match(await input(null), /^run\.input: expected an object, got null/);
  assert.match(await input({ text: "x".repeat(4 << 20) }), /^run\.input: is over 4 MiB/);
  let deep = {};
  for (let level = 0; level < 100_000; level++) deep = { deep };
  assert.match(await input(deep), /^run\.input\.deep.*nested more than/);
  assert.match(await refused((c) => c.create("a", { triggerAt: at, additionalMetadata: { k: 1n << 60n } })), /^run\.additionalMetadata\.k: /);
  assert.match(await refused((c) => c.bulkCreate([{ workflowName: "a", triggerAt: at, input: { n: NaN } }])), /^runs\[0\]\.input\.n: /);
});

test("values with a JSON form arrive as JSON.stringify writes them", async () => {
  class Point {
    x = 1;
    #y = 2;
  }
  const shared = { a: 1 };
  const input = {
    text: "ü\u{1F600}\ufffd\"\\\u2028", empty: "", n: -0.5, zero: -0, big: 1e300, whole: 2 ** 53, yes: true, nothing: null,
    absent: undefined, date: new Date(0), point: new Point(), bare: Object.assign(Object.create(null), { a: 1 }),
    own: { toJSON: (key) => ({ asked: key }) }, list: [[], {}, [1, "2", null]], twice: [shared, shared], "": 1, __proto__key: 1,
  };
  assert.deepEqual((await sent((c) => c.create("a", { triggerAt: at, input }))).input, JSON.parse(JSON.stringify(input)));
});

test("a deletion says exactly one of: ids, conditions, all", async () => {
  assert.match(await refused((c) => c.bulkDelete()), /^selection: expected an object, got undefined/);
  for (const selection of [{}, { workflowId: undefined }, { additionalMetadata: {} }]) {
    assert.match(await refused((c) => c.bulkDelete(selection)), /^selection: holds no condition; .*\{ all: true \}/);
  }
  assert.match(await refused((c) => c.bulkDelete({ workflowName: "a", statuses: [] })), /^selection\.statuses: is empty/);
  assert.match(await refused((c) => c.bulkDelete({ all: false })), /^selection\.all: must be true/);
  for (const selection of [{ scheduledIds: [ID], all: true }, { scheduledIds: [ID], workflowId: ID }, { all: true, workflowId: ID }]) {
    assert.match(await refused((c) => c.bulkDelete(selection)), /^selection: says which runs in more than one way/);
  }
});

test("mistakes in bulk calls", async () => {
  assert.match(await refused((c) => c.bulkUpdate()), /^updates: expected an array or another iterable, got undefined/);
  assert.match(await refused((c) => c.bulkUpdate({})), /^updates: expected an array or another iterable, got an object/);
  assert.match(await refused((c) => c.bulkUpdate("ab")), /^updates: expected an array or another iterable, got a string/);
  assert.match(await refused((c) => c.bulkUpdate([ID])), /^updates\[0\]: expected \{ id, triggerAt \} or \[id, triggerAt\], got a string/);
  assert.match(await refused((c) => c.bulkUpdate([[ID]])), /^updates\[0\]: expected .*, got an array/);
  assert.match(await refused((c) => c.bulkUpdate([[ID, at], [ID, "2032-01-01T00:00:00Z"]])), /^updates\[1\]\.triggerAt: differs from updates\[0\]/);
  assert.match(await refused((c) => c.bulkUpdate([], { dryRun: true })), /^options\.dryRun: is for bulkDelete and bulkCreate only/);
  assert.match(await refused((c) => c.bulkUpdate([], { concurrency: 0 })), /^options\.concurrency: must be from 1 to 100/);
  const broken = { *[Symbol.iterator]() { yield [ID, at]; throw new Error("no more"); } };
  assert.match(await refused((c) => c.bulkUpdate(broken)), /^updates: reading it failed: no more/);
});

test("arguments are read before a method returns, also by the very first call", async () => {
  for (const name of ["loaded", "not loaded"]) {
    const { ScheduledClient } = await (await import("../support/package.mjs")).importAgain();
    const fetch = fakeFetch();
    const client = new ScheduledClient({ token: TOKEN, fetch });
    if (name === "loaded") await client.get(ID);
    const run = { triggerAt: new Date(Date.UTC(2031, 0, 1)), input: { n: 1, list: [1] } };
    const creating = client.create("a", run);
    run.input.n = 2;
    run.input.list.push(2);
    run.triggerAt.setFullYear(2040);
    await creating;
    assert.deepEqual(fetch.requests.at(-1).body.input, { n: 1, list: [1] }, name);
    assert.equal(fetch.requests.at(-1).body.triggerAt, at, name);
  }
});
