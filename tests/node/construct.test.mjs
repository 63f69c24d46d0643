import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";

import { entry, HatchetError, repository, ScheduledClient, ValidationError } from "../support/package.mjs";
import { fakeFetch, ID, SECRET, TENANT, TOKEN, tokenOf, WORKFLOWS } from "../support/fake.mjs";

/** Why the constructor refuses the options; they must not hold what is secret. */
function refusal(options) {
  try {
    new ScheduledClient(options);
  } catch (error) {
    assert.ok(error instanceof ValidationError);
    assert.equal(error.code, "validation");
    assert.ok(!error.message.includes(SECRET));
    return `${error.path} | ${error.message}`;
  }
  return assert.fail("it was accepted");
}

test("what can be told before the WebAssembly is there is told by the constructor", () => {
  assert.equal(refusal(), "options.token | options.token: missing: pass a token, or set HATCHET_CLIENT_TOKEN where the runtime has an environment; or, in a page, pass as serverUrl the address of a handler of hatchet-scheduled/server, which needs none");
  assert.equal(refusal({ token: "  " }), refusal());
  assert.equal(refusal(null), "options | options: expected an object, got null");
  assert.equal(refusal([]), "options | options: expected an object, got array");
  assert.equal(refusal(TOKEN), "options | options: expected an object, got string");
  assert.equal(refusal({ tokn: TOKEN }), 'options.tokn | options.tokn: unknown key "tokn": did you mean "token"?');
  assert.equal(refusal({ token: TOKEN, timeout: 5 }), 'options.timeout | options.timeout: unknown key "timeout": did you mean "timeoutMs"?');
  assert.match(refusal({ token: TOKEN, zzzzzz: 1 }), /unknown key "zzzzzz": known keys are token, serverUrl, /);
  assert.equal(refusal({ token: TOKEN, toString: 1 }).split(":")[0], "options.toString | options.toString");
  assert.equal(refusal({ token: 5 }), "options.token | options.token: expected a string or a function, got number");
  assert.equal(refusal({ token: TOKEN, timeoutMs: "5s" }), "options.timeoutMs | options.timeoutMs: expected a number, got string");
  assert.match(refusal({ token: TOKEN, maxRetries: 1.5 }), /^options\.maxRetries \| .*whole number, got 1\.5/);
  assert.match(refusal({ token: TOKEN, maxRetries: -1 }), /^options\.maxRetries \| .*from 0 up/);
  assert.equal(refusal({ token: TOKEN, namespace: null }), "options.namespace | options.namespace: expected a string, got null");
  assert.equal(refusal({ token: TOKEN, headers: { a: 1 } }), 'options.headers["a"] | options.headers["a"]: expected a string, got number');
});

test("what only the WebAssembly can tell is told by the first call, as the same error", async () => {
  const refused = async (options) => {
    const fetch = fakeFetch();
    const error = await new ScheduledClient({ token: TOKEN, fetch, ...options }).get(ID).then(assert.fail, (error) => error);
    assert.ok(error instanceof ValidationError, String(error));
    assert.equal(fetch.requests.length, 0);
    assert.ok(!inspect(error).includes(SECRET));
    return `${error.path} | ${error.message}`;
  };
  assert.match(await refused({ token: `not.${SECRET}` }), /^options\.token \| options\.token: is malformed/);
  assert.match(await refused({ token: tokenOf({}) }), /^options\.serverUrl \| .*missing/);
  assert.match(await refused({ serverUrl: "hatchet.example" }), /^options\.serverUrl \| .*https:\/\//);
  assert.match(await refused({ tenantId: "t" }), /^options\.tenantId \| .*UUID/);
  for (const timeoutMs of [0, -1, NaN, Infinity, 2 ** 31]) {
    assert.match(await refused({ timeoutMs }), /^options\.timeoutMs \| .*more than 0/, String(timeoutMs));
  }
  assert.match(await refused({ headers: { "a b": "" } }), /^options\.headers/);
  assert.match(await refused({ headers: { Authorization: "x" } }), /token/);
});

test("nothing is sent or loaded by constructing", () => {
  const fetch = fakeFetch();
  new ScheduledClient({ token: TOKEN, fetch });
  assert.equal(fetch.requests.length, 0);
});

test("the caller's options object can be changed afterwards without effect", async () => {
  const fetch = fakeFetch();
  const options = { token: TOKEN, fetch, headers: { "x-team": "a" } };
  const client = new ScheduledClient(options);
  options.headers["x-team"] = "b";
  options.token = "changed";
  await client.get(ID);
  assert.equal(fetch.requests[0].headers["x-team"], "a");
  assert.equal(fetch.requests[0].headers.authorization, `Bearer ${TOKEN}`);
});

/** Where a request goes from a process with these variables and options. */
function requestFrom(environment, options = {}) {
  const script = `
    import { ScheduledClient } from ${JSON.stringify(entry)};
    const fetch = async (url, { headers }) => (console.log(JSON.stringify({ url, token: headers.authorization })), new Response("{}"));
    await new ScheduledClient({ fetch, ...${JSON.stringify(options)} }).get("${ID}").catch(() => {});`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
    env: { PATH: process.env.PATH, ...environment },
  });
  assert.equal(stderr, "");
  return JSON.parse(stdout);
}

