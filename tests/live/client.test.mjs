/** What the server does that surprises, as the README's table tells it: here what this client makes of it. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";

import { at, client, eventually, open, raw, scheduled, serverUrl, soon, started, token, wait } from "./support.mjs";

const { BadRequestError, DecodeError, HatchetError, NotFoundError, PermissionDeniedError, ScheduledClient, ValidationError } = await import("../support/package.mjs");
const { names, mark, stop } = await open();
after(stop);
const make = (run = {}, workflow = names.plain) => client.create(workflow, { triggerAt: at(), ...run, additionalMetadata: { ...mark, ...run.additionalMetadata } });
const refused = (call, path) => assert.rejects(call, (error) => error instanceof ValidationError && (error.path === path || assert.fail(`${error.path}: ${error.message}`)));

test("client: sends UTC, and refuses a time without an offset or zone", async () => {
  assert.equal((await make({ triggerAt: "2099-01-01T02:30:00+02:30" })).triggerAt, "2099-01-01T00:00:00Z");
  await refused(() => make({ triggerAt: "2099-01-01T02:30:00" }), "run.triggerAt");
});

test("client: says of a run that is not there that it may have fired, and tells it as removed", async () => {
  const mine = randomUUID();
  const changes = client.watch({ additionalMetadata: { mine } }, { intervalMs: 500 });
  const next = changes.next();
  await wait(1_000);
  const run = await make({ triggerAt: await soon(8), additionalMetadata: { mine } });
  const { value: { type } } = await next;
  assert.deepEqual([type, (await changes.next()).value.type], ["added", "removed"]);
  await changes.return();
  await assert.rejects(client.get(run), (error) => error instanceof NotFoundError && /fired/.test(`${error.message} ${error.hint ?? ""}`));
});

test("client: warns of a change in the last seconds, and finds out whether it held", async () => {
  const runs = await Promise.all([9, 10.5, 12].map(async (seconds) => make({ triggerAt: await soon(seconds), additionalMetadata: { late: mark.hatchetScheduledTest } })));
  const found = await Promise.all(runs.map(async (run) => {
    await wait(Date.parse(run.triggerAt) - (await client.serverTime()).epochMilliseconds - 300);
    const moved = await client.update(run, { triggerAt: at() });
    assert.deepEqual(moved.warnings.map(({ code }) => code), ["late-change"]);
    return client.confirm(moved);
  }));
  const fired = await started("late", mark.hatchetScheduledTest);
  assert.equal(found.filter((answer) => answer === "lost").length, fired.length, `${found}`);
  assert.ok(fired.length >= 1 && found.every((answer) => answer === "held" || answer === "lost"));
});

test("client: cannot delete by an empty filter, and honours statuses", async () => {
  for (const selection of [{}, { additionalMetadata: {} }, undefined]) await assert.rejects(async () => client.bulkDelete(selection), ValidationError);
  const run = await make();
  assert.deepEqual((await client.bulkDelete({ additionalMetadata: mark, statuses: ["FAILED"] })).deletedIds, []);
  assert.deepEqual(await client.get(run), run);
});

test("client: refuses two times for one run before anything is sent", async () => {
  const { metadata: { id } } = await make();
  await assert.rejects(async () => client.bulkUpdate([[id, at(1)], [id, at(2)]]), ValidationError);
});

test("client: filters colons, numbers and booleans in metadata itself", async () => {
  const mine = randomUUID();
  const run = await make({ additionalMetadata: { mine, n: 5, flag: true, when: "10:30" } });
  await make({ additionalMetadata: { mine, n: 6, flag: false, when: "10:31" } });
  for (const one of [{ n: 5 }, { flag: true }, { when: "10:30" }]) {
    assert.deepEqual((await client.list({ additionalMetadata: { mine, ...one } })).rows, [run], JSON.stringify(one));
  }
});

test("client: reads every run once while others go", async () => {
  const mine = randomUUID();
  const runs = Array.from({ length: 30 }, (_, seconds) => ({ workflowName: names.plain, triggerAt: at(seconds), additionalMetadata: { ...mark, mine } }));
  const { created } = await client.bulkCreate(runs, { concurrency: 8 });
  const all = created.map(({ metadata }) => metadata.id).sort();
  const seen = [];
  for await (const run of client.iterate({ additionalMetadata: { mine }, orderByField: "triggerAt", orderByDirection: "ASC", pageSize: 5 })) {
    seen.push(run.metadata.id);
    await client.delete(run);
  }
  assert.deepEqual(seen.sort(), all);
});

test("client: tells the server's clock", async () => {
  const response = await fetch(`${serverUrl}${scheduled}?limit=1`, { headers: { authorization: `Bearer ${token}` } });
  const { epochMilliseconds, uncertaintyMs } = await new ScheduledClient().serverTime();
  const told = Date.parse(response.headers.get("date"));
  assert.ok(Math.abs(epochMilliseconds - told) < 3_000 + uncertaintyMs, `${epochMilliseconds} and ${told}`);
});

test("client: refuses what the server answers 500 or garbage to", async () => {
  await refused(async () => client.list({ limit: 0 }), "query.limit");
  await refused(async () => client.list({ orderByDirection: "asc" }), "query.orderByDirection");
  await refused(async () => client.list({ statuses: ["DONE"] }), "query.statuses[0]");
});

test("client: makes one readable error of each body, and names a token that has ended", async () => {
  await assert.rejects(client.create(`no-such-workflow-${randomUUID()}`, { triggerAt: at() }), (error) => error instanceof BadRequestError && /workflow not found/.test(error.message));
  await assert.rejects(client.get(randomUUID()), NotFoundError);
  const [header, body] = token.split(".");
  await assert.rejects(new ScheduledClient({ token: `${header}.${body}.AAAA` }).list(), PermissionDeniedError);
  const past = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(body, "base64url")), exp: 1_000_000_000 })).toString("base64url");
  await assert.rejects(new ScheduledClient({ token: `${header}.${past}.AAAA` }).list(), (error) => error instanceof PermissionDeniedError && /expired/.test(`${error.message} ${error.hint ?? ""}`));
});

test("client: passes parentWorkflowRunId on as it is", async () => {
  const run = await make();
  assert.deepEqual((await client.list({ parentWorkflowRunId: run.metadata.id })).rows, [run]);
});

test("client: refuses a BigInt, and an input over 4 MiB", async () => {
  await refused(async () => make({ input: { n: 2n ** 60n } }), "run.input.n");
  await refused(async () => make({ input: { text: "x".repeat(5 << 20) } }), "run.input");
});

test("client: takes nothing for an answer of Hatchet that is none, and a newer one's words as they are", async (t) => {
  const run = await make();
  let answer;
  const proxy = createServer((_, response) => answer(response)).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  t.after(() => proxy.close());
  const through = new ScheduledClient({ serverUrl: `http://127.0.0.1:${proxy.address().port}`, maxRetries: 0 });
  const says = (status, headers, body = "") => (answer = (response) => response.writeHead(status, headers).end(body));
  says(302, { location: `${serverUrl}${scheduled}/${run.metadata.id}` });
  await assert.rejects(through.get(run), HatchetError);
  says(200, { "content-type": "text/html" }, "<h1>Log in</h1>");
  await assert.rejects(through.get(run), DecodeError);
  const { body } = await raw("GET", `${scheduled}/${run.metadata.id}`);
  says(200, { "content-type": "application/json" }, JSON.stringify({ ...body, method: "WEBHOOK", mood: "good" }));
  assert.equal((await through.get(run)).method, "WEBHOOK");
});

test("client: creates once by a key, and tells where the run that is there differs", async () => {
  const idempotencyKey = `live: ${randomUUID()}`;
  const run = await make({ idempotencyKey });
  assert.equal((await make({ idempotencyKey })).metadata.id, run.metadata.id);
  const other = await make({ idempotencyKey, triggerAt: at(60) });
  assert.deepEqual([other.metadata.id, other.warnings.map(({ code }) => code)], [run.metadata.id, ["key-reuse"]]);
  const rivals = await Promise.all(Array.from({ length: 5 }, () => make({ idempotencyKey: `${idempotencyKey} rivals` })));
  await eventually("one of them", async () => (await client.list({ additionalMetadata: { idempotencyKey: rivals[0].additionalMetadata.idempotencyKey } })).rows.length === 1);
});

test("client: sends the priority that it is told", async () => {
  assert.equal((await make({ priority: 3 }, names.urgent)).priority, 3);
});

test("client: names the workflow whose name differs only in case", async () => {
  await assert.rejects(client.create(names.plain.toUpperCase(), { triggerAt: at() }), (error) => error instanceof BadRequestError && `${error.message} ${error.hint ?? ""}`.includes(names.plain));
});
