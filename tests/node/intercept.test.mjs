/** Calls and attempts pass through the caller's interceptor, and the token does not. */
import assert from "node:assert/strict";
import test from "node:test";

import { ID, runOf, TOKEN } from "../support/fake.mjs";
import { ScheduledClient } from "../support/package.mjs";

const answer = () => new Response(JSON.stringify(runOf()), { headers: { "content-type": "application/json" } });
const client = (intercept, fetch = async () => answer()) => new ScheduledClient({ token: TOKEN, maxRetries: 0, fetch, intercept });

test("a call and its attempt pass in turn, linked, and the token is seen by fetch alone", async () => {
  const seen = [];
  let sent;
  const intercept = (request, next) => (seen.push(request), next(request));
  const run = await client(intercept, async (_, init) => ((sent = init), answer())).get(ID, { headers: { "x-mine": "1" } });
  assert.equal(run.metadata.id, ID);
  assert.deepEqual(seen.map(({ type, operation }) => [type, operation]), [["call", "get"], ["attempt", "get"]]);
  assert.equal(seen[1].call, seen[0]);
  assert.equal(seen[1].attempt, 1);
  assert.ok(!JSON.stringify(seen).includes(TOKEN));
  const names = Object.keys(sent.headers).map((name) => name.toLowerCase());
  assert.ok(names.includes("authorization") && names.includes("x-mine"));
  assert.ok(!names.includes("x-hatchet-scheduled-call"));
});

test("another origin gets no request", async () => {
  let sent = 0;
  const intercept = (request, next) => next(request.type === "attempt" ? { ...request, url: "https://evil.example/" } : request);
  await assert.rejects(client(intercept, async () => (sent++, answer())).get(ID), /another origin/);
  assert.equal(sent, 0);
});

test("what an interceptor throws, answers without next, or sends twice has an outcome", async () => {
  const thrown = new Error("mine");
  const failing = (type) => (request, next) => {
    if (request.type === type) throw thrown;
    return next(request);
  };
  await assert.rejects(client(failing("call")).get(ID), (error) => error === thrown);
  await assert.rejects(client(failing("attempt")).get(ID), (error) => error.cause === thrown);
  assert.equal(await client(() => "mine").get(ID), "mine");
  await assert.rejects(client((request, next) => (request.type === "call" ? next() : 1)).get(ID), /fetch answered/);
  await assert.rejects(client(async (request, next) => (await next(), next())).get(ID), /may call it once/);
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
  const fetch = async () => new Response(JSON.stringify(page), { headers: { "content-type": "application/json" } });
  for await (const run of client(intercept, fetch).iterate()) assert.equal(run.metadata.id, ID);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(log, ["call", "attempt", "attempt ended", "call ended"]);
});
