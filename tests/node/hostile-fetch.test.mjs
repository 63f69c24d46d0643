/** What callers and test runners do to `fetch` that gloo-net's own `send` gives up on for good. */
import assert from "node:assert/strict";
import test from "node:test";
import vm from "node:vm";

import { fakeFetch, ID, json, never, runOf, TOKEN } from "../support/fake.mjs";
import { ConnectionError, ScheduledClient, ValidationError } from "../support/package.mjs";

test("an abort whose reason is no Error ends the call with it", async () => {
  for (const reason of ["stop", 0, null, Symbol("stop"), { stop: true }]) {
    const controller = new AbortController();
    const call = new ScheduledClient({ token: TOKEN, fetch: fakeFetch(never) }).get(ID, { signal: controller.signal });
    controller.abort(reason);
    assert.equal(await call.then(() => assert.fail(), (error) => error), reason);
  }
});

test("an Error of another realm, as a test runner's, is told with its words and is the cause", async () => {
  const foreign = vm.runInNewContext('new TypeError("of another realm")');
  assert.ok(!(foreign instanceof Error));
  const client = new ScheduledClient({ token: TOKEN, maxRetries: 0, fetch: () => Promise.reject(foreign) });
  await assert.rejects(client.get(ID), (error) => error instanceof ConnectionError && /of another realm/.test(error.message) && error.cause === foreign);
});

test("an answer of another realm, and one where there is no Response at all, is read", async () => {
  const body = JSON.stringify(runOf());
  const foreign = vm.runInNewContext("(body) => new (class Response { status = 200; headers = new Map(); async text() { return body; } })()")(body);
  const client = new ScheduledClient({ token: TOKEN, fetch: async () => foreign });
  assert.equal((await client.get(ID)).metadata.id, ID);
  const { Response } = globalThis;
  try {
    delete globalThis.Response;
    assert.equal((await client.get(ID)).metadata.id, ID);
  } finally {
    globalThis.Response = Response;
  }
});

test("an answer whose members fail, at once or at the second look, ends no other call", async () => {
  const fails = () => {
    throw new Error("the answer's own");
  };
  const text = async () => JSON.stringify(runOf());
  let looks = 0;
  const whole = { status: 200, headers: new Map(), text };
  const answers = [
    () => Object.defineProperty({ ...whole }, "headers", { get: fails }),
    () => Object.defineProperty({ ...whole }, "status", { get: () => (looks++ > 0 ? fails() : 200) }),
  ];
  for (const answer of answers) {
    const client = new ScheduledClient({ token: TOKEN, maxRetries: 0, fetch: async (url) => (url.endsWith(ID) ? answer() : never()) });
    const other = client.list();
    assert.equal((await client.get(ID)).metadata.id, ID);
    assert.equal(await Promise.race([other.catch((error) => error), Promise.resolve("under way")]), "under way");
  }
});

test("where there is no fetch, that is told", async () => {
  const { fetch } = globalThis;
  const client = new ScheduledClient({ token: TOKEN, maxRetries: 0 });
  try {
    delete globalThis.fetch;
    await assert.rejects(client.get(ID), (error) => error instanceof ConnectionError && /fetch/.test(error.message));
  } finally {
    globalThis.fetch = fetch;
  }
});

test("a header with a line break or beyond Latin-1 is refused by its name before anything is sent", async () => {
  for (const value of ["a\nb", "a\rb", "a\0b", "€", "日本"]) {
    const fetch = fakeFetch();
    const client = new ScheduledClient({ token: TOKEN, fetch });
    await assert.rejects(client.get(ID, { headers: { "x-who": value } }), (error) => error instanceof ValidationError && /headers.*x-who/.test(error.path + error.message));
    assert.equal(fetch.requests.length, 0);
  }
  const fetch = fakeFetch(() => json(runOf()));
  await new ScheduledClient({ token: TOKEN, fetch }).get(ID, { headers: { "x-who": "é" } });
  assert.equal(fetch.requests[0].headers["x-who"], "é");
});
