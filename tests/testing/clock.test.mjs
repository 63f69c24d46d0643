import assert from "node:assert/strict";
import { test } from "node:test";

import { NOW, still } from "./support.mjs";

const at = (milliseconds) => new Date(Date.parse(NOW) + milliseconds).toISOString();
const times = (hatchet) => hatchet.runs.map(({ startedAt }) => new Date(startedAt).toISOString());

test("nothing moves but by hand, and what is due on the way starts at its time, in order", async (t) => {
  const { hatchet, client } = await still(t);
  for (const delay of ["3h", "1h", "2h"]) await client.create("simple", { triggerAt: { in: delay } });
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.deepEqual([hatchet.now.toISOString(), hatchet.runs.length], [NOW, 0]);
  await hatchet.advance("2h30m");
  assert.deepEqual(times(hatchet), [at(3_600_000), at(7_200_000)]);
  await Promise.all([hatchet.advance("1h"), hatchet.setTime(at(4 * 3_600_000))]);
  assert.equal(hatchet.now.toISOString(), at(4 * 3_600_000));
  assert.equal(hatchet.runs.length, 3);
  assert.equal((await client.list()).rows.length, 0);
});

test("a change in the last seconds before a run's time is lost, as on a real Hatchet", async (t) => {
  const { hatchet, client } = await still(t);
  const run = await client.create("simple", { triggerAt: { in: "1m" } });
  await hatchet.advance("58s");
  const moved = await client.update(run, { triggerAt: { in: "1h" } });
  assert.deepEqual(moved.warnings.map(({ code }) => code), ["late-change"]);
  const held = client.confirm(moved);
  await hatchet.advance("1m");
  assert.equal(await held, "lost");
  assert.deepEqual(times(hatchet), [at(60_000)]);
});

test("retries, time limits and a watch go by its clock", async (t) => {
  const { hatchet, client } = await still(t);
  hatchet.fault({ operation: "list", status: 429, headers: { "retry-after": "20" }, times: 1 });
  let settled = false;
  const listed = client.list().finally(() => (settled = true));
  await hatchet.advance("19s");
  assert.equal(settled, false);
  await hatchet.advance("10s");
  assert.deepEqual((await listed).rows, []);

  hatchet.fault({ operation: "get", delayMs: 3_600_000 });
  const limited = assert.rejects(client.get("7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f", { timeoutMs: 60_000, maxRetries: 0 }), { code: "timeout" });
  await hatchet.advance("61s");
  await limited;
  hatchet.clearFaults();

  const seen = [];
  const stop = new AbortController();
  const watching = (async () => {
    for await (const { type } of client.watch({}, { intervalMs: 60_000, signal: stop.signal })) seen.push([type, hatchet.now]);
  })().catch((error) => assert.equal(error, stop.signal.reason));
  await hatchet.advance("1s");
  const start = hatchet.now.getTime();
  await client.create("simple", { triggerAt: { in: "90s" } });
  await hatchet.advance("5m");
  assert.deepEqual(seen.map(([type]) => type), ["added", "removed"]);
  const [added, removed] = seen.map(([, when]) => when - start);
  assert.ok(added > 0 && added <= 60_000 && removed >= 90_000 && removed <= 151_000, `${added} ${removed}`);
  stop.abort();
  await watching;
});

test("two hours, and ten years, are moved over in no time, with a thousand runs among them", async (t) => {
  const { hatchet, client } = await still(t);
  const { created } = await client.bulkCreate(Array.from({ length: 1_000 }, (_, index) => ({ workflowName: "simple", triggerAt: { in: index * 3_600_000 } })));
  assert.equal(created.length, 1_000);
  await hatchet.advance("520w");
  assert.equal(hatchet.runs.length, 1_000);
  assert.deepEqual(times(hatchet), times(hatchet).toSorted());
});
