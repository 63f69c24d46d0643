/** The server is killed in the middle of what it does, and comes back with its data: what was acknowledged is there. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import fc from "fast-check";

import { BulkInterruptedError, HatchetError, importEntry } from "../support/package.mjs";
import { Mortal } from "./killed/mortal.mjs";
import { rounds, tell } from "./share.mjs";

const { reconcile } = await importEntry("reconcile");

const HOUR = 3_600_000;
const START = Math.ceil(Date.now() / HOUR) * HOUR + 24 * HOUR;
const at = (minutes) => new Date(START + minutes * 60_000).toISOString();
const minutesOf = (run) => (Date.parse(run.triggerAt) - START) / 60_000;
const workflowName = "killed";
const idOf = (run) => run.metadata.id;

const figures = { kills: 0, calls: 0, acknowledged: 0, interrupted: 0, "told as unknown": 0, "failed otherwise": 0 };

/** A call's lists, where it was cut short or not; what failed as a whole has none. */
async function outcomeOf(call) {
  figures.calls += 1;
  try {
    const done = await call;
    figures.acknowledged += 1;
    return { done, unknown: [], rest: [], isWhole: true };
  } catch (error) {
    assert.ok(error instanceof HatchetError, `rejected with ${error}`);
    if (!(error instanceof BulkInterruptedError)) {
      figures["failed otherwise"] += 1;
      return { error };
    }
    figures.interrupted += 1;
    figures["told as unknown"] += error.unknown.length;
    return { error, done: error.done, unknown: error.unknown, rest: error.rest };
  }
}

/** All that waits, each run once. */
async function truthOf(mortal, query) {
  const runs = new Map();
  for await (const run of mortal.client().iterate({ workflowName, ...query })) {
    assert.ok(!runs.has(idOf(run)), "a run twice");
    runs.set(idOf(run), run);
  }
  return runs;
}

function checkParts(all, lists) {
  const parts = Object.values(lists).flat();
  assert.equal(new Set(parts).size, parts.length, "an item is in two lists");
  assert.deepEqual(new Set(parts), new Set(all), "an item is in none of the lists");
}

/** Does something while the server is killed after so many milliseconds, and comes back after so many more. */
async function whileKilled(mortal, { after: delay, away }, work) {
  const killed = sleep(delay).then(() => mortal.die(away));
  const [done] = await Promise.all([work(), killed]);
  return done;
}

const wanted = (count, set, more = () => ({})) => Array.from({ length: count }, (_, n) => ({ workflowName, triggerAt: at(n), input: { n }, additionalMetadata: { set }, ...more(n) }));
const filled = (mortal, count, set) => mortal.client().bulkCreate(wanted(count, set), { concurrency: 20 }).then(({ created }) => created);

