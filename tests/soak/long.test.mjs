/** Long runs: what a process and a page hold on to stays level, however many calls were made and however long was watched. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { getEventListeners, setMaxListeners } from "node:events";
import test from "node:test";

import { openPage } from "../browser/page.mjs";
import { ConnectionError, NotFoundError, ScheduledClient, ServerError, ValidationError } from "../support/package.mjs";
import { random, seed } from "../support/random.mjs";
import { deadAddress, startServer } from "../support/server.mjs";
import { SAMPLES, assertLevel, inAll, inMegabytes } from "./long/levels.mjs";
import { collect, keepMemories } from "./memory.mjs";
import { minutes, replayable, tell } from "./share.mjs";

/** A million in an hour. */
const CALLS = minutes === undefined ? 2_000 : Math.min(1_000_000, Math.max(2_000, Math.round(minutes * 17_500)));
const WATCHED_SECONDS = minutes === undefined ? 6 : Math.min(1_800, minutes * 30);
const AT_ONCE = 16;
const UNKNOWN = "7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f";
const FAR = Date.UTC(2031, 0, 1);
const SPAN = 10_000_000;

keepMemories();

/** Neighbouring seeds draw alike at first: they are spread, and the first draws left out. */
function drawing() {
  const draw = random(Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d));
  for (let early = 0; early < 8; early += 1) draw(2);
  return draw;
}

const turn = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));
const totalOf = (sizes) => sizes.reduce((sum, bytes) => sum + bytes, 0);
const residentOf = (pid) => Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) * 1024;

/** Kinds of calls, and how often each is made among a hundred. */
function kindsOf({ server, clientOf, dead, draw, signal }) {
  const later = () => FAR + draw(SPAN);
  const refused = (call, ...kinds) => call.then(() => assert.fail("it went well"), (error) => assert.ok(kinds.some((kind) => error instanceof kind), error));
  /** Nothing else is refused than by the caller's own reason; that it came too late is as good. */
  const ended = (call, reason) => call.catch((error) => assert.equal(error, reason));
  const ids = [];
  const kinds = {
    get: [24, () => (ids.length ? clientOf().get(ids[draw(ids.length)], { signal }) : clientOf().list())],
    list: [16, () => clientOf().list({ limit: 1 + draw(20), offset: draw(100) }, { signal })],
    filtered: [4, () => clientOf().list({ limit: 5, additionalMetadata: { attempt: draw(5) } }, { signal })],
    createAndDelete: [10, async () => {
      const run = await clientOf().create("simple", { triggerAt: later(), input: { text: "x".repeat(draw(300)) }, additionalMetadata: { of: "long" } }, { signal });
      await clientOf().delete(run, { signal });
    }],
    update: [8, () => (ids.length ? clientOf().update(ids[draw(ids.length)], { triggerAt: later() }, { signal }) : clientOf().list())],
    bulk: [4, async () => {
      const { created } = await clientOf().bulkCreate([1, 2, 3].map(() => ({ workflowName: "greeter", triggerAt: later() })), { signal });
      await clientOf().bulkUpdate(created.map((run) => [run, later()]), { signal, onProgress: () => {} });
      await clientOf().bulkDelete({ scheduledIds: created }, { signal });
    }],
    aborted: [12, () => {
      const stop = new AbortController();
      const reason = new Error("enough");
      const wait = draw(4);
      if (wait === 0) stop.abort(reason);
      else setTimeout(() => stop.abort(reason), wait - 1);
      return ended(clientOf().list({ limit: 50 }, { signal: stop.signal }), reason);
    }],
    unknown: [5, () => refused(clientOf().get(UNKNOWN, { signal }), NotFoundError)],
    invalid: [5, () => refused(clientOf().create("simple", { triggerAt: "soon" }, { signal }), ValidationError)],
    failing: [4, () => refused(clientOf().workflows({ name: "failing" }, { signal, maxRetries: 0 }), ServerError, ConnectionError)],
    unreachable: [1, () => refused(new ScheduledClient({ token: server.token, serverUrl: dead }).list({}, { signal, maxRetries: 0 }), ConnectionError)],
    someRows: [4, async () => {
      let left = 3;
      for await (const run of clientOf().iterate({ pageSize: 10 }, { signal })) if (!run.metadata.id || --left === 0) break;
    }],
    watch: [3, async () => {
      const stop = new AbortController();
      setTimeout(() => stop.abort(), draw(40));
      for await (const change of clientOf().watch({}, { signal: stop.signal, intervalMs: 5 })) if (!change.run || draw(5) === 0) break;
    }],
  };
  const wheel = Object.entries(kinds).flatMap(([name, [share]]) => Array(share).fill(name));
  assert.equal(wheel.length, 100);
  return { ids, next: () => kinds[wheel[draw(wheel.length)]][1]() };
}

