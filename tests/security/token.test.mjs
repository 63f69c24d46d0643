/** The token is looked for in everything that a client gives, tells, sends and keeps. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";

import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";

import { ID, json, runOf, SECRET, TOKEN } from "../support/fake.mjs";
import { folder, ScheduledClient } from "../support/package.mjs";
import { importWithPeers } from "../support/peers.mjs";
import { found, shown } from "./walk.mjs";

const { tracing } = await importWithPeers("opentelemetry");

const later = { triggerAt: "2031-01-01T00:00:00Z" };
/** Every method, so called that it sends something. */
const CALLS = {
  create: (client) => client.create("greeter", later),
  get: (client) => client.get(ID),
  list: (client) => client.list(),
  update: (client) => client.update(ID, later),
  confirm: (client) => client.confirm(runOf()),
  serverTime: (client) => client.serverTime(),
  access: (client) => client.access(),
  workflows: (client) => client.workflows(),
  workflowVersion: (client) => client.workflowVersion(ID),
  runs: (client) => client.runs(),
  run: (client) => client.run(ID),
  pause: (client) => client.pause(ID, { scheduledRuns: "queue", ttl: "1h" }),
  unpause: (client) => client.unpause(ID),
  delete: (client) => client.delete(ID),
  trigger: (client) => client.trigger(runOf()),
  bulkDelete: (client) => client.bulkDelete({ scheduledIds: [ID] }),
  bulkUpdate: (client) => client.bulkUpdate([{ id: ID, ...later }]),
  bulkCreate: (client) => client.bulkCreate([{ workflowName: "greeter", ...later }]),
  iterate: async (client) => {
    for await (const run of client.iterate()) return run;
  },
  watch: async (client) => {
    for await (const change of client.watch({}, { signal: AbortSignal.timeout(300) })) return change;
  },
};
const NOT_CALLS = ["constructor", "toJSON"];
/** Known without asking, where there is a token. */
const UNASKED = ["access"];

/** How a server, or the way to it, fails or answers. */
const ANSWERS = {
  ...Object.fromEntries([400, 401, 403, 404, 409, 422, 429, 500, 503].map((status) => [status, () => json({ errors: [{ description: "no", field: "f" }] }, status)])),
  "a run": () => json(runOf()),
  "a list": () => json({ rows: [runOf()], pagination: { current_page: 1, next_page: 1, num_pages: 1 } }),
  "a login page": () => new Response("<html><title>Log in</title></html>", { headers: { "content-type": "text/html" } }),
  "half of an answer": () => new Response('{"rows":['),
  "no connection": () => Promise.reject(new TypeError("fetch failed", { cause: new Error("ECONNREFUSED") })),
};

test("every method is among those that are tried", () => {
  const methods = Object.getOwnPropertyNames(ScheduledClient.prototype).filter((name) => !NOT_CALLS.includes(name));
  assert.deepEqual(methods.filter((name) => typeof Object.getOwnPropertyDescriptor(ScheduledClient.prototype, name).value === "function").toSorted(), Object.keys(CALLS).toSorted());
});

