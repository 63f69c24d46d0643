import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { after, afterEach, test } from "node:test";

import { fakeFetch, json, never, runOf, TOKEN } from "../support/fake.mjs";
import { importEntry, NotFoundError, PermissionDeniedError, ScheduledClient, ServerError, ValidationError } from "../support/package.mjs";
import { startServer } from "../support/server.mjs";
import { ADDRESS, BASE, createHandler, fromPage, handlerOver, pageClient, signAccess, toNodeHandler } from "./support.mjs";

const { follow, startedBy } = await importEntry("follow");
const server = await startServer();
after(() => server.stop());
afterEach(() => server.clearFaults());
const owner = new ScheduledClient({ token: server.token });
const triggerAt = "2031-01-01T00:00:00Z";
const everything = { allow: "write" };

const call = (handler, path, { headers, ...init } = {}, access = everything) =>
  handler(new Request(BASE + path, { ...init, headers: { ...fromPage, "x-access": JSON.stringify(access), ...(init.body && { "content-type": "application/json" }), ...headers } }));
const told = async (response) => [response.status, (await response.json()).errors?.[0]?.description];

test("a page's client does through a handler all that one with a token does", async () => {
  const client = pageClient(handlerOver(server), everything);
  const run = await client.create("simple", { triggerAt, input: { a: 1 }, idempotencyKey: "once" });
  assert.equal((await client.create("simple", { triggerAt, idempotencyKey: "once" })).metadata.id, run.metadata.id);
  assert.deepEqual((await client.get(run)).input, { a: 1 });
  assert.equal((await client.update(run, { triggerAt: { in: "2h" } })).metadata.id, run.metadata.id);
  const { created } = await client.bulkCreate([{ workflowName: "greeter", triggerAt }, { workflowName: "typed", triggerAt }]);
  assert.equal((await client.bulkUpdate(created.map((made) => [made, "2031-02-01T00:00:00Z"]))).updatedIds.length, 2);
  const seen = [];
  for await (const { metadata } of client.iterate()) seen.push(metadata.id);
  assert.equal(seen.length, 3);
  assert.ok((await client.trigger(run)).externalId);
  assert.equal((await client.bulkDelete({ all: true })).deletedIds.length, 2);
  assert.deepEqual((await client.list()).rows, []);
});

test("access tells what the caller may do, and a client with Hatchet's token knows without asking", async () => {
  const access = { allow: ["get", "list"], workflows: ["simple"], metadata: { team: "a" }, hideInput: true, maxItems: 5 };
  assert.deepEqual(await pageClient(handlerOver(server), access).access(), { ...access, allow: ["list", "get"] });
  assert.deepEqual((await pageClient(handlerOver(server), { allow: "read" }).access()).allow, ["list", "get", "workflows", "runs"]);
  const write = (more) => pageClient(handlerOver(server), { allow: "write", ...more }).access();
  assert.deepEqual([(await write()).allow.includes("pause"), (await write({ metadata: { team: "a" } })).allow.includes("pause")], [true, false], "a pause would hold back others' runs");
  const fetch = fakeFetch();
  const { allow, hideInput } = await new ScheduledClient({ token: TOKEN, fetch }).access();
  assert.deepEqual([allow.length, hideInput, fetch.requests.length], [11, false, 0]);
});

test("the end of a pause needs what it tells beforehand: its workflow, what is overdue, and what stands queued", async () => {
  const handler = handlerOver(server);
  const needs = async (pause, ...allow) => {
    await owner.pause("simple", pause);
    for (const left of allow) {
      await assert.rejects(pageClient(handler, { allow: allow.filter((operation) => operation !== left) }).unpause("simple"), PermissionDeniedError, left);
      assert.equal((await owner.workflows({ name: "simple" }))[0].isPaused, true, `without ${left} nothing is changed`);
    }
    assert.equal((await pageClient(handler, { allow }).unpause("simple")).workflow.isPaused, false);
  };
  await needs({ scheduledRuns: "fire-late" }, "pause", "workflows", "list");
  await needs({ scheduledRuns: "queue", ttl: "1h" }, "pause", "workflows", "list", "runs");
  await owner.pause("simple", { scheduledRuns: "fire-late" });
  const { metadata: { id } } = (await owner.workflows({ name: "simple" }))[0];
  const alone = pageClient(handler, { allow: ["pause"] });
  assert.equal((await alone.pause(id, { scheduledRuns: "fire-late" })).isPaused, true, "by its id no more is needed");
  await assert.rejects(alone.pause("simple", { scheduledRuns: "fire-late" }), PermissionDeniedError);
  await owner.unpause("simple");
});