/** Makes calls, some at once, and looks at what is held after each part of them. `also` is done beside each call. */
async function callsOf(t, draw, count, also = () => {}) {
  const server = await startServer();
  t.after(() => server.stop());
  await server.faults({ match: { pathContains: "name=failing", nth: 1 }, then: { status: 500 } }, { match: { pathContains: "name=failing" }, then: { drop: "before" } });
  await server.insertRuns({ count: 150, spacingMs: 1_000, additionalMetadata: { attempt: 1 } });
  const stop = new AbortController();
  // A client in use for a while, and then another.
  let [client, uses] = [undefined, 0];
  const clientOf = () => {
    if (uses++ % 500 === 0) client = new ScheduledClient({ token: server.token });
    return client;
  };
  const kinds = kindsOf({ server, clientOf, dead: await deadAddress(), draw, signal: stop.signal });
  for (let run = 0; run < 50; run += 1) kinds.ids.push((await clientOf().create("typed", { triggerAt: FAR + run })).metadata.id);

  const samples = [];
  let made = 0;
  for (let sample = 1; sample <= SAMPLES; sample += 1) {
    const until = Math.round((count * sample) / SAMPLES);
    const worker = async () => {
      while (made < until) {
        made += 1;
        also();
        await kinds.next();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    await server.forgetRequests();
    await collect();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    const resources = process.getActiveResourcesInfo();
    samples.push({
      heap: heapUsed, external: external + arrayBuffers, wasm: totalOf(globalThis.wasmMemories()), server: residentOf(server.pid),
      listeners: getEventListeners(stop.signal, "abort").length,
      sockets: resources.filter((name) => /TCP|Socket/.test(name)).length,
      timers: resources.filter((name) => name === "Timeout").length,
      resources: resources.length,
    });
  }
  return samples;
}

/** A call may leave so many bytes: less than the smallest object that anything could keep of each. */
const HEAP = { slack: 600_000, perStep: 8 };

test("a process that makes calls without end holds on to nothing of them", { timeout: 7_200_000 }, (t) => replayable({ name: "long", seed }, async () => {
  const draw = drawing();
  const begun = performance.now();
  const samples = await callsOf(t, draw, CALLS);
  const seconds = (performance.now() - begun) / 1000;
  tell(t, "long", {
    calls: CALLS.toLocaleString("en"),
    "seconds of calls": seconds.toFixed(1),
    "heap after a collection": inMegabytes(samples, "heap"),
    "outside of the heap": inMegabytes(samples, "external"),
    "WebAssembly's memory": inMegabytes(samples, "wasm"),
    "the server's process": inMegabytes(samples, "server"),
    "listeners on the signal that all calls had": inAll(samples, "listeners"),
    sockets: inAll(samples, "sockets"),
    timers: inAll(samples, "timers"),
    resources: inAll(samples, "resources"),
  });
  assert.ok(samples.every(({ wasm }) => wasm > 0), "the WebAssembly's memory was not seen");
  assertLevel(samples, "heap", { ...HEAP, steps: CALLS });
  assertLevel(samples, "external", { slack: 2_000_000, steps: CALLS });
  // It grows by halves, and once the times of 200,000 runs are remembered no more.
  assertLevel(samples, "wasm", { slack: 1_000_000, perStep: 40, steps: Math.min(CALLS, 400_000) });
  assertLevel(samples, "server", { slack: 8_000_000, perStep: 8, steps: CALLS });
  for (const figure of ["listeners", "sockets", "timers", "resources"]) {
    const slack = figure === "listeners" ? 0 : 2;
    assertLevel(samples, figure, { slack, steps: CALLS });
  }
  assert.ok(samples.every(({ listeners }) => listeners === 0), "a call that is over still listens to its signal");
}));

test("two kilobytes that each call would leave behind is noticed", { timeout: 600_000 }, async (t) => {
  const [kept, signal] = [[], new AbortController().signal];
  setMaxListeners(0, signal);
  const samples = await callsOf(t, drawing(), 1_000, () => {
    kept.push(new Array(256).fill(kept.length));
    if (kept.length % 100 === 0) signal.addEventListener("abort", () => kept.length);
  });
  samples.forEach((sample) => (sample.listeners = getEventListeners(signal, "abort").length));
  assert.throws(() => assertLevel(samples, "heap", { ...HEAP, steps: 1_000 }), /^AssertionError.*: heap grew from /);
  assert.equal(samples.at(-1).listeners, 10);
});

test("a page that watches while others create, move and delete holds on to nothing of it", { timeout: 7_200_000 }, (t) => replayable({ name: "long", seed }, async () => {
  const draw = drawing();
  const server = await startServer();
  t.after(() => server.stop());
  const client = new ScheduledClient({ token: server.token });
  await server.insertRuns({ count: 300, spacingMs: 1_000 });
  const { page, seen, close } = await openPage({ api: server.url });
  t.after(close);
  await page.evaluate(keepMemories);
  await page.evaluate(async (token) => {
    globalThis.told = { added: 0, updated: 0, removed: 0 };
    globalThis.stop = new AbortController();
    const client = new hatchet.ScheduledClient({ token });
    // The times of 100,000 runs are remembered, and their memory kept: from here on there are as many.
    for (let look = 0; look < 400; look += 1) await client.list({ limit: 300 });
    globalThis.watching = (async () => {
      for await (const { type } of client.watch({}, { signal: stop.signal, intervalMs: 50 })) told[type] += 1;
    })();
  }, server.token);

  const churned = { added: 0, updated: 0, removed: 0 };
  const runs = [];
  let churning = true;
  const churn = (async () => {
    while (churning) {
      const which = draw(3);
      if (which === 0 || runs.length < 5) {
        runs.push(await client.create("simple", { triggerAt: FAR + draw(SPAN), input: { text: "x".repeat(200) } }));
        churned.added += 1;
      } else if (which === 1) {
        await client.update(runs[draw(runs.length)], { triggerAt: FAR + draw(SPAN) });
        churned.updated += 1;
      } else {
        await client.delete(runs.splice(draw(runs.length), 1)[0]);
        churned.removed += 1;
      }
      if (runs.length > 100) await client.delete(runs.shift());
      await turn(10);
    }
  })();
  churn.catch(() => {});

  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const samples = [];
  const begun = performance.now();
  for (let sample = 1; sample <= SAMPLES; sample += 1) {
    await turn(begun + (WATCHED_SECONDS * 1000 * sample) / SAMPLES - performance.now());
    await server.forgetRequests();
    await devtools.send("HeapProfiler.collectGarbage");
    const { usedSize } = await devtools.send("Runtime.getHeapUsage");
    const { metrics } = await devtools.send("Performance.getMetrics");
    const metric = (name) => metrics.find((metric) => metric.name === name).value;
    samples.push({ heap: usedSize, wasm: totalOf(await page.evaluate(() => wasmMemories())), listeners: metric("JSEventListeners"), nodes: metric("Nodes") });
  }
  churning = false;
  await churn;
  const told = await page.evaluate(async () => {
    stop.abort();
    await watching;
    return told;
  });
  const changes = Object.values(told).reduce((sum, count) => sum + count, 0);
  tell(t, "long", {
    "seconds watched in a page": Math.round(WATCHED_SECONDS),
    "changes that it was told": changes.toLocaleString("en"),
    "the page's heap after a collection": inMegabytes(samples, "heap"),
    "the page's WebAssembly": inMegabytes(samples, "wasm"),
    "the page's listeners": inAll(samples, "listeners"),
  });
  for (const [type, count] of Object.entries(told)) assert.ok(count > churned[type] / 10 && count > 5, `${count} runs were told as ${type}, of ${churned[type]}`);
  assert.deepEqual(seen.errors, []);
  assert.ok(samples.every(({ wasm }) => wasm > 0), "the WebAssembly's memory was not seen");
  assertLevel(samples, "heap", { slack: 400_000, perStep: 16, steps: changes });
  assertLevel(samples, "wasm", { slack: 1_000_000, perStep: 40, steps: Math.min(changes, 400_000) });
  assertLevel(samples, "listeners", { slack: 3, steps: changes });
  assertLevel(samples, "nodes", { slack: 3, steps: changes });
}));