for (const [answer, give] of Object.entries(ANSWERS)) {
  test(`the token is in nothing that any call gives, tells, sends or traces where the answer is ${answer}`, async () => {
    const everything = {};
    for (const kind of ["text", "function"]) {
      for (const [name, call] of Object.entries(CALLS)) {
        const exporter = new InMemorySpanExporter();
        const traced = tracing({ tracerProvider: new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }) });
        const kept = { events: [], intercepted: [], sent: [] };
        const fetch = (url, { headers, body, signal, ...init }) => {
          const { authorization, ...others } = headers;
          assert.equal(authorization, `Bearer ${TOKEN}`);
          kept.sent.push({ url, body, headers: others, init });
          return Promise.resolve(give()).then((response) => (signal.throwIfAborted(), response));
        };
        const intercept = (request, next) => {
          kept.intercepted.push(request);
          return traced(request, next).finally(() => kept.intercepted.push({ ...request }));
        };
        const client = new ScheduledClient({ token: kind === "text" ? TOKEN : () => TOKEN, fetch, intercept, onEvent: (event) => kept.events.push(event), maxRetries: 0 });
        kept.outcome = await call(client).catch((error) => error);
        const spans = exporter.getFinishedSpans();
        const isTold = kept.sent.length > 0 && kept.events.length > 0 && kept.intercepted.length > 0 && spans.length > 0;
        assert.ok(isTold || UNASKED.includes(name), `${name} did nothing: ${kept.outcome}`);
        for (const value of [kept.outcome, ...kept.events]) assert.deepEqual(shown(value, SECRET), [], `${name} (a ${kind})`);
        everything[`${name} (a ${kind})`] = { ...kept, spans, ...(kind === "text" && { client }) };
      }
    }
    // At once, as what they share is walked but once.
    assert.deepEqual(found(everything, SECRET), []);
  });
}

const SENT_NOWHERE = { serverUrl: "https://hatchet.example", fetch: () => assert.fail("it was sent") };

/** The error of a client with this token, and what it told. */
async function withToken(token) {
  const events = [];
  const client = new ScheduledClient({ token, ...SENT_NOWHERE, onEvent: (event) => events.push(event) });
  return { error: await client.get(ID).then(assert.fail, (error) => error), events };
}

test("what a token function wrongly gives is not shown, only that it failed", async () => {
  for (const token of [() => `${TOKEN}.${TOKEN}`, () => `${TOKEN}\n${TOKEN}`, () => ({ TOKEN }), () => [TOKEN]]) {
    assert.deepEqual(shown(await withToken(token), SECRET), []);
  }
});

test("what a token function throws is the cause as it is, and in nothing else", async () => {
  for (const thrown of [new Error(TOKEN), new Error("x", { cause: TOKEN }), TOKEN]) {
    const { error, events } = await withToken(() => Promise.reject(thrown));
    assert.deepEqual(shown([error.message, JSON.stringify(error), error.stack, error.name], SECRET), []);
    const outside = found({ error, events }, SECRET).filter((path) => !path.includes(".cause"));
    assert.deepEqual(outside, []);
  }
});

test("a client that was constructed wrongly shows none of what it was given", () => {
  for (const options of [{ token: [TOKEN] }, { token: TOKEN, [SECRET.toLowerCase()]: 1, timeoutMs: "x" }, { token: TOKEN, headers: { a: 5 } }, { token: { TOKEN } }]) {
    assert.throws(() => new ScheduledClient(options), (error) => (assert.deepEqual(shown(error, SECRET), []), true));
  }
});

test("a redirect is not followed, whatever it leads to", async () => {
  const asked = [];
  const fetch = async (url, init) => {
    asked.push([url, init.redirect]);
    return new Response(null, { status: 302, headers: { location: "https://evil.example/" } });
  };
  await assert.rejects(new ScheduledClient({ token: TOKEN, fetch, maxRetries: 0 }).get(ID), (error) => (assert.deepEqual(shown(error, SECRET), []), true));
  assert.deepEqual(asked.map(([url, redirect]) => [new URL(url).origin, redirect]), [["https://hatchet.example", asked[0][1]]]);
  assert.ok(["manual", "error"].includes(asked[0][1]), String(asked[0][1]));
});

test("no file of the package holds a token, or the folder that it was built in", () => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.ok(files.some(({ name }) => name.endsWith(".wasm")));
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name);
    if (path.includes(join(folder, "node_modules"))) continue;
    const text = readFileSync(path, "latin1");
    assert.doesNotMatch(text, /eyJ[\w-]{12,}\.[\w-]{12,}\.[\w-]{12,}/, path);
    assert.doesNotMatch(text, /\/(?:root|home\/\w+)\/\.(?:cargo|rustup|npm)/, path);
  }
});
