import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";

import * as hatchet from "../support/package.mjs";
import { fakeFetch, ID, json, never, runOf, SECRET, TENANT, TOKEN, tokenOf, WORKFLOWS } from "../support/fake.mjs";

const { ApiError, ConnectionError, DecodeError, HatchetError, ScheduledClient, TimeoutError } = hatchet;

/** The error of a call that is answered so. It never shows the token. */
async function failure(answer, call = (client) => client.get(ID), options = {}) {
  const fetch = fakeFetch(answer);
  const client = new ScheduledClient({ token: TOKEN, fetch, maxRetries: 0, ...options });
  const error = await call(client).then(() => assert.fail("it succeeded"), (error) => error);
  assert.ok(error instanceof HatchetError, String(error));
  for (const text of [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), error.stack]) assert.ok(!text.includes(SECRET), text);
  return error;
}

test("a status has its class, its code and the server's words", async () => {
  const classes = [
    [400, "BadRequestError", "bad-request"], [415, "BadRequestError", "bad-request"], [422, "BadRequestError", "bad-request"],
    [401, "PermissionDeniedError", "permission-denied"], [403, "PermissionDeniedError", "permission-denied"],
    [404, "NotFoundError", "not-found"], [409, "ApiError", "api-error"], [418, "ApiError", "api-error"],
    [429, "RateLimitError", "rate-limited"], [500, "ServerError", "server-error"], [599, "ServerError", "server-error"],
  ];
  for (const [status, name, code] of classes) {
    const error = await failure(() => json({ errors: [{ description: "words", code: 7, field: "f" }] }, status, { "X-Request-Id": "r1" }));
    assert.ok(error instanceof hatchet[name] && error instanceof ApiError);
    assert.equal(error.constructor, hatchet[name], `${status}`);
    assert.deepEqual([error.name, error.code, error.status], [name, code, status]);
    assert.match(error.message, new RegExp(`^get: words \\(HTTP ${status}\\)`));
    assert.deepEqual(error.errors, [{ description: "words", code: 7, field: "f" }]);
    assert.deepEqual(error.body, { errors: [{ description: "words", code: 7, field: "f" }] });
    assert.equal(error.headers["x-request-id"], "r1");
    assert.deepEqual([error.operation, error.attempts], ["get", 1]);
    assert.equal(error.retryable, status === 429 || status >= 500, `${status}`);
  }
});

test("every body ends up readable", async () => {
  const message = async (body, status = 400) => (await failure(() => new Response(body, { status }))).message;
  assert.equal(await message('{"message":"bad input"}'), "get: bad input (HTTP 400)");
  assert.equal(await message('{"errors":[{"description":"a"},{"description":"b"}]}'), "get: a; b (HTTP 400)");
  assert.equal(await message('{"description":"cannot"}'), "get: cannot (HTTP 400)");
  assert.match(await message("null", 403), /^get: .+ \(HTTP 403\)/);
  assert.equal(await message("", 500), "get: the answer says no more (HTTP 500)");
  assert.equal(await message("<html><head><title>502 Bad Gateway</title></head></html>", 502), "get: 502 Bad Gateway (HTTP 502)");
});

test("hints tell what may help", async () => {
  const hint = async (status, call, options) => (await failure(() => json(null, status), call, options)).message;
  assert.match(await hint(404, (c) => c.update(ID, { triggerAt: { in: "1h" } })), /It may have fired/);
  const expired = tokenOf({ sub: TENANT, server_url: "https://hatchet.example", exp: 1_700_000_000 });
  assert.match(await hint(403, undefined, { token: expired }), /The token expired at 2023-11-14T22:13:20Z/);
  const other = "11111111-1111-4111-8111-111111111111";
  assert.match(await hint(403, undefined, { tenantId: other }), new RegExp(`belongs to tenant ${TENANT}, and tenant ${other} was asked`));
});

test("an unknown workflow is answered with names that come near", async () => {
  const answer = ({ method }) =>
    method === "POST"
      ? json({ errors: [{ description: "workflow not found" }] }, 400)
      : json({ rows: [{ name: "Greeter", metadata: runOf().metadata }], pagination: { current_page: 1, next_page: 1, num_pages: 1 } });
  const error = await failure(answer, (client) => client.create("greeter", { triggerAt: { in: "1h" } }));
  assert.equal(error.code, "bad-request");
  assert.match(error.message, /^create: workflow not found .*case-sensitive.*did you mean "Greeter"\?/);
});

