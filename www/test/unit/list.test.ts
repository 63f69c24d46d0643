import assert from "node:assert/strict";
import { test } from "node:test";
import { addChanges, applyChanges, type Change, type Changes, type Departure, noChanges, sift, toDeparture } from "../../src/list/changes.ts";
import { nextOrder, sortRuns } from "../../src/list/order.ts";
import { explainOverdue } from "../../src/list/overdue.ts";
import { type Run, stateOf, toRun } from "../../src/list/run.ts";
import { countSelection, extend, noSelection, prune, selectAll, toggle } from "../../src/list/selection.ts";
import { scrollToRow, windowOf } from "../../src/list/window.ts";
import { base, makeRandom, makeRun, randomRuns } from "../support/runs.ts";

const index = (runs: Run[]): ReadonlyMap<string, Run> => new Map(runs.map((run) => [run.id, run]));
const entry = (type: Change["type"], run: Run): [string, Change] => [run.id, { type, run }];
const shape = (runs: ReadonlyMap<string, Run>) => [...runs.values()].map(({ id, at }) => [id, at]).sort();

function touch({ row }: Run, at: number, updatedAt: number): Run {
  const metadata = { ...row.metadata, updatedAt: new Date(updatedAt).toISOString() };
  return toRun({ ...row, metadata, triggerAt: new Date(at).toISOString() });
}

function differences(before: ReadonlyMap<string, Run>, after: ReadonlyMap<string, Run>): Change[] {
  const removed = [...before.values()].filter(({ id }) => !after.has(id)).map((run) => ({ type: "removed" as const, run }));
  const others = [...after.values()].filter((run) => before.get(run.id) !== run);
  return [...removed, ...others.map((run) => ({ type: before.has(run.id) ? ("updated" as const) : ("added" as const), run }))];
}

test("runs come soonest first, and equal ones always in the same order", () => {
  const runs = randomRuns(500, 1);
  const sorted = sortRuns(runs, { key: "workflow", descending: true });
  assert.deepEqual(sortRuns([...runs].reverse(), { key: "workflow", descending: true }), sorted);
  for (let i = 1; i < sorted.length; i += 1) {
    const [a, b] = [sorted[i - 1], sorted[i]];
    assert.ok(a && b && (a.workflow > b.workflow || (a.workflow === b.workflow && a.at <= b.at)));
  }
  assert.deepEqual(nextOrder({ key: "time", descending: false }, "time"), { key: "time", descending: true });
  assert.deepEqual(nextOrder({ key: "time", descending: true }, "created"), { key: "created", descending: true });
});

test("what was done here comes back quietly, what others did is shown", () => {
  const [a, b, c] = [makeRun(1), makeRun(2), makeRun(3)];
  const touched = touch(a, a.at, base);
  const moved = touch(b, b.at + 60_000, base);
  const { visible, quiet } = sift(index([a, b]), new Map([entry("updated", touched), entry("updated", moved), entry("removed", c)]));
  assert.deepEqual([[...visible.values()], quiet], [[{ type: "updated", run: moved }], [touched]]);
  assert.deepEqual(sift(index([moved]), new Map([entry("updated", b)])).visible, noChanges, "an older state of a run");
});

test("whoever changes what, here or elsewhere, and however long it waits, the rows end as the server's", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = makeRandom(seed);
    const below = (count: number) => Math.floor(random() * count);
    let server: ReadonlyMap<string, Run> = index([1, 2, 3, 4].map((number) => makeRun(number)));
    let rows = server;
    let seen = server;
    let waiting: Changes = noChanges;
    let [number, clock] = [10, base];
    const look = () => {
      const sifted = sift(rows, addChanges(waiting, differences(seen, server)));
      seen = server;
      waiting = sifted.visible;
      rows = applyChanges(rows, new Map(sifted.quiet.map((run) => [run.id, { type: "updated", run }])));
    };
    const apply = () => {
      rows = applyChanges(rows, waiting);
      waiting = noChanges;
    };
    const change = (here: boolean) => {
      clock += 1_000;
      const picked = [...(here ? rows : server).values()][below(4)];
      const kind = below(3);
      const changes = new Map<string, Change>();
      const run = picked && server.has(picked.id) ? picked : undefined;
      if (kind === 0) changes.set(...entry("added", makeRun((number += 1))));
      else if (run && kind === 1) changes.set(...entry("removed", run));
      else if (run) changes.set(...entry("updated", touch(run, run.at + below(5) * 60_000, clock)));
      server = applyChanges(server, changes);
      if (!here) return;
      rows = applyChanges(rows, changes);
      waiting = sift(rows, waiting).visible;
      if (kind === 0) {
        seen = applyChanges(rows, waiting);
        look();
      }
    };
    for (let step = 0; step < 40; step += 1) [() => change(true), () => change(false), look, apply][below(4)]?.();
    look();
    apply();
    assert.deepEqual(shape(rows), shape(server), `seed ${seed}`);
  }
});

