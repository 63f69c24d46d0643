import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { folder, NotFoundError, repository, ScheduledClient, ServerError } from "../support/package.mjs";
import { program } from "../support/server.mjs";
import { EmbeddedHatchet, NOW, still } from "./support.mjs";

const triggerAt = { in: "2h" };

test("every recorded step is answered as the live server answered it", async (t) => {
  const running = await EmbeddedHatchet.start();
  t.after(() => running.stop());
  // How runs end takes time; the other steps leave overdue runs that must not start before the last one.
  for (const [name, hatchet] of [["runs", running], ["scheduled", (await still(t)).hatchet]]) {
    const { url } = await hatchet.listen();
    const recordings = join(repository, `tests/recordings/${name}.json`);
    const env = { ...process.env, HATCHET_CLIENT_TOKEN: hatchet.token };
    delete env.HATCHET_CLIENT_TENANT_ID;
    const { stdout } = await promisify(execFile)(program, ["replay", "--recordings", recordings, "--url", url], { env });
    assert.match(stdout, /^(\d+) of \1 steps agree$/m);
  }
});

test("without `now` it follows the system's clock, and starts what is due", async (t) => {
  const hatchet = await EmbeddedHatchet.start();
  t.after(() => hatchet.stop());
  const client = hatchet.client();
  assert.ok(Math.abs(hatchet.now - Date.now()) < 1_000);
  const run = await client.create("simple", { triggerAt: { in: 0 }, input: { a: 1 } });
  for (const end = performance.now() + 20_000; hatchet.runs.length === 0 && performance.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 50));
  const [{ scheduledId, workflowName, input }] = hatchet.runs;
  assert.deepEqual([scheduledId, workflowName, input], [run.metadata.id, "simple", { a: 1 }]);
  await assert.rejects(client.get(run), NotFoundError);
  await assert.rejects(hatchet.advance("1s"), /its time is the system's; give `now`/);
});

test("several at once know nothing of each other", async (t) => {
  const [one, other] = await Promise.all([still(t, { workflows: ["mine"] }), still(t)]);
  await one.client.create("mine", { triggerAt });
  await one.hatchet.advance("1h");
  assert.equal((await other.client.list()).rows.length, 0);
  assert.equal(other.hatchet.now.toISOString(), NOW);
  await assert.rejects(other.client.create("mine", { triggerAt }), /workflow not found/);
  assert.notEqual(one.hatchet.tenantId, other.hatchet.tenantId);
});

test("another one goes on from what it kept, with its tokens and its faults forgotten", async (t) => {
  const { hatchet, client } = await still(t, { workflows: ["mine"] });
  const [soon, late] = [await client.create("mine", { triggerAt: { in: "1h" } }), await client.create("mine", { triggerAt, input: { text: "ü" } })];
  await hatchet.advance("1h");
  const { changes } = hatchet;
  assert.equal((await client.list()).rows.length, 1);
  assert.equal(hatchet.changes, changes, "a look changes nothing");
  const next = await EmbeddedHatchet.start({ now: hatchet.now, snapshot: hatchet.snapshot() });
  t.after(() => next.stop());
  const same = next.client({ token: hatchet.token });
  assert.deepEqual(await same.get(late), await client.get(late));
  assert.deepEqual(next.runs, hatchet.runs);
  await next.advance("1h");
  assert.deepEqual(next.runs.map(({ scheduledId }) => scheduledId), [soon.metadata.id, late.metadata.id]);
  await assert.rejects(EmbeddedHatchet.start({ snapshot: "{}" }), /snapshot/);
});