test("an error made in WebAssembly has the caller's stack, and can be logged and sent on", async () => {
  const theCaller = () => failure(() => json({ message: "no" }, 404, { "set-cookie": "session=x" }));
  const error = await theCaller();
  const [first, frame] = error.stack.split("\n");
  assert.equal(first, `NotFoundError: ${error.message}`);
  assert.match(error.stack, /errors\.test\.mjs/);
  assert.doesNotMatch(error.stack, /wasm/);
  assert.match(frame, /^ {4}at /);
  assert.deepEqual(JSON.parse(JSON.stringify(error)), {
    name: "NotFoundError", message: error.message, code: "not-found", operation: "get", attempts: 1, retryable: false, status: 404,
    errors: [{ description: "no" }],
  });
  assert.ok(!("set-cookie" in error.headers));
  assert.deepEqual(Object.keys(error).sort(), ["attempts", "code", "errors", "operation", "retryable", "status"]);
});

test("no answer is a ConnectionError with its cause, whatever fetch does", async () => {
  const reason = new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:1") });
  const cases = {
    "rejects with an error": [() => Promise.reject(reason), /server: fetch failed: connect ECONNREFUSED/],
    "throws at once": [() => { throw new Error("thrown"); }, /thrown/],
    "throws a string": [() => { throw "a string"; }, /a string/],
    "rejects with undefined": [() => Promise.reject(undefined), /undefined was thrown/],
    "rejects with null": [() => Promise.reject(null), /null was thrown/],
    "rejects with an object": [() => Promise.reject({}), /an object was thrown/],
    "rejects with a symbol": [() => Promise.reject(Symbol("s")), /a symbol was thrown/],
    "answers nothing": [() => undefined, /undefined, not with a Response/],
    "answers null": [() => null, /null, not with a Response/],
    "answers a string": [() => "{}", /a string, not with a Response/],
    "answers an empty object": [() => ({}), /without a status/],
    "answers a status that is none": [() => ({ status: "200" }), /without a status/],
    "answers an opaque response": [() => ({ status: 0, headers: new Headers(), text: async () => "" }), /without a status/],
    "answers without a body": [() => ({ status: 200, headers: new Headers() }), /arrayBuffer\(\) or text\(\)/],
    "answers a body that is none": [() => ({ status: 200, text: async () => ({}) }), /a body that is an object/],
    "answers a body that throws": [() => ({ status: 200, text() { throw "torn"; } }), /broke off: torn/],
    "answers a body that rejects": [() => ({ status: 200, arrayBuffer: () => Promise.reject(new Error("torn")) }), /broke off: torn/],
    "answers an object that throws": [() => ({ get status() { throw new Error("trap"); } }), /trap/],
    "answers a thenable that rejects": [() => ({ then(_, reject) { reject(new Error("later")); } }), /later/],
    "is a stream that errors with a string": [
      () => new Response(new ReadableStream({ start: (controller) => controller.error("torn") })), /broke off: torn/,
    ],
  };
  for (const [name, [answer, message]] of Object.entries(cases)) {
    // Bare, as the fake one would tidy up.
    const client = new ScheduledClient({ token: TOKEN, fetch: (url, init) => answer(url, init), maxRetries: 0 });
    const error = await client.get(ID).then(() => assert.fail(name), (error) => error);
    assert.ok(error instanceof ConnectionError, `${name}: ${error?.stack}`);
    assert.equal(error.code, "connection");
    assert.equal(error.retryable, true);
    assert.match(error.message, message, name);
  }
  const error = await failure(() => Promise.reject(reason));
  assert.equal(error.cause, reason);
});

test("a fetch of another make will do", async () => {
  const body = JSON.stringify(runOf());
  const answers = {
    "a Map of headers, text": { status: 200, headers: new Map([["a", "b"]]), text: async () => body },
    "an object of headers, synchronous text": { status: 200, headers: { a: "b" }, text: () => body },
    "no headers, an array buffer": { status: 200, arrayBuffer: async () => new TextEncoder().encode(body).buffer },
  };
  for (const [name, answer] of Object.entries(answers)) {
    const client = new ScheduledClient({ token: TOKEN, fetch: () => answer });
    assert.equal((await client.get(ID)).metadata.id, ID, name);
  }
});

test("a redirect is not followed, and told with where it leads", async () => {
  const location = "https://hatchet.example/api/v1";
  const answers = [
    [() => new Response(null, { status: 308, headers: { location } }), /the address redirects to https:\/\/hatchet\.example\/api\/v1 \(HTTP 308\).*serverUrl/],
    // What a browser makes of one.
    [() => Response.error(), /the address redirects, and a browser does not say where to\..*serverUrl/],
  ];
  for (const [answer, message] of answers) {
    let requests = 0;
    const client = new ScheduledClient({ token: TOKEN, fetch: async (_, { redirect }) => (requests++, assert.equal(redirect, "manual"), answer()) });
    await assert.rejects(client.get(ID), (error) => error.constructor === ApiError && message.test(error.message));
    assert.equal(requests, 1, "and not asked for again");
  }
});

