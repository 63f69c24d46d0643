/** Random programs of calls against a server that fails at random, held against a plain model of what may be true. */
import assert from "node:assert/strict";
import test from "node:test";

import { BulkInterruptedError, HatchetError } from "../support/package.mjs";
import { EmbeddedHatchet, NOW } from "../testing/support.mjs";
import { rounds, tell } from "./share.mjs";

const FAULTS = [
  { status: 500 },
  { status: 503, headers: { "retry-after": "1" } },
  { status: 502, headers: { "content-type": "text/html" }, body: "<h1>Bad Gateway</h1>" },
  { status: 429 },
  { status: 429, headers: { "retry-after": "3" } },
  { status: 200, headers: { "content-type": "text/html" }, body: "<p>Sign in</p>" },
  { status: 200, body: { nonsense: true } },
  { status: 302, headers: { location: "http://elsewhere.invalid/" } },
  { cutBody: true },
  { drop: "before" },
  { drop: "after" },
  { delayMs: 45_000 },
  { delayAfterMs: 45_000 },
];
const BATCHES = 4;

/** Plays one program; gives how many calls it made and how many of them failed. */
async function play(draw) {
  const hatchet = await EmbeddedHatchet.start({ now: NOW });
  // The calls of which a request got no answer, and may still arrive.
  const unanswered = new Set();
  const onEvent = ({ type, operation, status }) => type === "response" && status === undefined && unanswered.add(operation);
  const client = hatchet.client({ onEvent });
  // By the number in its metadata: its id if it was told, whether it must or must not be there, and the times it may have.
  const model = new Map();
  const told = { calls: 0, failed: 0 };
  let number = 0;
  // Nothing falls due while the program runs.
  const later = () => new Date(Date.parse(NOW) + (1_000 + draw(1_000)) * 3_600_000).toISOString();
  const wanted = () => {
    const run = { triggerAt: later(), additionalMetadata: { number: ++number } };
    model.set(number, { number, there: "maybe", times: [run.triggerAt] });
    return run;
  };
  const entryOf = (run) => model.get(run.additionalMetadata.number);
  const created = (run) => Object.assign(entryOf(run), { id: run.metadata.id, there: "yes", times: [new Date(run.triggerAt).toISOString()] });
  const byId = (id) => [...model.values()].find((entry) => entry.id === id);

  const calls = {
    async create(options) {
      created(await client.create("simple", wanted(), options));
    },
    async bulkCreate(options) {
      const runs = Array.from({ length: 1 + draw(6) }, () => ({ workflowName: "simple", ...wanted() }));
      const { done, rest } = await account(client.bulkCreate(runs, options));
      done.created.forEach(created);
      for (const run of rest) entryOf(run).there = "no";
      const reported = [...done.created, ...rest].map((run) => run.additionalMetadata.number);
      assert.equal(new Set(reported).size, reported.length, "a run is reported twice");
    },
    async update(options) {
      const [entry] = claim(1);
      if (!entry) return;
      const time = later();
      entry.times.push(time);
      await client.update(entry.id, { triggerAt: time }, options);
      entry.times = [time];
    },
    async delete(options) {
      const [entry] = claim(1);
      if (!entry) return;
      entry.there = "maybe";
      await client.delete(entry.id, options);
      entry.there = "no";
    },
    async bulkUpdate(options) {
      const entries = claim(8);
      if (entries.length === 0) return;
      const before = new Map(entries.map((entry) => [entry.id, entry.times]));
      const updates = entries.map(({ id }) => ({ id, triggerAt: later() }));
      for (const { id, triggerAt } of updates) byId(id).times = [...before.get(id), triggerAt];
      const { done, unknown, rest } = await account(client.bulkUpdate(updates, options));
      const left = rest.map(({ id }) => id);
      assertEachOnce(entries, [...done.updatedIds, ...done.errors.map(({ id }) => id), ...unknown, ...left]);
      for (const id of done.updatedIds) byId(id).times = byId(id).times.slice(-1);
      if (!unanswered.has("bulkUpdate")) for (const id of left) byId(id).times = before.get(id);
    },
    async bulkDelete(options) {
      const entries = claim(8);
      if (entries.length === 0) return;
      for (const entry of entries) entry.there = "maybe";
      const { done, unknown, rest } = await account(client.bulkDelete({ scheduledIds: entries.map(({ id }) => id) }, options));
      assertEachOnce(entries, [...done.deletedIds, ...done.errors.map(({ id }) => id), ...unknown, ...rest]);
      for (const id of done.deletedIds) byId(id).there = "no";
      if (!unanswered.has("bulkDelete")) for (const id of rest) byId(id).there = "yes";
    },
    async get(options) {
      const [entry] = claim(1);
      if (entry) assert.equal((await client.get(entry.id, options)).additionalMetadata.number, entry.number);
    },
    async list(options) {
      await client.list({ limit: 1 + draw(50) }, options);
    },
  };

  /** Up to so many that are there, for one call alone: what one call at a time changes has one history. */
  function claim(most) {
    const free = [...model.values()].filter(({ there, busy }) => there === "yes" && !busy);
    const entries = free.sort(() => draw(3) - 1).slice(0, 1 + draw(most));
    for (const entry of entries) entry.busy = true;
    return entries;
  }

  async function account(response) {
    try {
      return { done: await response, unknown: [], rest: [] };
    } catch (error) {
      if (!(error instanceof BulkInterruptedError)) throw error;
      told.failed++;
      return error;
    }
  }

  function assertEachOnce(entries, ids) {
    assert.deepEqual([...ids].sort(), entries.map(({ id }) => id).sort(), "an id is in none of the lists, or in two");
  }

  async function call(name) {
    told.calls++;
    const stop = new AbortController();
    const reason = new Error("enough");
    if (draw(6) === 0) setTimeout(() => stop.abort(reason), draw(3));
    try {
      await calls[name]({ signal: stop.signal });
    } catch (error) {
      if (error === reason) return;
      if (!(error instanceof HatchetError)) throw error;
      assert.notEqual(error.name, "ValidationError", error.message);
      told.failed++;
    }
  }

  const names = Object.keys(calls);
  for (let batch = 0; batch < BATCHES; batch++) {
    for (let faults = draw(4); faults > 0; faults--) hatchet.fault({ nth: 1 + draw(6), ...FAULTS[draw(FAULTS.length)] });
    let pending = 3 + draw(4);
    const running = Promise.all(Array.from({ length: pending }, () => call(names[draw(names.length)]).finally(() => pending--)));
    // A failure of one is told at once, and is no rejection that nobody handles meanwhile.
    running.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 4));
    for (let minute = 0; pending > 0; minute++) {
      assert.ok(minute < 120, `${pending} calls are not settled after two hours`);
      await hatchet.advance("1m");
    }
    await running;
    // What was given up and is still on its way lands now, and not after a later change of the same run.
    await hatchet.advance("2m");
    hatchet.clearFaults();
    unanswered.clear();
    for (const entry of model.values()) entry.busy = false;
  }

  const truth = new Map();
  for await (const run of hatchet.client().iterate()) {
    const { number } = run.additionalMetadata;
    assert.ok(!truth.has(number), `run ${number} is there twice`);
    truth.set(number, run);
  }
  for (const { number, there, id, times } of model.values()) {
    const run = truth.get(number);
    if (there !== "maybe") assert.equal(run !== undefined, there === "yes", `run ${number}: ${there === "yes" ? "is lost" : "is still there"}`);
    if (!run) continue;
    assert.ok(!id || run.metadata.id === id, `run ${number} has another id`);
    assert.ok(times.includes(new Date(run.triggerAt).toISOString()), `run ${number} is at ${run.triggerAt}, not at ${times.join(" or ")}`);
  }
  await hatchet.stop();
  return told;
}

test("whatever goes wrong, nothing is lost, nothing is done twice, and every call says what became of it", { timeout: 3_600_000 }, async (t) => {
  const sum = { calls: 0, failed: 0 };
  const { played, seconds } = await rounds({ name: "model", share: 150 }, async (draw) => {
    const { calls, failed } = await play(draw);
    sum.calls += calls;
    sum.failed += failed;
  });
  assert.ok(sum.failed > sum.calls / 50, `only ${sum.failed} of ${sum.calls} calls met a fault`);
  tell(t, "model", { programs: played, calls: sum.calls, "calls that failed": sum.failed, seconds: seconds.toFixed(1) });
});
