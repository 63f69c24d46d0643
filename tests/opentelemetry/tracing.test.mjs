/** Spans of calls and attempts, as the SDK's in-memory exporter gets them. */
import assert from "node:assert/strict";
import test from "node:test";

import { propagation, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";

import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { ID, runOf, TOKEN } from "../support/fake.mjs";
import { folder, ScheduledClient } from "../support/package.mjs";

const { tracing } = await import(pathToFileURL(join(folder, "dist/opentelemetry.js")).href);

function traced(fetch, options) {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const client = new ScheduledClient({ token: TOKEN, fetch, intercept: tracing({ tracerProvider, ...options }) });
  return { client, spans: () => exporter.getFinishedSpans() };
}

const answer = (status = 200) => new Response(JSON.stringify(status < 400 ? runOf() : { errors: [] }), { status, headers: { "content-type": "application/json" } });

test("a repeated attempt is a span of its own within its call's, without the token", async () => {
  let sent = 0;
  const { client, spans } = traced(async () => answer(++sent === 1 ? 503 : 200));
  await client.get(ID);
  const [first, second, call] = spans();
  assert.equal(call.name, "hatchet.scheduled get");
  assert.equal(call.attributes["hatchet.scheduled.run_id"], ID);
  for (const span of [first, second]) {
    assert.equal(span.kind, SpanKind.CLIENT);
    assert.equal(span.name, "GET");
    assert.equal(span.parentSpanContext.spanId, call.spanContext().spanId);
  }
  assert.equal(first.attributes["http.response.status_code"], 503);
  assert.equal(first.status.code, SpanStatusCode.ERROR);
  assert.equal(second.attributes["http.request.resend_count"], 1);
  assert.equal(call.status.code, SpanStatusCode.UNSET);
  assert.ok(!JSON.stringify(spans().map(({ attributes, events }) => [attributes, events])).includes(TOKEN));
});

test("a call that fails says so", async () => {
  const { client, spans } = traced(async () => answer(404));
  await assert.rejects(client.get(ID));
  const call = spans().at(-1);
  assert.equal(call.status.code, SpanStatusCode.ERROR);
  assert.equal(call.events[0].name, "exception");
});

test("a created run carries the trace of its call when asked, and keeps the caller's own", async () => {
  const bodies = [];
  const fetch = async (_, { body }) => (bodies.push(JSON.parse(body)), answer());
  propagation.setGlobalPropagator({ inject: (_, carrier, setter) => setter.set(carrier, "traceparent", "ours"), extract: (within) => within, fields: () => [] });
  const run = { triggerAt: new Date(Date.now() + 3_600_000) };
  await traced(fetch).client.create("report", run);
  await traced(fetch, { propagate: true }).client.create("report", run);
  await traced(fetch, { propagate: true }).client.create("report", { ...run, additionalMetadata: { traceparent: "theirs" } });
  assert.deepEqual(bodies.map(({ additionalMetadata }) => additionalMetadata?.traceparent), [undefined, "ours", "theirs"]);
});

test("a call that is aborted, and a stream that is left, end their spans", async () => {
  const { client, spans } = traced(() => new Promise(() => {}));
  const controller = new AbortController();
  const call = client.get(ID, { signal: controller.signal });
  controller.abort();
  await assert.rejects(call);
  const stream = client.iterate();
  const first = stream.next();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await stream.return();
  await first;
  await new Promise((resolve) => setImmediate(resolve));
  const names = spans().map(({ name }) => name);
  assert.deepEqual(names, ["hatchet.scheduled get", "hatchet.scheduled iterate"]);
});
