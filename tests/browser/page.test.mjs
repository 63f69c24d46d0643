import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";

import { deadAddress, startServer } from "../support/server.mjs";
import { openPage } from "./page.mjs";

const server = await startServer();
const nowhere = await deadAddress();
const { page, origin, seen, close } = await openPage({ api: `${server.url} ${nowhere}` });
after(async () => {
  await close();
  await server.stop();
});
afterEach(() => server.clearFaults());

/** Runs a function in the page, where `client` is a client of the server and `hatchet` the package. */
const inPage = (body, argument = server.token) => page.evaluate(body, argument);

test("importing and constructing load nothing and ask nothing", async () => {
  await inPage((token) => void (globalThis.client = new hatchet.ScheduledClient({ token })));
  assert.deepEqual(seen.requests.map((url) => url.replace(origin, "")).sort(), [
    "/", "/package/dist/facade.js", "/package/dist/index.js", "/package/dist/wasm-bytes.js", "/page.js",
  ]);
});

test("all calls", async () => {
  const result = await inPage(async () => {
    const triggerAt = new Date(Date.UTC(2031, 0, 1));
    const ours = { additionalMetadata: { team: "page" } };
    const run = await client.create("greeter", { triggerAt, input: { name: "Ada ü \u{1F600}" }, ...ours });
    const got = await client.get(run);
    const moved = await client.update(run, { triggerAt: { local: "2031-06-01T09:00", timeZone: "Europe/Berlin" } });
    const { rows } = await client.list({ workflowName: "greeter", ...ours });
    await client.delete(run);
    const { created } = await client.bulkCreate([1, 2, 3].map(() => ({ workflowName: "simple", triggerAt, ...ours })));
    const { externalId } = await client.trigger(created[0]);
    const updated = await client.bulkUpdate(created.slice(1).map((run) => [run, "2032-01-01T00:00:00Z"]));
    const iterated = [];
    for await (const each of client.iterate(ours)) iterated.push(each.triggerAt);
    const deleted = await client.bulkDelete(ours);
    return { input: got.input, times: [got.triggerAt, moved.triggerAt], listed: rows.length, externalId, updated, iterated, deleted };
  });
  assert.deepEqual(result.input, { name: "Ada ü \u{1F600}" });
  assert.deepEqual(result.times, ["2031-01-01T00:00:00Z", "2031-06-01T07:00:00Z"]);
  assert.equal(result.listed, 1);
  assert.match(result.externalId, /^[0-9a-f-]{36}$/);
  assert.equal(result.updated.updatedIds.length, 2);
  assert.deepEqual(result.iterated, ["2032-01-01T00:00:00Z", "2032-01-01T00:00:00Z"]);
  assert.deepEqual([...result.deleted.deletedIds].sort(), [...result.updated.updatedIds].sort());
});

test("a run that is scheduled ahead is seen and fires", async () => {
  const gone = await inPage(async () => {
    const additionalMetadata = { team: "fires" };
    const run = await client.create("simple", { triggerAt: { in: "2s" }, additionalMetadata });
    await client.get(run);
    const options = { intervalMs: 200, signal: AbortSignal.timeout(20_000) };
    for await (const { type, run: seen } of client.watch({ additionalMetadata }, options)) {
      return [type, seen.metadata.id === run.metadata.id];
    }
  });
  assert.deepEqual(gone, ["removed", true]);
});

test("errors are of the right classes, with the words first in their stack", async () => {
  const told = await inPage(async () => {
    const failure = async (call) => {
      const error = await call().then(() => ({}), (error) => error);
      const names = ["HatchetError", "ValidationError", "NotFoundError", "BadRequestError"];
      return {
        classes: names.filter((name) => error instanceof hatchet[name]),
        told: [error.code, error.path, error.status],
        stack: error.stack.startsWith(`${error.name}: ${error.message}\n`),
      };
    };
    return [
      await failure(() => client.get("nope")),
      await failure(() => client.get("7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f")),
      await failure(() => client.create("nobody", { triggerAt: { in: "1h" } })),
    ];
  });
  assert.deepEqual(told, [
    { classes: ["HatchetError", "ValidationError"], told: ["validation", "scheduled", undefined], stack: true },
    { classes: ["HatchetError", "NotFoundError"], told: ["not-found", undefined, 404], stack: true },
    { classes: ["HatchetError", "BadRequestError"], told: ["bad-request", undefined, 400], stack: true },
  ]);
});

