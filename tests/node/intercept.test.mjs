/** Calls and attempts pass through the caller's interceptor, and the token does not. */
import assert from "node:assert/strict";
import test from "node:test";

import { fakeFetch, ID, json, never, runOf, SECRET, TOKEN } from "../support/fake.mjs";
import { importAgain, ScheduledClient } from "../support/package.mjs";

const client = (intercept, fetch = fakeFetch(), options) => new ScheduledClient({ token: TOKEN, fetch, intercept, ...options });
/** An interceptor of attempts, or of calls, alone. */
const only = (type, intercept) => (request, next) => (request.type === type ? intercept(request, next) : next(request));
const soon = () => new Promise(setImmediate);
const later = { triggerAt: "2031-01-01T00:00:00Z" };

test("a call and its attempt pass in turn, linked, and the token is seen by fetch alone", async () => {
  const seen = [];
  const fetch = fakeFetch();
  const run = await client((request, next) => (seen.push(request), next()), fetch).get(ID, { headers: { "x-mine": "1" } });
  assert.equal(run.metadata.id, ID);
  assert.deepEqual(seen.map(({ type, operation }) => [type, operation]), [["call", "get"], ["attempt", "get"]]);
  assert.equal(seen[1].call, seen[0]);
  assert.equal(seen[1].attempt, 1);
  assert.ok(!JSON.stringify(seen).includes(SECRET));
  assert.deepEqual(fetch.requests[0].headers, { "x-mine": "1", authorization: `Bearer ${TOKEN}` });
});

test("an attempt is known by its own number and call, however many are under way", async () => {
  const seen = [];
  const other = client(undefined);
  const fetch = fakeFetch((_, number) => (number % 3 === 1 ? json({ errors: [] }, 429, { "retry-after": "0" }) : json(runOf())));
  const intercept = async (request, next) => {
    // The longer it takes, the more others begin meanwhile.
    await soon();
    if (request.type === "attempt") seen.push([request.call.arguments.run?.input.n ?? request.body, request.attempt, request.operation]);
    return next(request);
  };
  let mine;
  // What is told meanwhile may begin calls of its own.
  const onEvent = ({ type }) => type === "request" && (mine.access().catch(() => {}), other.get(ID));
  mine = client(intercept, fetch, { maxRetries: 9, onEvent: undefined });
  const nested = client(intercept, fetch, { maxRetries: 9, onEvent });
  const runs = Array.from({ length: 40 }, (_, n) => ({ workflowName: "greeter", ...later, input: { n } }));
  await Promise.all([mine.bulkCreate(runs, { concurrency: 20 }), nested.bulkCreate(runs.slice(0, 5)), ...runs.map((run) => mine.create("greeter", { ...later, input: run.input }))]);
  const counts = new Map();
  for (const [of, attempt, operation] of seen.filter(([, , operation]) => operation !== "access")) {
    const key = `${operation} ${of}`;
    counts.set(key, [...(counts.get(key) ?? []), attempt]);
  }
  assert.equal(counts.size, 80);
  let repeated = 0;
  for (const [key, attempts] of counts) {
    repeated += attempts.filter((attempt) => attempt > 1).length;
    if (key.startsWith("create")) assert.deepEqual(attempts, attempts.map((_, index) => index + 1), key);
    else assert.equal(attempts.filter((attempt) => attempt === 1).length, JSON.parse(key.slice("bulkCreate ".length)).input.n < 5 ? 2 : 1, key);
  }
  assert.ok(repeated > 10);
});

test("other arguments, headers, addresses and bodies are what is sent", async () => {
  const fetch = fakeFetch();
  const intercept = async (request, next) => {
    await soon();
    if (request.type === "call") return next({ ...request, arguments: { ...request.arguments, run: { ...later, input: { n: 2 } } } });
    return next({ ...request, url: `${request.url}?signed=1`, headers: new Headers({ ...request.headers, "x-signed": "yes" }), body: request.body.replace("2", "3") });
  };
  await client(intercept, fetch).create("greeter", { ...later, input: { n: 1 } });
  const [{ url, headers, body }] = fetch.requests;
  assert.match(url, /scheduled\?signed=1$/);
  assert.deepEqual(headers, { "x-signed": "yes", "content-type": "application/json", authorization: `Bearer ${TOKEN}` });
  assert.match(JSON.stringify(body), /"n":2|"n":3/);
});