test("a run that left when its time had come has fired, one that left before was removed", () => {
  const run = makeRun(1, { at: base });
  assert.equal(toDeparture(run, base + 4_000).how, "fired");
  assert.equal(toDeparture(run, base - 60_000).how, "removed");
});

test("states follow from the time alone", () => {
  const state = (offset: number) => stateOf(makeRun(1, { at: base + offset }), base);
  assert.deepEqual([-16_000, -14_000, 299_000, 301_000].map(state), ["overdue", "soon", "soon", "scheduled"]);
});

test("of an overdue run only what is known is told, beside what may be the reason", () => {
  const late = makeRun(1, { at: base - 600_000, workflow: "send-reminder" });
  const other = makeRun(2, { at: base - 600_000, workflow: "sync-crm" });
  const fired = (workflow: string) => toDeparture(makeRun(3, { at: base - 20_000, workflow }), base - 15_000);
  const cases: [Run[], Departure[], RegExp][] = [
    [[late], [fired("sync-crm")], /Runs of other workflows left the list, being due, since then\.$/],
    [[late], [fired("send-reminder")], /Other runs of its workflow left the list, being due, in the last minute\.$/],
    [[late, other], [], /Runs of 2 workflows are overdue\.$/],
    [[late], [], /No other workflow has overdue runs\.$/],
  ];
  for (const [all, departures, seen] of cases) {
    for (const [pauses, why] of [
      [undefined, /^10 m late\. Why it waits is not known here: its workflow may be paused\. /],
      [new Map(), /^10 m late\. Its workflow is not paused; why it waits is not known here\. /],
      [new Map([[late.workflow, "queue" as const]]), /^10 m late\. Its workflow is paused, but in a way that lets scheduled runs fire, and queues them; why it waits is not known here\. /],
    ] as const) {
      const told = explainOverdue(late, all, departures, pauses, base);
      assert.match(told, why);
      assert.match(told, seen);
      assert.doesNotMatch(told, /probably|behind|stopped/);
    }
    assert.equal(explainOverdue(late, all, departures, new Map([[late.workflow, "late"]]), base), "10 m late: its workflow is paused, and it fires when the pause ends.");
  }
});

test("a range is selected in the order shown, from the anchor on, without runs made in code", () => {
  const runs = [0, 1, 2, 3, 4].map((n) => makeRun(n, n === 2 ? { method: "DEFAULT" } : {}));
  const [first, , code, , last] = runs;
  assert.ok(first && code && last);
  const range = extend(toggle(noSelection, first), last, runs);
  assert.deepEqual([...range.ids], [0, 1, 3, 4].map((n) => runs[n]?.id));
  assert.equal(toggle(noSelection, code), noSelection);
  assert.equal(toggle(toggle(noSelection, first), first).ids.size, 0);
});

test("a selection says how much of it is out of view and what was left out", () => {
  const runs = [makeRun(1), makeRun(2), makeRun(3, { method: "DEFAULT" })];
  const all = selectAll(runs);
  assert.deepEqual(countSelection(all, runs.slice(1)), { selected: 2, outOfView: 1, selectableVisible: 1, madeInCode: 1 });
  assert.deepEqual([...prune(all, index(runs.slice(1))).ids], [runs[1]?.id]);
  assert.equal(prune(all, index(runs)), all);
});

test("of 100,000 rows only those in sight and a few more are kept", () => {
  const { first, last } = windowOf(44 * 50_000, 600, 100_000);
  assert.ok(first > 49_980 && first <= 50_000 && last >= 50_014 && last < 50_030);
  assert.deepEqual(windowOf(44 * 90, 600, 5), { first: 5, last: 5 });
  assert.equal(scrollToRow(3, 0, 600), undefined);
  assert.equal(scrollToRow(20, 0, 600), 21 * 44 - 600);
  assert.equal(scrollToRow(3, 600, 600), 132);
});