test("a page's user follows its own run through a handler, and nobody else's", async () => {
  const handler = handlerOver(server);
  const own = pageClient(handler, { allow: "write", workflows: ["simple"], metadata: { team: "a" } });
  const other = pageClient(handler, { allow: "write", metadata: { team: "b" } });
  const run = await own.create("simple", { triggerAt: { in: 0 }, traceable: true, input: { a: 1 } });
  const states = [];
  for await (const state of follow(own, run)) states.push(state);
  assert.deepEqual([states.at(-1).status, states.at(-1).output], ["succeeded", { ok: true }]);
  assert.equal(await startedBy(other, run), null);
  await assert.rejects(other.run(states.at(-1).runId), NotFoundError);
  const hidden = pageClient(handler, { allow: "read", hideInput: true });
  const { status, output, run: shown } = await startedBy(hidden, run);
  assert.deepEqual([status, output, shown.input, shown.errorMessage], ["succeeded", undefined, undefined, undefined]);
});

test("what asks for runs or pauses in no known way is refused", async () => {
  const handler = handlerOver(server);
  const stable = BASE.replace(/\/api\/v1\/tenants.*/, "/api/v1/stable");
  const runs = (query) => handler(new Request(`${stable}/tenants/x/workflow-runs?${query}`, { headers: { ...fromPage, "x-access": '{"allow":"read"}' } }));
  const list = async (query) => (await runs(query)).status;
  assert.equal(await list("since=2020-01-01T00:00:00Z&only_tasks=false"), 200);
  for (const query of ["", "since=soon", "since=2020-01-01T00:00:00Z&limit=0", "since=2020-01-01T00:00:00Z&limit=99999", "since=2020-01-01T00:00:00Z&statuses=DONE", "since=2020-01-01T00:00:00Z&worker_id=x", "since=2020-01-01T00:00:00Z&include_payloads=yes", "since=2020-01-01T00:00:00Z&additional_metadata=a:b&additional_metadata=c:d"]) {
    assert.equal(await list(query), 400, query);
  }
  const since = "since=2020-01-01T00:00:00Z";
  for (const query of ["additional_metadata=a:b&additional_metadata_operator=OR", "additional_metadata=a:b&additional_metadata=c:d&additional_metadata_operator=AND"]) {
    assert.equal(await list(`${since}&${query}`), 200, query);
  }
  // Each of these was once taken for a question that it is not.
  const mistaken = [
    ["only_tasks=true", "only_tasks", /say false/],
    ["additional_metadata=a:b&additional_metadata_operator=XOR", "additional_metadata_operator", /say AND/],
    ["additional_metadata=a:b&additional_metadata=c:d&additional_metadata_operator=OR", "additional_metadata_operator", /say AND/],
    ["additional_metadata=a:b&additional_metadata=a:c&additional_metadata_operator=AND", "additional_metadata", /"a" there may be one value/],
  ];
  for (const [query, field, words] of mistaken) {
    const response = await runs(`${since}&${query}`);
    const [error] = (await response.json()).errors ?? [];
    assert.deepEqual([response.status, error?.field], [400, field], query);
    assert.match(error.description, words);
  }
  assert.deepEqual(await told(await call(handler, "/scheduled?additionalMetadata=a:b&additionalMetadata=a:c")), [400, 'Of the key "a" there may be one value.']);
  const [workflow] = await owner.workflows({ name: "simple" });
  const pause = async (body) => (await handler(new Request(`${BASE.replace(/\/api\/v1\/tenants.*/, "")}/api/v1/workflows/${workflow.metadata.id}`, { method: "PATCH", body: JSON.stringify(body), headers: { ...fromPage, "content-type": "application/json", "x-access": '{"allow":"write"}' } }))).status;
  for (const body of [{}, { pause: {} }, { pause: { action: "pause" } }, { pause: { action: "pause", pausedWorkflowScheduledRunQueueBehavior: "toss", pausedWorkflowCronRunQueueBehavior: "DROP", pausedWorkflowQueueTTL: "1h" } }, { isPaused: true }]) {
    assert.equal(await pause(body), 400, JSON.stringify(body));
  }
  assert.equal((await owner.workflows({ name: "simple" }))[0].isPaused, false);
});