test("options win over the environment, which wins over the token's claims", () => {
  const other = "11111111-1111-4111-8111-111111111111";
  const token = { HATCHET_CLIENT_TOKEN: ` ${TOKEN}\n` };
  assert.deepEqual(requestFrom(token), { url: `${WORKFLOWS}/scheduled/${ID}`, token: `Bearer ${TOKEN}` });
  const everything = {
    ...token,
    HATCHET_CLIENT_TENANT_ID: other,
    HATCHET_CLIENT_API_URL: "https://api.example",
    HATCHET_CLIENT_SERVER_URL: "https://server.example/",
  };
  assert.equal(requestFrom(everything).url, `https://server.example/api/v1/tenants/${other}/workflows/scheduled/${ID}`);
  delete everything.HATCHET_CLIENT_SERVER_URL;
  assert.match(requestFrom(everything).url, /^https:\/\/api\.example\//);
  const options = { token: tokenOf({}), tenantId: TENANT, serverUrl: "https://option.example" };
  assert.deepEqual(requestFrom(everything, options), {
    url: `https://option.example/api/v1/tenants/${TENANT}/workflows/scheduled/${ID}`,
    token: `Bearer ${tokenOf({})}`,
  });
});

test("in Deno, only what is permitted already is read, as asking would stop the program", async () => {
  const { readEnvironment } = await import(pathToFileURL(join(repository, "pkg/js/environment.js")));
  const asked = [];
  globalThis.Deno = {
    permissions: { querySync: ({ name, variable }) => (assert.equal(name, "env"), { state: variable.endsWith("TOKEN") ? "granted" : "prompt" }) },
    env: { get: (name) => (asked.push(name), "value") },
  };
  try {
    assert.deepEqual(readEnvironment(), { HATCHET_CLIENT_TOKEN: "value" });
    assert.deepEqual(asked, ["HATCHET_CLIENT_TOKEN"]);
  } finally {
    delete globalThis.Deno;
  }
});

test("the token is in no inspection, no JSON and no property", () => {
  const client = new ScheduledClient({ token: TOKEN, serverUrl: "https://server.example", headers: { "x-key": "header-secret" } });
  assert.equal(inspect(client), "ScheduledClient { serverUrl: 'https://server.example' }");
  assert.equal(JSON.stringify(client), '{"serverUrl":"https://server.example"}');
  const shown = [inspect(client, { showHidden: true, depth: 9 }), String(client), Object.keys(client).join(), inspect({ client })];
  for (const text of shown) assert.ok(!text.includes(SECRET) && !text.includes("header-secret"), text);
});

test("every error class is right in name, code and family", async () => {
  const errors = await import("../support/package.mjs");
  const codes = {
    ValidationError: "validation", ApiError: "api-error", BadRequestError: "bad-request", PermissionDeniedError: "permission-denied",
    NotFoundError: "not-found", RateLimitError: "rate-limited", ServerError: "server-error", ConnectionError: "connection",
    TimeoutError: "timeout", DecodeError: "decode", BulkInterruptedError: "bulk-interrupted",
  };
  for (const [name, code] of Object.entries(codes)) {
    const error = new errors[name]("a message", { cause: "a cause" });
    assert.ok(error instanceof Error && error instanceof HatchetError);
    assert.deepEqual([error.name, error.code, error.message, error.cause], [name, code, "a message", "a cause"]);
    assert.match(error.stack, new RegExp(`^${name}: a message\\n +at `));
    assert.equal(Object.prototype.toString.call(error), "[object Error]");
    assert.deepEqual({ name, code, message: "a message" }, pick(JSON.parse(JSON.stringify(error)), ["name", "code", "message"]));
    assert.ok(!("cause" in JSON.parse(JSON.stringify(error))));
  }
  for (const name of ["BadRequestError", "PermissionDeniedError", "NotFoundError", "RateLimitError", "ServerError"]) {
    assert.ok(new errors[name]("") instanceof errors.ApiError);
  }
});

const pick = (object, keys) => Object.fromEntries(keys.map((key) => [key, object[key]]));

test("a variable that kept the quotes of its file is named, and its value is not", () => {
  const name = "HATCHET_CLIENT_TOKEN";
  const before = process.env[name];
  try {
    for (const quote of ["'", '"']) {
      process.env[name] = `${quote}${TOKEN}${quote}`;
      assert.equal(
        refusal({}),
        `${name} | ${name}: begins and ends with quotes, which whatever set the variable left in it; set it without them, or pass options.token`,
      );
      new ScheduledClient({ token: TOKEN });
    }
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
});