test("what it is asked by `fetch` and over HTTP is answered alike", async (t) => {
  const { hatchet, client } = await still(t);
  await client.create("simple", { triggerAt, input: { text: "grüße 🌍" } });
  const { url } = await hatchet.listen();
  const path = `/api/v1/tenants/${hatchet.tenantId}/workflows/scheduled?limit=5`;
  const headers = { authorization: `Bearer ${hatchet.token}` };
  const [near, far] = await Promise.all([hatchet.fetch(new Request(`http://anywhere.example${path}`, { headers })), fetch(url + path, { headers })]);
  assert.deepEqual([near.status, near.headers.get("date"), await near.json()], [far.status, far.headers.get("date"), await far.json()]);
  const remote = new ScheduledClient({ token: hatchet.token });
  assert.equal((await remote.list()).rows[0].input.text, "grüße 🌍", "a new token names the address");
  assert.equal((await fetch(url + path)).status, 403);
  for (const control of ["runs", "clock", "faults", "requests", "workflows"]) {
    assert.equal((await fetch(`${url}/test/${control}`, { method: "POST", body: "{}", headers })).status, 403, `${control}: others on the network control nothing`);
  }
});

test("what is to go wrong goes wrong, as often as was asked", async (t) => {
  const { hatchet, client } = await still(t);
  const run = await client.create("simple", { triggerAt });
  hatchet.fault({ operation: "update", status: 503, times: 1 });
  await assert.rejects(client.update(run, { triggerAt: { in: "3h" } }, { maxRetries: 0 }), ServerError);
  await client.update(run, { triggerAt: { in: "3h" } });
  hatchet.fault({ operation: "get", drop: "before" });
  await assert.rejects(client.get(run, { maxRetries: 0 }), { code: "connection" });
  hatchet.clearFaults();
  hatchet.fault({ operation: "get", cutBody: true, times: 1 });
  await assert.rejects(client.get(run, { maxRetries: 0 }), { code: "connection" });
  assert.equal((await client.get(run)).metadata.id, run.metadata.id);
  assert.deepEqual(hatchet.requests.map(({ method, status }) => [method, status]), [["POST", 200], ["PATCH", 503], ["PATCH", 200], ["GET", undefined], ["GET", 200], ["GET", 200]]);
});

test("what it is not given right is refused with the way out", async (t) => {
  const { hatchet } = await still(t);
  const refused = async (act, told) => assert.rejects(async () => act(), (error) => told.test(error.message) || assert.fail(error.message));
  await refused(() => EmbeddedHatchet.start({ at: 5 }), /options\.at: unknown key: known keys are now, workflows, seed/);
  await refused(() => EmbeddedHatchet.start({ now: "2031-01-01" }), /options\.now: expected .* ISO 8601 with Z or an offset/);
  await refused(() => EmbeddedHatchet.start({ now: "yesterday" }), /options\.now/);
  await refused(() => EmbeddedHatchet.start({ workflows: "simple" }), /options\.workflows: expected an array/);
  await refused(() => EmbeddedHatchet.start({ seed: -1 }), /options\.seed/);
  await refused(() => new EmbeddedHatchet(), /await EmbeddedHatchet\.start\(\)/);
  await refused(() => hatchet.advance("2 hours"), /is not a delay: write "90s"/);
  await refused(() => hatchet.setTime("2030-12-31T00:00:00Z"), /time goes on only/);
  await refused(() => hatchet.fault({ status: 500, oftener: 1 }), /fault\.oftener: unknown key/);
  await refused(() => hatchet.fault({ operation: "read", status: 500 }), /fault\.operation: expected one of list, get/);
  await refused(() => hatchet.fault({ operation: "get" }), /what is to happen/);
  await refused(() => hatchet.fault({ status: 99 }), /status/);
  await refused(() => hatchet.listen({ port: "x" }), /port/);
  await hatchet.stop();
  await refused(() => hatchet.runs, /was stopped/);
});

test("CommonJS has it too, and one that was stopped keeps no process alive", async () => {
  const source = `const { EmbeddedHatchet } = require("hatchet-scheduled/testing");
    EmbeddedHatchet.start({ now: 0 }).then(async (hatchet) => {
      await hatchet.listen();
      await hatchet.client().create("simple", { triggerAt: { in: "1h" } });
      await hatchet.advance("1h");
      console.log(hatchet.runs.length);
      await hatchet.stop();
    });`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=commonjs", "--eval", source], { cwd: folder });
  assert.equal(stdout, "1\n");
  assert.equal(typeof createRequire(join(folder, "x.js"))("hatchet-scheduled/testing").EmbeddedHatchet, "function");
});