test("nobody is let in unsaid", async () => {
  assert.deepEqual(await told(await call(handlerOver(server), "/scheduled", {}, null)), [401, "Who you are is not known here: sign in first."]);
  for (const access of [{}, { allow: "all" }, { allow: ["lisst"] }, { allow: "read", workflow: ["simple"] }, { allow: "read", metadata: { n: 1 } }, { allow: ["list", "pause"], metadata: { team: "a" } }]) {
    const events = [];
    const response = await call(handlerOver(server, { onEvent: (event) => events.push(event) }), "/scheduled", {}, access);
    assert.equal(response.status, 500, JSON.stringify(access));
    assert.match(events[0].error.message, /^access: /);
    await assert.rejects(signAccess(access, { secret: "x".repeat(32), expiresIn: "1m" }), { message: events[0].error.message });
  }
  assert.throws(() => createHandler({}), /options\.access: missing/);
  assert.throws(() => createHandler({ access() {}, acces() {} }), /options\.acces: unknown key/);
});

test("what another site's page sends changes nothing", async () => {
  const handler = handlerOver(server);
  const body = JSON.stringify({ triggerAt });
  const foreign = [
    { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
    { "sec-fetch-site": "same-site", origin: "https://other.app.example" },
    { "sec-fetch-site": "none" },
    { "sec-fetch-site": undefined, origin: "https://evil.example" },
    { "sec-fetch-site": undefined, origin: "null" },
    { "sec-fetch-site": undefined, origin: undefined },
  ];
  for (const headers of foreign) {
    const sent = { ...fromPage, ...headers, "x-access": '{"allow":"write"}', "content-type": "application/json" };
    for (const name of Object.keys(sent)) if (sent[name] === undefined) delete sent[name];
    const response = await handler(new Request(`${BASE}/simple/scheduled`, { method: "POST", body, headers: sent }));
    assert.equal(response.status, 403, JSON.stringify(headers));
  }
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
    assert.equal((await call(handler, "/simple/scheduled", { method: "POST", body, headers: { "content-type": type } })).status, 415, type);
  }
  assert.deepEqual((await owner.list()).rows, []);
  const program = await handler(new Request(`${BASE}/simple/scheduled`, { method: "POST", body, headers: { "content-type": "application/json", "x-access": '{"allow":"write"}' } }));
  assert.equal(program.status, 200, "what sends neither origin nor cookie is no page");
  await owner.delete((await program.json()).metadata.id);
});

test("pages of another origin are answered where they are allowed, and nowhere else", async () => {
  const origin = "https://page.example";
  const preflight = new Request(`${BASE}/scheduled`, { method: "OPTIONS", headers: { origin } });
  const closed = await handlerOver(server)(preflight.clone());
  assert.deepEqual([closed.status, closed.headers.get("access-control-allow-origin")], [403, null]);
  const open = handlerOver(server, { cors: { origins: [origin] } });
  const allowed = await open(preflight);
  assert.deepEqual([allowed.status, allowed.headers.get("access-control-allow-origin")], [204, origin]);
  const headers = { origin, "sec-fetch-site": "cross-site" };
  assert.equal((await call(open, "/scheduled", { headers })).headers.get("access-control-allow-origin"), origin);
  assert.equal((await call(open, "/scheduled", { headers: { ...headers, origin: "https://evil.example" } })).headers.get("access-control-allow-origin"), null);
  assert.throws(() => handlerOver(server, { cors: { origins: ["*"] } }), /no origin/);
  assert.throws(() => handlerOver(server, { cors: { origins: ["https://a.example/"] } }), /no origin/);
});

