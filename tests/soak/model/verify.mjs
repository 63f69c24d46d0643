/** Holds what came of a program to what may be true. */
import assert from "node:assert/strict";

import { checkRecord } from "./checks.mjs";
import { begin, settle } from "./play.mjs";
import { WORKFLOWS } from "./world.mjs";

const SOON = 600_000;

export async function verify(world) {
  const { network, hatchet, watches, books } = world;
  network.disarm();
  await settle(world, () => network.isIdle, SOON);
  await checkWatches(world);
  for (const { stop } of watches) stop();
  await hatchet.advance(1_000);
  for (const { record } of watches) assert.ok(record.outcome, `watch ${record.call} did not end with its signal`);
  const before = world.truth();
  await finishKeys(world);
  // What is overdue starts within 5 s.
  await hatchet.advance(11_000);
  const truth = world.truth();
  const names = new Map(truth.workflows.map(({ id, name }) => [id, name]));
  for (const run of truth.runs) {
    assert.ok(!books.started.has(run.scheduled_id), `${run.scheduled_id} started twice`);
    // Those of one moment are a microsecond apart.
    books.started.set(run.scheduled_id, { run: run.id, at: Math.floor(run.created_at / 1_000), workflowName: names.get(run.workflow_id) });
  }
  checkTruth(world, truth);
  checkKeys(world, before);
  for (const record of world.records) checkRecord(world, record);
  for (const record of world.records) checkLateChange(world, record);
}

/** Once nothing fails any more, what a watch has told is what there is. */
async function checkWatches(world) {
  const wrong = () => {
    const { pending, workflows } = world.truth();
    const names = new Map(workflows.map(({ id, name }) => [id, name]));
    for (const { record, told, workflowName } of world.watches.filter((watch) => !watch.record.outcome)) {
      const wanted = [...pending.values()].filter((run) => !workflowName || names.get(run.workflow_id) === workflowName);
      const is = [...told.values()].map((run) => `${run.metadata.id} ${Date.parse(run.triggerAt)}`).sort();
      const meant = wanted.map((run) => `${run.id} ${run.trigger_at}`).sort();
      if (is.join() !== meant.join()) return `watch ${record.call} has told\n${is.join("\n")}\nand there is\n${meant.join("\n")}`;
    }
    return undefined;
  };
  for (const { record } of world.watches) if (record.outcome?.error && !record.aborted) throw record.outcome.error;
  if (world.watches.length === 0) return;
  await settle(world, () => wrong() === undefined, SOON).catch(() => assert.fail(wrong()));
}

/** What waits is as it was left; what is gone was ended, or started. */
function checkTruth({ books, now }, { pending, workflows }) {
  const paused = new Set(workflows.filter(({ pause }) => pause).map(({ id }) => id));
  for (const run of books.runs.values()) {
    const row = pending.get(run.id);
    if (!row) {
      assert.ok(run.deleted || run.triggered || books.started.has(run.id), `${run.id} is lost`);
      continue;
    }
    assert.ok(!run.deleted && !run.triggered && !books.started.has(run.id), `${run.id} is there again`);
    assert.equal(row.trigger_at, run.times.at(-1).at, `${run.id} is not where it was moved to`);
    assert.ok(paused.has(row.workflow_id) || row.trigger_at > now - 11_000, `${run.id} is overdue`);
  }
  for (const id of pending.keys()) assert.ok(books.runs.has(id), `${id} came from nowhere`);
}

/** The runs of each key, by its workflow and itself. */
function byKey(runs) {
  const groups = new Map();
  for (const run of runs) {
    const name = JSON.stringify([run.workflowName, run.key]);
    if (run.key !== undefined) groups.set(name, [...(groups.get(name) ?? []), run]);
  }
  return groups;
}

/** Whoever calls again with a key once nothing fails finds or makes the one run, and leaves no other. */
async function finishKeys(world) {
  const asked = new Set(world.records.flatMap((record) => record.asked ?? []).filter(({ key }) => key !== undefined).map(({ workflowName, key }) => JSON.stringify([workflowName, key])));
  for (const one of asked) {
    const [workflowName, key] = JSON.parse(one);
    const item = { workflow: WORKFLOWS.indexOf(workflowName), at: { ms: 9_000_000, as: "text" }, key: Number(decodeURIComponent(key).match(/\d/)[0]), tag: "x" };
    const record = begin(world, { operation: "create", args: { item }, client: 3 });
    await settle(world, () => record.outcome !== undefined, SOON);
    if (record.outcome.error) throw record.outcome.error;
    const { pending } = world.truth();
    const there = [...pending.values()].filter((run) => JSON.parse(run.metadata ?? "{}").idempotencyKey === key && world.books.runs.get(run.id).workflowName === workflowName);
    assert.deepEqual(there.map(({ id }) => id), [record.outcome.value.metadata.id], `runs with the key ${key} after the last call`);
  }
}

/** Where no call with a key failed or was disturbed there is one run with it, and never none but by its end. */
function checkKeys(world, { pending }) {
  const { books, network, records } = world;
  for (const [one, runs] of byKey(books.runs.values())) {
    const isAsked = (record) => record.asked?.some(({ workflowName, key }) => JSON.stringify([workflowName, key]) === one);
    const calls = records.filter((record) => isAsked(record) && record.client !== 3);
    const isDisturbed = ({ call, outcome }) => outcome.error || network.requestsOf(call).some(({ fault }) => fault);
    const there = runs.filter(({ id }) => pending.has(id));
    if (!calls.some(isDisturbed)) assert.ok(there.length <= 1, `${there.length} runs with the key ${one}`);
    const keyed = new Set(calls.map(({ call }) => call));
    const isEnded = (run) => books.started.has(run.id) || (run.deleted && !keyed.has(run.deleted.call));
    const made = runs.filter((run) => run.made.call !== undefined && keyed.has(run.made.call));
    const isReconciled = calls.some(({ operation }) => operation === "reconcile") || records.some(({ operation }) => operation === "reconcile");
    if (made.length > 0 && !runs.some(isEnded) && !isReconciled) assert.ok(there.length > 0, `none with the key ${one} is left`);
  }
}

/** A change that came too late is told: within 10 s of the old time, by the client that knew that. */
function checkLateChange(world, record) {
  const { call, operation, outcome, wholes } = record;
  if (!["update", "bulkUpdate"].includes(operation) || outcome.error) return;
  for (const [id, run] of world.books.runs) {
    const fired = world.books.started.get(id);
    const place = run.times.findLastIndex((time) => time.call === call);
    if (!fired || run.triggered || place < 1 || run.times.length !== place + 1) continue;
    const [old, moved] = [run.times[place - 1], run.times[place]];
    const isLost = fired.at < moved.at && fired.at >= old.at && old.at > record.start.at;
    if (!isLost || wholes?.get(id) !== old.at || old.call === call || old.seq > record.start.seq) continue;
    assert.ok(outcome.value.warnings?.some((warning) => warning.code === "late-change" && warning.id === id), `call ${call}: ${id} fired at its old time, and no warning`);
  }
}