test("arguments are read before a method returns, also where an interceptor takes its time", async () => {
  const fetch = fakeFetch();
  const slow = client(async (request, next) => (await soon(), next(request)), fetch);
  const input = { n: 1 };
  const calls = [slow.create("greeter", { ...later, input }), slow.bulkCreate((function* () { yield { workflowName: "greeter", ...later, input }; })())];
  input.n = 2;
  await Promise.all(calls);
  assert.deepEqual(fetch.requests.map(({ body }) => body.input), [{ n: 1 }, { n: 1 }]);
  await assert.rejects(slow.get(7), { code: "validation" });
});

test("what fails before next was surely not sent: it is told so, and neither repeated nor taken for a loss", async () => {
  const thrown = new Error("no key");
  const failures = [
    [() => { throw thrown; }, /nothing was sent: no key/, thrown],
    [async () => { throw thrown; }, /nothing was sent: no key/, thrown],
    [() => undefined, /nothing was sent: no answer: return what next\(request\) resolves to/],
    [(request, next) => next({ ...request, url: "https://evil.example/" }), /nothing was sent: a request to another origin than https:\/\/hatchet\.example would give it the token/],
    [(request, next) => next({ ...request, headers: { AUTHORIZATION: "mine" } }), /header Authorization/],
    [(request, next) => next({ ...request, url: "https://" }), /nothing was sent: /],
    [(request, next) => next(null), /nothing was sent: /],
  ];
  for (const [intercept, message, cause] of failures) {
    const fetch = fakeFetch();
    let tries = 0;
    const failing = client(only("attempt", (request, next) => (tries++, intercept(request, next))), fetch);
    const calls = [
      () => failing.get(ID),
      () => failing.create("greeter", later),
      () => failing.create("greeter", { ...later, idempotencyKey: "a" }),
      () => failing.iterate().next(),
    ];
    for (const [index, call] of calls.entries()) {
      const error = await call().then(() => assert.fail("it succeeded"), (error) => error);
      assert.equal(error.code, "validation", error.message);
      assert.equal(error.path, "options.intercept");
      assert.equal(error.retryable, false);
      assert.equal(error.attempts, undefined);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /may have been created/);
      if (cause) assert.equal(error.cause, cause);
      assert.equal(tries, index + 1);
    }
    assert.equal(fetch.requests.length, 0);
  }
});

test("a bulk call keeps what was not sent for another try", async () => {
  const runs = Array.from({ length: 3 }, () => ({ workflowName: "greeter", ...later }));
  let tries = 0;
  const intercept = only("attempt", (request, next) => {
    if (++tries === 2) throw new Error("no key");
    return next(request);
  });
  const error = await client(intercept).bulkCreate(runs, { concurrency: 1 }).then(() => assert.fail("it succeeded"), (error) => error);
  assert.equal(error.code, "bulk-interrupted");
  assert.equal(error.cause.path, "options.intercept");
  assert.deepEqual([error.done.created.length, error.unknown, error.rest.map((run) => runs.indexOf(run))], [1, [], [1, 2]]);
});

test("a failure after an attempt that was lost keeps that in mind", async () => {
  let tries = 0;
  const intercept = only("attempt", (request, next) => {
    if (++tries === 2) throw new Error("no key");
    return next(request);
  });
  const fetch = fakeFetch((_, number) => json({ errors: [] }, number === 1 ? 429 : 500, { "retry-after": "0" }));
  await assert.rejects(client(intercept, fetch).create("greeter", later), { code: "validation", attempts: 1 });
  tries = 0;
  await assert.rejects(client(intercept, fakeFetch(async () => { throw new Error("reset"); })).get(ID), { code: "validation", attempts: 1 });
});

test("what fails after next is as if fetch had failed", async () => {
  const thrown = new Error("late");
  const late = only("attempt", async (request, next) => {
    await next(request);
    throw thrown;
  });
  await assert.rejects(client(late).create("greeter", later), (error) => error.code === "connection" && error.cause === thrown && /may have been created/.test(error.message));
  const forgetful = only("attempt", (request, next) => void next(request));
  await assert.rejects(client(forgetful, undefined, { maxRetries: 0 }).get(ID), { code: "connection", message: /return what next\(request\) resolves to/ });
});

test("a call is what its interceptor makes of it", async () => {
  const thrown = new Error("mine");
  await assert.rejects(client(() => { throw thrown; }).get(ID), (error) => error === thrown);
  assert.equal(await client(() => "mine").get(ID), "mine");
  assert.equal((await client(only("attempt", () => json(runOf()))).get(ID)).metadata.id, ID);
  const twice = async (_, next) => (await next(), next());
  await assert.rejects(client(only("attempt", twice), undefined, { maxRetries: 0 }).get(ID), { code: "connection", message: /server: options.intercept: called next twice/ });
  await assert.rejects(client(only("call", twice)).get(ID), { code: "validation", message: /called next twice/ });
  await assert.rejects(client((request, next) => { request.arguments.scheduled = 1; return next(); }).get(ID), TypeError);
  await assert.rejects(client(() => "mine").iterate().next(), { code: "validation", message: /did not call next/ });
});