test("what outlives the page stays within what a browser lets it", async () => {
  const told = await inPage(async () => {
    const run = (kib) => ({ triggerAt: { in: "1h" }, input: { text: "x".repeat(kib * 1024) } });
    const tell = (call) => call.then(() => "done", (error) => error.message);
    const keepalive = true;
    const one = (kib) => tell(client.create("simple", run(kib), { keepalive }));
    const bulk = (length) => client.bulkCreate(Array.from({ length }, () => ({ workflowName: "simple", ...run(20) })), { keepalive });
    return {
      largest: await one(63),
      larger: await one(66),
      "at once": await Promise.all(Array.from({ length: 12 }, () => one(20))),
      bulk: (await bulk(12)).created.length,
    };
  });
  assert.match(told.larger, /^create: options\.keepalive: .*64 KiB.*leave it out/);
  assert.deepEqual({ ...told, larger: undefined }, { largest: "done", larger: undefined, "at once": Array(12).fill("done"), bulk: 12 });
});

test("a server that does not answer is a ConnectionError that names CORS and the page's origin", async () => {
  const message = await inPage(
    async ([token, serverUrl]) => {
      const lost = new hatchet.ScheduledClient({ token, serverUrl, maxRetries: 0 });
      return lost.list().catch((error) => (error instanceof hatchet.ConnectionError ? error.message : `wrong: ${error}`));
    },
    [server.token, nowhere],
  );
  assert.match(message, /^list: no answer/);
  assert.ok(message.includes("SERVER_ALLOWED_ORIGINS") && message.includes(origin), message);
});

test("an abort ends a request, and a lost connection is a ConnectionError", async () => {
  await server.faults(
    { match: { method: "GET", times: 1 }, then: { delayMs: 5_000 } },
    { match: { method: "GET", from: 2 }, then: { drop: "before" } },
  );
  const told = await inPage(async () => {
    const signal = AbortSignal.timeout(100);
    const aborted = await client.list({}, { signal }).catch((reason) => reason === signal.reason);
    const lost = await client.list({}, { maxRetries: 0 }).catch((error) => error.name);
    return [aborted, lost];
  });
  assert.deepEqual(told, [true, "ConnectionError"]);
});

test("many calls at the same time do not mix", async () => {
  const same = await inPage(async () => {
    const runs = Array.from({ length: 30 }, () => ({ workflowName: "simple", triggerAt: { in: "1d" } }));
    const { created } = await client.bulkCreate(runs);
    const got = await Promise.all(created.map((run) => client.get(run)));
    await client.bulkDelete({ scheduledIds: created });
    return got.length === 30 && got.every((run, index) => run.metadata.id === created[index].metadata.id);
  });
  assert.equal(same, true);
});

test("when the WebAssembly breaks, pending calls are rejected and the page goes on", async () => {
  const told = await inPage(async (token) => {
    const never = new hatchet.ScheduledClient({ token, timeoutMs: 1000, fetch: () => new Promise(() => {}) });
    const pending = never.list();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { now } = Date;
    Date.now = () => {
      throw new Error("the clock broke");
    };
    const settled = await Promise.allSettled([pending, client.update(crypto.randomUUID(), { triggerAt: { in: "1h" } })]);
    Date.now = now;
    return [...settled.map(({ reason }) => reason?.code), Array.isArray((await client.list()).rows)];
  });
  assert.deepEqual(told, ["internal-panic", "internal-panic", true]);
});

test("nothing but the API was asked, and nothing went wrong in the page", () => {
  const ours = [origin, server.url, nowhere];
  assert.deepEqual(seen.requests.filter((url) => !ours.includes(new URL(url).origin)), []);
  assert.deepEqual(seen.errors, []);
  // Chromium reports each failed request by itself.
  assert.deepEqual(seen.console.filter((line) => !line.startsWith("error: Failed to load resource: ")), []);
});
