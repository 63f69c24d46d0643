/** Spans of calls and attempts, as the SDK's in-memory exporter gets them. */
import assert from "node:assert/strict";
import test from "node:test";

import { propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";

import { fakeFetch, ID, json, never, runOf, SECRET, TOKEN } from "../support/fake.mjs";
import { importEntry, ScheduledClient } from "../support/package.mjs";
import { importWithPeers } from "../support/peers.mjs";

const { tracing } = await importWithPeers("opentelemetry");
const { EmbeddedHatchet } = await importEntry("testing");

const soon = () => new Promise(setImmediate);
const later = { triggerAt: "2031-01-01T00:00:00Z" };

function traced(options) {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const spans = () => exporter.getFinishedSpans();
  return { intercept: tracing({ tracerProvider, ...options }), spans, call: () => spans().findLast(({ kind }) => kind === SpanKind.INTERNAL) };
}

function tracedClient(fetch, options) {
  const { intercept, ...rest } = traced(options);
  return { ...rest, client: new ScheduledClient({ token: TOKEN, fetch, intercept }) };
}

/** All that an exporter would send. */
const told = (spans) => JSON.stringify(spans.map(({ name, attributes, events, status }) => ({ name, attributes, events, status })));

test("a repeated attempt is a span of its own within its call's, by the names of the conventions", async () => {
  const { client, spans } = tracedClient(fakeFetch((_, number) => json(number === 1 ? { errors: [] } : runOf(), number === 1 ? 503 : 200)));
  await client.get(ID);
  const [first, second, call] = spans();
  assert.equal(call.name, "hatchet.scheduled get");
  assert.equal(call.kind, SpanKind.INTERNAL);
  assert.deepEqual(call.attributes, { "hatchet.scheduled.operation": "get", "hatchet.scheduled.run_id": ID });
  assert.equal(call.status.code, SpanStatusCode.UNSET);
  assert.deepEqual(call.events.map(({ name, attributes }) => [name, attributes]), [["retry", { "http.request.resend_count": 1 }]]);
  for (const span of [first, second]) {
    assert.equal(span.kind, SpanKind.CLIENT);
    assert.equal(span.name, "GET");
    assert.equal(span.parentSpanContext.spanId, call.spanContext().spanId);
  }
  const { "url.full": url, ...attributes } = first.attributes;
  assert.match(url, /^https:\/\/hatchet\.example\/api\/v1\/tenants\/[\w-]+\/workflows\/scheduled\/[\w-]+$/);
  assert.deepEqual(attributes, {
    "http.request.method": "GET", "server.address": "hatchet.example", "server.port": 443,
    "http.response.status_code": 503, "error.type": "503",
  });
  assert.equal(first.status.code, SpanStatusCode.ERROR);
  assert.equal(second.attributes["http.response.status_code"], 200);
  assert.equal(second.attributes["http.request.resend_count"], 1);
  assert.equal(second.status.code, SpanStatusCode.UNSET);
});

test("what fails says so by type, status, argument or time, and nothing of what was sent is told", async () => {
  const body = { ...later, input: { card: "hunter2" }, additionalMetadata: { team: "hunter2" } };
  const echo = async (url, { body }) => json({ errors: [{ description: `cannot take ${body ?? url}` }] }, 400);
  const lost = async (url) => { throw new TypeError(`error sending request for url (${url})`); };
  const failed = async (fetch, make) => {
    const { client, spans, call } = tracedClient(fetch);
    await assert.rejects(make(client));
    assert.doesNotMatch(told(spans()), /hunter2/);
    assert.ok(!told(spans()).includes(SECRET));
    assert.equal(call().status.code, SpanStatusCode.ERROR);
    const { "exception.type": type, "exception.message": message } = call().events.at(-1).attributes;
    return [call().attributes["error.type"], type, message];
  };
  assert.deepEqual(await failed(echo, (client) => client.create("report", body)), ["bad-request", "BadRequestError", "HTTP 400"]);
  assert.deepEqual(await failed(echo, (client) => client.list({ additionalMetadata: { team: "hunter2" } })), ["bad-request", "BadRequestError", "HTTP 400"]);
  assert.deepEqual(await failed(lost, (client) => client.list({ additionalMetadata: { team: "hunter2" } }, { maxRetries: 0 })), ["connection", "ConnectionError", undefined]);
  assert.deepEqual(await failed(never, (client) => client.get(ID, { timeoutMs: 10, maxRetries: 0 })), ["timeout", "TimeoutError", "no answer within 10 ms"]);
  assert.deepEqual(await failed(never, (client) => client.create("report", { ...body, triggerAt: "hunter2" })), ["validation", "ValidationError", "run.triggerAt"]);
  assert.deepEqual(await failed(never, (client) => client.get(ID, { signal: AbortSignal.abort() })), ["AbortError", "AbortError", undefined]);
  assert.deepEqual(await failed(never, (client) => client.get(ID, { signal: AbortSignal.abort("hunter2") })), ["_OTHER", "_OTHER", undefined]);
  assert.deepEqual(await failed(never, (client) => client.create(null, null)), ["validation", "ValidationError", "run"]);
});

test("a trace goes from the call through the schedule to the run", async (t) => {
  const { intercept, call } = traced({ propagate: true });
  const hatchet = await EmbeddedHatchet.start({ now: "2031-01-01T00:00:00Z" });
  t.after(() => hatchet.stop());
  const client = hatchet.client({ intercept });
  const traces = [];
  await client.create("simple", { triggerAt: { in: "1h" }, additionalMetadata: { team: "a" } });
  traces.push(call().spanContext());
  assert.equal(call().attributes["hatchet.scheduled.workflow_name"], "simple");
  await client.bulkCreate([1, 2].map((hour) => ({ workflowName: "simple", triggerAt: { in: `${hour + 1}h` } })));
  traces.push(call().spanContext(), call().spanContext());
  assert.equal(call().attributes["hatchet.scheduled.items"], 2);
  await client.bulkCreate((function* () { yield { workflowName: "simple", triggerAt: { in: "4h" } }; })());
  traces.push(call().spanContext());
  await hatchet.advance("5h");
  assert.equal(hatchet.runs.length, 4);
  for (const [index, { additionalMetadata }] of hatchet.runs.entries()) {
    const { traceId, spanId } = traces[index];
    assert.equal(additionalMetadata.traceparent, `00-${traceId}-${spanId}-01`);
  }
  assert.equal(hatchet.runs[0].additionalMetadata.team, "a");
});

test("a run is the caller's own: its trace is kept, its objects are not touched, and a key that is repeated finds it", async (t) => {
  const { intercept, call } = traced({ propagate: true });
  const hatchet = await EmbeddedHatchet.start({ now: "2031-01-01T00:00:00Z" });
  t.after(() => hatchet.stop());
  const client = hatchet.client({ intercept });
  const additionalMetadata = Object.freeze({ team: "a" });
  const run = Object.freeze({ triggerAt: "2031-01-02T00:00:00Z", additionalMetadata, idempotencyKey: "one" });
  const first = await client.create("simple", run);
  const { traceId } = call().spanContext();
  const again = await client.create("simple", run);
  assert.notEqual(call().spanContext().traceId, traceId);
  assert.equal(again.metadata.id, first.metadata.id);
  assert.deepEqual(again.warnings ?? [], []);
  assert.ok(again.additionalMetadata.traceparent.includes(traceId));

  const theirs = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  for (const own of [{ traceparent: theirs }, { tracestate: "a=b" }]) {
    const made = await client.create("simple", { ...later, triggerAt: { in: "9h" }, additionalMetadata: own });
    assert.deepEqual(made.additionalMetadata, own);
  }
  // Refused as without a trace.
  for (const additionalMetadata of [null, "a", []]) {
    await assert.rejects(client.create("simple", { triggerAt: { in: "9h" }, additionalMetadata }), { code: "validation", path: "run.additionalMetadata" });
  }
  for (const run of [null, undefined, []]) await assert.rejects(client.create("simple", run), { code: "validation" });

  const moved = await client.create("simple", { ...run, triggerAt: "2031-01-03T00:00:00Z" });
  assert.deepEqual(moved.warnings.map(({ code }) => code), ["key-reuse"]);
  assert.deepEqual(call().events.map(({ name, attributes }) => [name, attributes]), [["warning", { "hatchet.scheduled.warning": "key-reuse" }]]);
});

test("nothing is propagated unless asked for, nor where nobody traces", async () => {
  const fetch = fakeFetch();
  const { client } = tracedClient(fetch);
  await client.create("report", later);
  const untraced = new ScheduledClient({ token: TOKEN, fetch, intercept: tracing({ propagate: true, propagateHeaders: true }) });
  await untraced.create("report", later);
  for (const { body, headers } of fetch.requests) {
    assert.deepEqual(body.additionalMetadata, {});
    assert.deepEqual(Object.keys(headers).toSorted(), ["authorization", "content-type"]);
  }
});

test("headers carry the trace of their attempt when asked", async () => {
  propagation.setGlobalPropagator({ inject: (within, carrier) => (carrier.traceparent = trace.getSpanContext(within).spanId), extract: (within) => within, fields: () => [] });
  try {
    const fetch = fakeFetch();
    const { client, spans } = tracedClient(fetch, { propagateHeaders: true });
    await client.get(ID);
    assert.equal(fetch.requests[0].headers.traceparent, spans()[0].spanContext().spanId);
  } finally {
    propagation.disable();
  }
});

test("attempts of calls that are under way at once are within their own", async () => {
  const { client, spans } = tracedClient(fakeFetch(async () => (await soon(), json(runOf()))));
  await Promise.all(Array.from({ length: 20 }, () => client.get(ID)));
  const calls = spans().filter(({ kind }) => kind === SpanKind.INTERNAL).map((span) => span.spanContext().spanId);
  const parents = spans().filter(({ kind }) => kind === SpanKind.CLIENT).map(({ parentSpanContext }) => parentSpanContext.spanId);
  assert.equal(new Set(calls).size, 20);
  assert.deepEqual(parents.toSorted(), calls.toSorted());
});

test("a call that is aborted, and a stream that is left, end their spans", async () => {
  const { client, spans } = tracedClient(never);
  const controller = new AbortController();
  const call = client.get(ID, { signal: controller.signal });
  controller.abort();
  await assert.rejects(call);
  const stream = client.iterate();
  const first = stream.next();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await stream.return();
  await first;
  await soon();
  assert.deepEqual(spans().map(({ name }) => name), ["hatchet.scheduled get", "hatchet.scheduled iterate"]);
});