test("an interceptor that never settles falls under the call's time limits and its signal", async () => {
  const signals = [];
  const stuck = only("attempt", ({ signal }) => (signals.push(signal), never()));
  await assert.rejects(client(stuck).get(ID, { timeoutMs: 20, maxRetries: 0 }), { code: "timeout", timeoutMs: 20 });
  await assert.rejects(client(stuck).get(ID, { totalTimeoutMs: 20 }), { code: "timeout" });
  const controller = new AbortController();
  const aborted = client(stuck).get(ID, { signal: controller.signal });
  await soon();
  controller.abort(new Error("enough"));
  await assert.rejects(aborted, /enough/);
  assert.deepEqual(signals.map((signal) => signal.aborted), [true, true, true]);

  await assert.rejects(client(never).get(ID, { totalTimeoutMs: 20 }), { code: "timeout", timeoutMs: 20, retryable: true });
  await assert.rejects(client(never, undefined, { totalTimeoutMs: 20 }).iterate().next(), { code: "timeout" });
  const other = new AbortController();
  const calls = [client(never).get(ID, { signal: other.signal }), client(never).watch({}, { signal: other.signal }).next()];
  other.abort(new Error("enough"));
  for (const call of calls) await assert.rejects(call, /enough/);
  await assert.rejects(client(never).get(ID, { signal: AbortSignal.abort(new Error("enough")) }), /enough/);
  // A stream that is left is at its end.
  const stream = client(never).iterate();
  const first = stream.next();
  await stream.return();
  assert.deepEqual(await first, { done: true, value: undefined });
});

test("the time limit of a call that passed on is its own, with what it knows", async () => {
  const fetch = fakeFetch((_, number) => (number === 1 ? json(runOf()) : never()));
  const passing = client(async (request, next) => next(request), fetch);
  const runs = Array.from({ length: 3 }, () => ({ workflowName: "greeter", ...later }));
  const error = await passing.bulkCreate(runs, { totalTimeoutMs: 50, concurrency: 1 }).then(() => assert.fail("it succeeded"), (error) => error);
  assert.equal(error.code, "bulk-interrupted");
  assert.deepEqual([error.done.created.length, error.unknown.length, error.rest.length], [1, 1, 1]);
});

test("keepalive is passed on, and fake timers stand in nobody's way", async (t) => {
  t.mock.timers.enable();
  const fetch = fakeFetch();
  await client((request, next) => next(request), fetch).create("greeter", later, { keepalive: true, totalTimeoutMs: 1_000 });
  assert.equal(fetch.requests[0].init.keepalive, true);
});

test("a panic ends what passes through, and the next call passes again", async () => {
  const { ScheduledClient: Own } = await importAgain();
  const log = [];
  const intercept = async (request, next) => {
    try {
      return await next(request);
    } finally {
      log.push(request.type);
    }
  };
  const fetch = fakeFetch((_, number) => (number === 2 ? never() : json(runOf())));
  const own = new Own({ token: TOKEN, fetch, intercept });
  await own.get(ID);
  const pending = own.get(ID);
  await soon();
  const { now } = Date;
  try {
    Date.now = () => { throw new Error("the clock broke"); };
    await assert.rejects(own.update(ID, { triggerAt: { in: "1h" } }), { code: "internal-panic" });
    await assert.rejects(pending, { code: "internal-panic" });
  } finally {
    Date.now = now;
  }
  assert.equal((await own.get(ID)).metadata.id, ID);
  assert.deepEqual(log, ["attempt", "call", "call", "call", "attempt", "call"]);
});

test("a stream is one call until it is left", async () => {
  const log = [];
  const intercept = async (request, next) => {
    log.push(request.type);
    await Promise.resolve();
    const result = await next(request);
    log.push(`${request.type} ended`);
    return result;
  };
  const page = { rows: [runOf()], pagination: { current_page: 1, next_page: 1, num_pages: 1 } };
  for await (const run of client(intercept, fakeFetch(() => json(page))).iterate()) assert.equal(run.metadata.id, ID);
  await soon();
  assert.deepEqual(log, ["call", "attempt", "attempt ended", "call ended"]);
});