test("headers of another make are read", async () => {
  const makes = {
    "a Map": new Map([["retry-after", "7"]]),
    "a forEach alone": { forEach: (call) => call("7", "retry-after") },
  };
  for (const [name, headers] of Object.entries(makes)) {
    const answer = { status: 429, headers, text: async () => "" };
    const client = new ScheduledClient({ token: TOKEN, maxRetries: 0, fetch: async () => answer });
    await assert.rejects(client.get(ID), { name: "RateLimitError", retryAfterMs: 7000 }, name);
  }
});

test("fetch is called without this, with a URL and plain options", async () => {
  let seen;
  const client = new ScheduledClient({ token: TOKEN, fetch: function (...args) { seen = [this, ...args]; return json(runOf()); } });
  await client.create("a/b ?#ü", { triggerAt: "2031-01-01T00:00:00Z" }, { headers: { "x-a": "b" } });
  const [self, url, { signal, ...init }] = seen;
  assert.equal(self, undefined);
  assert.equal(url, `${WORKFLOWS}/a%2Fb%20%3F%23%C3%BC/scheduled`);
  assert.ok(signal instanceof AbortSignal);
  assert.deepEqual(init, {
    method: "POST",
    headers: { "x-a": "b", authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: '{"triggerAt":"2031-01-01T00:00:00Z","input":{},"additionalMetadata":{}}',
    redirect: "manual",
  });
  await client.get(ID, { keepalive: true });
  assert.equal(seen[2].keepalive, true);
  assert.equal(seen[2].cache, "no-store", "reads reach the server");
  assert.equal("body" in seen[2], false);
});

test("the runtime's fetch is looked up at each call", async () => {
  const original = globalThis.fetch;
  const client = new ScheduledClient({ token: TOKEN, maxRetries: 0 });
  try {
    globalThis.fetch = fakeFetch();
    assert.equal((await client.get(ID)).metadata.id, ID);
    delete globalThis.fetch;
    await assert.rejects(client.get(ID), (error) => error instanceof ConnectionError && /fetch/.test(error.message));
  } finally {
    globalThis.fetch = original;
  }
});

test("an answer that is not Hatchet's is a DecodeError that says where", async () => {
  const list = (client) => client.list();
  for (const [body, path] of [["", undefined], ["<html>", undefined], ["{}", "rows"], ['{"rows":[{"metadata":5}],"pagination":{}}', "rows[0].metadata"]]) {
    const error = await failure(() => new Response(body), list);
    assert.ok(error instanceof DecodeError, `${body}: ${error}`);
    assert.equal(error.code, "decode");
    assert.equal(error.path, path, body);
  }
});

test("timeouts: of an attempt, of the whole call, while the body is read", async () => {
  const started = Date.now();
  const attempt = await failure(never, undefined, { timeoutMs: 30 });
  assert.ok(attempt instanceof TimeoutError);
  assert.deepEqual([attempt.code, attempt.timeoutMs, attempt.retryable], ["timeout", 30, true]);
  const body = await failure(() => ({ status: 200, headers: new Headers(), text: never }), undefined, { timeoutMs: 30 });
  assert.ok(body instanceof TimeoutError);
  const whole = await failure(() => json({}, 503), (client) => client.get(ID, { totalTimeoutMs: 60, maxRetries: 100 }));
  assert.ok(whole.code === "timeout" || whole.code === "server-error", "the last failure, or the end of the time");
  assert.ok(Date.now() - started < 5_000);
});

test("retry-after is told where it is too long to wait for", async () => {
  const error = await failure(() => json({}, 429, { "retry-after": "120" }), undefined, { maxRetries: 2 });
  assert.deepEqual([error.name, error.retryAfterMs, error.attempts], ["RateLimitError", 120_000, 1]);
});

test("a token function is asked before every attempt, and what goes wrong with it is told without it", async () => {
  const tokens = [` ${TOKEN}\n`, TOKEN.replace("eyJ", "eyJ")];
  let asked = 0;
  const fetch = fakeFetch((_, number) => (number === 1 ? json({}, 503) : json(runOf())));
  await new ScheduledClient({ token: async () => tokens[asked++], fetch }).get(ID);
  assert.equal(asked, 2);
  assert.ok(fetch.requests.every(({ headers }) => headers.authorization === `Bearer ${TOKEN}`), "trimmed");

  const thrown = new Error(`cannot use ${SECRET}`);
  const cases = [[() => { throw thrown; }, /token function failed/], [async () => 5, /token function gave a number/], [async () => undefined, /gave undefined/], [() => `x.${SECRET}`, /malformed/]];
  for (const [token, message] of cases) {
    const fetch = fakeFetch();
    const error = await new ScheduledClient({ token, fetch, maxRetries: 0 }).get(ID).then(assert.fail, (error) => error);
    assert.ok(error instanceof HatchetError, String(error));
    assert.match(error.message, message);
    assert.ok(!error.message.includes(SECRET) && !JSON.stringify(error).includes(SECRET));
    assert.equal(fetch.requests.length, 0);
  }
});