test("what is no known call does not pass, whatever it looks like", async () => {
  const handler = handlerOver(server);
  await server.forgetRequests();
  const refusals = [
    ["GET", "/scheduled?limit=0", 400], ["GET", "/scheduled?limit=1&limit=2", 400], ["GET", "/scheduled?since=1", 400], ["GET", "/scheduled?limit=-1", 400],
    ["GET", "/scheduled?limit=100001", 400], ["GET", "/scheduled?orderByField=id", 400], ["GET", "/scheduled?orderByDirection=asc", 400], ["GET", "/scheduled?statuses=x", 400],
    ["GET", "/scheduled/not-an-id", 400], ["GET", "/scheduled/..%2F..%2Fworker", 400], ["GET", "/cron", 404], ["GET", "/scheduled/a/b", 404], ["GET", "/scheduled/%E0%A4%A", 400],
    ["PUT", "/scheduled", 405], ["POST", "/scheduled", 405], ["DELETE", "/scheduled", 405],
    ["POST", "/simple/scheduled", 400, {}], ["POST", "/simple/scheduled", 400, { triggerAt: 5 }], ["POST", "/simple/scheduled", 400, { triggerAt: "2031-01-01T00:00:00" }],
    ["POST", "/simple/scheduled", 400, { triggerAt, also: 1 }], ["POST", "/simple/scheduled", 400, { triggerAt, priority: 9 }], ["POST", "/simple/scheduled", 400, { triggerAt, input: [] }],
    ["POST", "/simple/scheduled", 400, { triggerAt, additionalMetadata: 1 }], ["POST", "/simple/scheduled", 400, []],
    ["POST", "/scheduled/bulk-delete", 400, {}], ["POST", "/scheduled/bulk-delete", 400, { scheduledWorkflowRunIds: [], filter: {} }], ["POST", "/scheduled/bulk-delete", 400, { scheduledWorkflowRunIds: [5] }],
    ["POST", "/scheduled/bulk-delete", 400, { filter: { everything: true } }], ["POST", "/scheduled/bulk-update", 400, { updates: [{}] }], ["POST", "/scheduled/bulk-update", 400, { updates: {} }],
  ];
  for (const [method, path, status, body] of refusals) {
    const response = await call(handler, path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
    assert.equal(response.status, status, `${method} ${path} ${JSON.stringify(body)}: ${await response.text()}`);
  }
  assert.equal((await call(handler, "/simple/scheduled", { method: "POST", body: "{" })).status, 400);
  assert.equal((await handler(new Request("https://app.example/elsewhere", { headers: { "x-access": '{"allow":"write"}' } }))).status, 404);
  assert.deepEqual((await server.requests()).filter(({ method }) => method !== "GET"), [], "nothing was changed");
});

test("nothing of the caller's request but the call itself reaches Hatchet, and nothing of Hatchet's answer but the run comes back", async () => {
  const fetch = fakeFetch(() => json(runOf(), 200, { "set-cookie": "hatchet=1", "x-hatchet": "1" }));
  const handler = createHandler({ access: () => everything, client: { token: TOKEN, fetch } });
  const response = await call(handler, `/scheduled/${runOf().metadata.id}`, { headers: { authorization: "Bearer theirs", "x-theirs": "1" } });
  assert.deepEqual(Object.keys(fetch.requests[0].headers), ["authorization"]);
  assert.equal(fetch.requests[0].headers.authorization, `Bearer ${TOKEN}`);
  assert.deepEqual([...response.headers.keys()].sort(), ["cache-control", "content-type", "x-content-type-options"]);
});

test("where Hatchet refuses the token or fails, the page is told no more than that, and onEvent the truth", async () => {
  for (const [answer, status] of [
    [() => json({ errors: [{ description: "bad token of tenant 5" }] }, 403), 502],
    [() => json({ message: "SQL: bad token" }, 500), 502],
    [() => new Response("<title>bad token</title>"), 502],
    [() => Promise.reject(new Error("connect ECONNREFUSED bad token")), 502],
    [() => json({}, 429, { "retry-after": "7" }), 429],
  ]) {
    const events = [];
    const handler = createHandler({ access: () => everything, client: { token: TOKEN, fetch: fakeFetch(answer), maxRetries: 0 }, onEvent: (event) => events.push(event) });
    const response = await call(handler, "/scheduled");
    assert.equal(response.status, status);
    assert.doesNotMatch(await response.text(), /bad token|SQL|ECONN|hatchet\.example/);
    if (status === 429) assert.equal(response.headers.get("retry-after"), "7");
    else assert.match(`${events[0].error.message} ${events[0].error.cause?.message}`, /bad token/);
  }
});

test("a handler can be made where the token is not, and says what is missing when it is asked", async () => {
  const events = [];
  const handler = createHandler({ access: () => everything, onEvent: (event) => events.push(event) });
  assert.equal((await call(handler, "/scheduled")).status, 500);
  assert.match(events[0].error.message, /HATCHET_CLIENT_TOKEN/);
});

test("bodies, items, listings and requests at once have their limits, each told with its number", async () => {
  const small = handlerOver(server, { limits: { bodyBytes: 100, listRuns: 10 } });
  const body = JSON.stringify({ triggerAt, input: { a: "x".repeat(100) } });
  assert.deepEqual(await told(await call(small, "/simple/scheduled", { method: "POST", body })), [413, "The body may have 100 bytes at most."]);
  const chunked = new ReadableStream({ start(controller) { controller.enqueue(new TextEncoder().encode(body)); controller.close(); } });
  assert.equal((await call(small, "/simple/scheduled", { method: "POST", body: chunked, duplex: "half" })).status, 413);
  assert.deepEqual(await told(await call(small, "/scheduled?limit=11")), [400, "At most 10 runs are listed at once."]);
  const updates = Array.from({ length: 3 }, () => ({ id: runOf().metadata.id, triggerAt }));
  const narrow = await call(small, "/scheduled/bulk-update", { method: "POST", body: JSON.stringify({ updates }).slice(0) }, { allow: "write", maxItems: 2 });
  assert.equal(narrow.status, 413);
  assert.deepEqual(await told(await call(handlerOver(server), "/scheduled/bulk-update", { method: "POST", body: JSON.stringify({ updates }) }, { allow: "write", maxItems: 2 })), [400, "One call may have 2 items at most, and this one has 3."]);

  const silent = createHandler({ access: () => everything, limits: { requests: 2 }, client: { token: TOKEN, fetch: fakeFetch(never) } });
  const gone = new AbortController();
  const waiting = [call(silent, "/scheduled", { signal: gone.signal }), call(silent, "/scheduled", { signal: gone.signal })];
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((await call(silent, "/scheduled")).status, 429);
  gone.abort();
  await Promise.all(waiting);
});

test("a caller that goes away ends a read at once, and a change that was sent is finished", async () => {
  let answer;
  const fetch = fakeFetch(({ method }) => (method === "GET" && !answer ? never() : new Promise((resolve) => setTimeout(resolve, 50, json(runOf())))));
  const handler = createHandler({ access: () => everything, client: { token: TOKEN, fetch } });
  const gone = new AbortController();
  const read = call(handler, "/scheduled", { signal: gone.signal });
  await new Promise((resolve) => setTimeout(resolve, 20));
  gone.abort();
  assert.equal((await read).status, 499);
  assert.ok(fetch.requests[0].init.signal.aborted);

  answer = true;
  const left = new AbortController();
  const write = call(handler, "/simple/scheduled", { method: "POST", body: JSON.stringify({ triggerAt }), signal: left.signal });
  await new Promise((resolve) => setTimeout(resolve, 20));
  left.abort();
  assert.equal((await write).status, 200);
  assert.equal(fetch.requests.at(-1).init.signal.aborted, false);
});

test("a request that is none ends neither Node's server nor its process, and a body that was parsed before is read", async (t) => {
  const node = createServer((request, response) => {
    if (request.url.includes("parsed")) Object.assign(request, { body: { triggerAt }, readable: false });
    request.originalUrl = request.url.replace("parsed", "simple");
    return toNodeHandler(handlerOver(server))(request, response);
  }).listen(0, "127.0.0.1");
  t.after(() => node.close());
  await once(node, "listening");
  const { port } = node.address();
  const raw = (text) =>
    new Promise((resolve, reject) => {
      let answer = "";
      const socket = connect(port, "127.0.0.1", () => socket.end(text)).on("data", (data) => (answer += data)).on("close", () => resolve(answer)).on("error", reject);
    });
  assert.match(await raw("GET /x HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n"), /^HTTP\/1\.1 400/);
  const headers = { "x-access": '{"allow":"write"}', "content-type": "application/json" };
  const made = await fetch(`http://127.0.0.1:${port}/api/v1/tenants/t/workflows/parsed/scheduled`, { method: "POST", headers, body: "{}" });
  assert.equal(made.status, 200, await made.clone().text());
  await owner.delete((await made.json()).metadata.id);
});

test("what is not there is called what was asked for", async () => {
  const client = pageClient(handlerOver(server), everything);
  const absent = "99999999-9999-4999-8999-999999999999";
  const says = (words) => (error) => error instanceof NotFoundError && words.test(error.message) || assert.fail(`${error}`);
  await assert.rejects(client.get(absent), says(/no scheduled run with this id/));
  await assert.rejects(client.run(absent), says(/no run with this id that has started/));
  await assert.rejects(client.workflowVersion(absent), says(/no workflow with this id/));
  await assert.rejects(client.pause(absent, { scheduledRuns: "fire-late" }), says(/no workflow with this id/));
  const other = pageClient(handlerOver(server), { allow: "write", metadata: { team: "b" } });
  const { externalId } = await owner.trigger(await owner.create("simple", { triggerAt }));
  await assert.rejects(other.run(externalId), says(/no run with this id that has started/), "nothing tells a foreign run from none");
});

test("a run made in code is not changed, and that is said", async () => {
  const { ids: [id] } = await server.insertRuns({ count: 1, workflow: "simple", triggerAt, method: "DEFAULT" });
  const client = pageClient(handlerOver(server), everything);
  await assert.rejects(client.delete(id), (error) => error instanceof PermissionDeniedError && /made in the workflow's code/.test(error.message));
  const foreign = pageClient(handlerOver(server), { allow: "write", metadata: { team: "a" } });
  await assert.rejects(foreign.delete(id), { name: "NotFoundError" });
});

test("names are matched with the namespace of the handler's client", async () => {
  const handler = handlerOver(server, { client: { token: server.token, namespace: "Dev" } });
  const client = pageClient(handler, { allow: "write", workflows: ["simple"] });
  await assert.rejects(client.create("greeter", { triggerAt }), PermissionDeniedError);
  await assert.rejects(client.create("simple", { triggerAt }), (error) => !(error instanceof PermissionDeniedError), "allowed, and Hatchet has no dev_simple");
});

test("a client without a token needs an address, and a relative one a page", async () => {
  assert.throws(() => new ScheduledClient(), (error) => error instanceof ValidationError && /options\.token: missing/.test(error.message));
  assert.throws(() => new ScheduledClient({ serverUrl: ADDRESS, token: "" }), ValidationError);
  const nowhere = new ScheduledClient({ serverUrl: "/api/scheduled" });
  await assert.rejects(nowhere.list(), (error) => error instanceof ValidationError && error.path === "options.serverUrl" && /whole address/.test(error.message));
});

test("a token of the environment is not sent to a page's own server", async () => {
  process.env.HATCHET_CLIENT_TOKEN = TOKEN;
  globalThis.location = new URL("https://app.example/runs/7?q=1");
  try {
    const seen = async (options) => {
      const fetch = fakeFetch();
      await new ScheduledClient({ ...options, fetch }).get(runOf().metadata.id);
      return [fetch.requests[0].url.replace(/\/api\/v1.*/, ""), fetch.requests[0].headers.authorization];
    };
    assert.deepEqual(await seen({ serverUrl: "/api/scheduled" }), ["https://app.example/api/scheduled", undefined]);
    assert.deepEqual(await seen({ serverUrl: "../scheduled/" }), ["https://app.example/scheduled", undefined]);
    assert.deepEqual(await seen({ serverUrl: ADDRESS, token: null }), [ADDRESS, undefined]);
    assert.deepEqual(await seen({ serverUrl: ADDRESS }), [ADDRESS, `Bearer ${TOKEN}`]);
  } finally {
    delete process.env.HATCHET_CLIENT_TOKEN;
    delete globalThis.location;
  }
});

test("where no token was sent, a refusal says so", async () => {
  const client = new ScheduledClient({ serverUrl: ADDRESS, fetch: fakeFetch(() => json({ errors: [{ description: "no" }] }, 403)) });
  await assert.rejects(client.list(), (error) => error instanceof PermissionDeniedError && /No token was sent/.test(error.message));
  const failing = new ScheduledClient({ serverUrl: ADDRESS, maxRetries: 0, fetch: fakeFetch(() => json({ errors: [{ description: "no" }] }, 502)) });
  await assert.rejects(failing.list(), ServerError);
});