const SCENARIOS = {
  async bulkCreate(mortal, kill, set) {
    const runs = wanted(150, set);
    const { done, unknown, rest, error } = await whileKilled(mortal, kill, () => outcomeOf(mortal.client().bulkCreate(runs, { concurrency: kill.concurrency })));
    const truth = [...(await truthOf(mortal, { additionalMetadata: { set } })).values()].map(({ input }) => input.n);
    assert.equal(new Set(truth).size, truth.length, "a run was made twice");
    if (!done) return assert.deepEqual([error.name, truth], [error.name, []], "nothing is told as done, and it was");
    const created = done.created.map(({ input }) => input.n);
    const left = rest.map((item) => runs.indexOf(item));
    checkParts(runs.keys(), { created, unknown: unknown.map(Number), left, failed: done.errors.map(({ index }) => index) });
    const there = new Set(truth);
    for (const n of created) assert.ok(there.has(n), `${n} was acknowledged, and is lost`);
    for (const n of left) assert.ok(!there.has(n), `${n} is told as not tried, and is there`);
    const maybe = new Set([...created, ...unknown.map(Number), ...done.errors.map(({ index }) => index)]);
    for (const n of truth) assert.ok(maybe.has(n), `${n} is there, and nobody said so`);
    const again = await mortal.client().bulkCreate(rest);
    assert.equal((await truthOf(mortal, { additionalMetadata: { set } })).size, truth.length + again.created.length);
  },

  async "bulkCreate with keys"(mortal, kill, set) {
    const runs = wanted(60, set, (n) => ({ idempotencyKey: `${set} ${n}` }));
    const { done } = await whileKilled(mortal, kill, () => outcomeOf(mortal.client().bulkCreate(runs, { concurrency: kill.concurrency })));
    const before = await truthOf(mortal, { additionalMetadata: { set } });
    for (const run of done?.created ?? []) assert.ok(before.has(idOf(run)), "acknowledged, and lost");
    const again = await mortal.client().bulkCreate(runs);
    assert.deepEqual(again.errors, []);
    const truth = [...(await truthOf(mortal, { additionalMetadata: { set } })).values()].map(({ input }) => input.n);
    assert.deepEqual(truth.sort((a, b) => a - b), [...runs.keys()], "each key has one run");
  },

  async "create with a key"(mortal, kill, set) {
    const client = mortal.client({ maxRetries: kill.retries });
    const create = (n, by = client) => by.create(workflowName, { triggerAt: at(n), input: { n }, additionalMetadata: { set }, idempotencyKey: `${set} ${n}` });
    const made = [];
    await whileKilled(mortal, kill, async () => {
      // One after the other in three lines, of which two ask for the same.
      const line = async (shift) => {
        for (let n = 0; n < 25; n++) {
          const { done } = await outcomeOf(create(n + shift));
          if (done) made.push(done);
        }
      };
      await Promise.all([line(0), line(0), line(100)]);
    });
    const places = [...Array(25).keys(), ...Array.from({ length: 25 }, (_, n) => n + 100)];
    for (const n of places) await create(n, mortal.client());
    const truth = await truthOf(mortal, { additionalMetadata: { set } });
    assert.deepEqual([...truth.values()].map(({ input }) => input.n).sort((a, b) => a - b), places, "each key has one run");
    const there = new Set([...truth.values()].map(({ input }) => input.n));
    for (const run of made) assert.ok(there.has(run.input.n), "acknowledged, and lost");
  },

  async bulkUpdate(mortal, kill, set) {
    const created = await filled(mortal, 1_100, set);
    const updates = created.map((run, n) => ({ id: run, triggerAt: at(5_000 + n) }));
    const { done, unknown, rest, error } = await whileKilled(mortal, kill, () => outcomeOf(mortal.client().bulkUpdate(updates, { concurrency: 2 })));
    const truth = await truthOf(mortal, { additionalMetadata: { set } });
    assert.equal(truth.size, created.length);
    const isMoved = (id) => minutesOf(truth.get(id)) >= 5_000;
    if (!done) return assert.ok(created.every((run) => !isMoved(idOf(run))), `${error}, and something was moved`);
    const left = rest.map(({ id }) => idOf(id));
    checkParts(created.map(idOf), { updated: done.updatedIds, unknown, left, failed: done.errors.map(({ id }) => id) });
    for (const id of done.updatedIds) assert.ok(isMoved(id), "acknowledged, and lost");
    for (const id of left) assert.ok(!isMoved(id), "told as not tried, and done");
    await mortal.client().bulkUpdate(updates);
    const moved = await truthOf(mortal, { additionalMetadata: { set } });
    created.forEach((run, n) => assert.equal(minutesOf(moved.get(idOf(run))), 5_000 + n));
  },

  async bulkDelete(mortal, kill, set) {
    const created = await filled(mortal, 1_100, set);
    const selection = kill.byFilter ? { additionalMetadata: { set } } : { scheduledIds: created };
    const { done, unknown, rest, error } = await whileKilled(mortal, kill, () => outcomeOf(mortal.client().bulkDelete(selection, { concurrency: 2 })));
    const truth = await truthOf(mortal, { additionalMetadata: { set } });
    if (!done) return assert.equal(truth.size, created.length, `${error}, and something was deleted`);
    checkParts(created.map(idOf), { deleted: done.deletedIds, unknown, rest, failed: done.errors.map(({ id }) => id) });
    for (const id of done.deletedIds) assert.ok(!truth.has(id), "acknowledged, and there");
    for (const id of rest) assert.ok(truth.has(id), "told as not tried, and done");
    await mortal.client().bulkDelete({ scheduledIds: [...rest, ...unknown] });
    assert.equal((await truthOf(mortal, { additionalMetadata: { set } })).size, 0);
  },

  async reconcile(mortal, kill, set) {
    const scope = { workflowName, additionalMetadata: { set } };
    const keyed = (minutes, count, from = 0) => Array.from({ length: count }, (_, n) => ({ workflowName, triggerAt: at(n + minutes), idempotencyKey: `${from + n}`, input: { n: from + n } }));
    const [first, next] = [keyed(0, 60), [...keyed(500, 30, 20), ...keyed(900, 40, 100)]];
    const settled = async (runs, error) => {
      let rounds = 0;
      for (let left = error; left; rounds++) {
        assert.ok(rounds < 5, `not finished after ${rounds} calls: ${left}`);
        left = (await outcomeOf(reconcile(mortal.client(), runs, { scope }))).error;
      }
      const truth = [...(await truthOf(mortal, { additionalMetadata: { set } })).values()];
      const told = (run, key) => `${key} ${Date.parse(run.triggerAt)}`;
      assert.deepEqual(truth.map((run) => told(run, run.additionalMetadata.idempotencyKey)).sort(), runs.map((run) => told(run, run.idempotencyKey)).sort());
    };
    await settled(first, true);
    const { error, done } = await whileKilled(mortal, kill, () => outcomeOf(reconcile(mortal.client(), next, { scope, concurrency: kill.concurrency })));
    if (error && done) {
      const truth = await truthOf(mortal, { additionalMetadata: { set } });
      for (const { action, outcome, id, triggerAt } of done.actions) {
        if (outcome !== "done") continue;
        if (action === "delete") assert.ok(!truth.has(id), "deleted, and there");
        else assert.equal(Date.parse(truth.get(id)?.triggerAt), Date.parse(triggerAt), `${action} is told as done, and was not`);
      }
    }
    await settled(next, error);
  },

  async watch(mortal, kill, set) {
    const client = mortal.client();
    const known = await filled(mortal, 40, set);
    const told = new Map(known.map((run) => [idOf(run), run.triggerAt]));
    const controller = new AbortController();
    const watching = (async () => {
      for await (const { type, run } of client.watch({ workflowName, additionalMetadata: { set } }, { known, intervalMs: 30, signal: controller.signal })) {
        assert.equal(told.has(idOf(run)), type !== "added", `${type} of a run that was ${told.has(idOf(run)) ? "" : "not "}known`);
        if (type === "removed") told.delete(idOf(run));
        else told.set(idOf(run), run.triggerAt);
      }
    })();
    watching.catch(() => {});
    await whileKilled(mortal, kill, async () => {
      const writer = mortal.client();
      for (let n = 0; n < 20; n++) {
        await outcomeOf(writer.create(workflowName, { triggerAt: at(200 + n), additionalMetadata: { set } }));
        await outcomeOf(writer.update(known[n], { triggerAt: at(300 + n) }));
        await outcomeOf(writer.delete(known[n + 20]));
      }
    });
    const isRight = async () => {
      const truth = await truthOf(mortal, { additionalMetadata: { set } });
      return truth.size === told.size && [...truth].every(([id, run]) => told.get(id) === run.triggerAt);
    };
    for (let tries = 0; !(await isRight()); tries++) {
      assert.ok(tries < 200, "the watch does not tell what there is");
      await sleep(50);
    }
    controller.abort();
    await watching.catch((error) => assert.equal(error, controller.signal.reason));
  },

  async iterate(mortal, kill, set) {
    const created = await filled(mortal, 900, set);
    await whileKilled(mortal, kill, async () => {
      const seen = new Set();
      try {
        for await (const run of mortal.client({ maxRetries: kill.retries }).iterate({ workflowName, additionalMetadata: { set }, pageSize: 60 })) {
          assert.ok(!seen.has(idOf(run)), "a run twice");
          seen.add(idOf(run));
        }
      } catch (error) {
        if (!(error instanceof HatchetError)) throw error;
        return;
      }
      assert.equal(seen.size, created.length);
    });
  },

  /** What is due starts once, also where the server is killed as it starts. */
  async "runs that fall due"(mortal, kill, set) {
    const overdue = wanted(80, set, () => ({ triggerAt: new Date(Date.now() - HOUR) }));
    const { done, unknown = [] } = await whileKilled(mortal, kill, () => outcomeOf(mortal.client().bulkCreate(overdue, { concurrency: kill.concurrency })));
    const client = mortal.client();
    for (let tries = 0; (await truthOf(mortal, { additionalMetadata: { set } })).size > 0; tries++) {
      assert.ok(tries < 100, "what is overdue does not start");
      await sleep(100);
    }
    const started = (await client.runs({ workflowName, additionalMetadata: { set } })).map(({ input }) => (input.input ?? input).n);
    assert.equal(new Set(started).size, started.length, "a run started twice");
    const there = new Set(started);
    const created = done ? done.created.map(({ input }) => input.n) : [];
    for (const n of created) assert.ok(there.has(n), `${n} was acknowledged, and never started`);
    for (const n of started) assert.ok(!done || created.includes(n) || unknown.includes(String(n)), `${n} started, and nobody said that it was made`);
  },
};

const plan = fc.record({
  scenario: fc.constantFrom(...Object.keys(SCENARIOS)),
  after: fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 250 })),
  away: fc.constantFrom(0, 0, 100, 400, 1_500),
  concurrency: fc.constantFrom(1, 4, 12),
  retries: fc.constantFrom(0, 2, 6),
  byFilter: fc.boolean(),
});

const mortal = await Mortal.start([workflowName]);
after(() => mortal.stop());
let sets = 0;

test("what was acknowledged survives a kill, what is unknown is told, and the same call finishes the work", async (t) => {
  const names = Object.keys(SCENARIOS);
  const { played, seconds } = await rounds({ name: "killed", share: 9 }, async (seed) => {
    const [kill] = fc.sample(plan, { seed, numRuns: 1 });
    // Each scenario in its turn, so that a share has all of them.
    const scenario = names[seed % names.length];
    try {
      await SCENARIOS[scenario](mortal, kill, `s${sets++}`);
    } catch (cause) {
      throw new Error(`${scenario}, killed after ${kill.after} ms and away for ${kill.away} ms:\n${cause?.stack ?? cause}`, { cause });
    }
  });
  tell(t, "killed", { rounds: played, ...figures, kills: mortal.kills, seconds: seconds.toFixed(1) });
});
