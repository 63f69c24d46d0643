import assert from "node:assert/strict";
import { test } from "node:test";
import { newBulkDraft } from "../../src/bulk/draft.ts";
import { reportOf, reportOfInterruption, retryable, settle } from "../../src/bulk/outcome.ts";
import { describeMove, type Move, planMove } from "../../src/bulk/plan.ts";
import { readBulkDraft } from "../../src/bulk/read.ts";
import { outcomeToCsv, runsToCsv, runsToJson } from "../../src/export/table.ts";
import { toRun } from "../../src/list/run.ts";
import { ensureTemporal } from "../../src/time/temporal.ts";
import { findZone, type Zone } from "../../src/time/zone.ts";
import { base, makeRun, randomRuns } from "../support/runs.ts";

await ensureTemporal();
const berlin = findZone("Europe/Berlin") as Zone;
const plan = (runs: ReturnType<typeof makeRun>[], move: Move, now = base) => planMove(runs, move, berlin, now);
const index = (runs: ReturnType<typeof makeRun>[]) => new Map(runs.map((run) => [run.id, run]));

test("a shift moves every run once by exactly as much", () => {
  const runs = randomRuns(10_000, 2);
  const { moves, unchanged } = plan(runs, { kind: "shift", by: 7_200_000 });
  assert.equal(unchanged, 0);
  assert.equal(new Set(moves.map(({ run }) => run.id)).size, 10_000);
  assert.ok(moves.every(({ run, before, after }) => before === run.at && after === run.at + 7_200_000));
});

test("a spread fills its window evenly in the order in which runs fire", () => {
  const runs = [3, 1, 2].map((n) => makeRun(n));
  const { moves } = plan(runs, { kind: "spread", from: base, to: base + 10_000 });
  assert.deepEqual(moves.map(({ run, after }) => [run.id.at(-1), after - base]), [["1", 0], ["2", 5_000], ["3", 10_000]]);
  assert.equal(plan(runs.slice(1, 2), { kind: "spread", from: base, to: base + 10_000 }).moves[0]?.after, base);
});

test("a shift by days keeps the clock time over a change of the clocks, or is exactly 24 h each, as asked", () => {
  const shift = (from: string, text: string, exact: boolean) => {
    const draft = { ...newBulkDraft([makeRun(1, { at: Date.parse(from) })], berlin, base), kind: "shift" as const, shift: text, exact };
    const { plan: made, move } = readBulkDraft(draft, berlin, base);
    assert.ok(made && move);
    return [new Date(made.moves[0]?.after ?? 0).toISOString(), made.overChange, made.adjusted, describeMove(move, berlin, base)];
  };
  const before = "2027-03-27T08:00:00.250Z";
  assert.deepEqual(shift(before, "+1d", false), ["2027-03-28T07:00:00.250Z", 1, 0, "by +1 d"], "09:00 stays 09:00");
  assert.deepEqual(shift(before, "+1d", true), ["2027-03-28T08:00:00.250Z", 1, 0, "by exactly +1 d"]);
  assert.deepEqual(shift(before, "+1w", false), ["2027-04-03T07:00:00.250Z", 1, 0, "by +7 d"]);
  assert.deepEqual(shift(before, "+1d 2h", false), ["2027-03-28T09:00:00.250Z", 1, 0, "by +1 d 2 h"]);
  assert.deepEqual(shift(before, "+24h", false), ["2027-03-28T08:00:00.250Z", 0, 0, "by +1 d"], "hours are hours");
  assert.deepEqual(shift("2027-04-01T07:00:00.000Z", "−1w", false), ["2027-03-25T08:00:00.000Z", 1, 0, "by −7 d"]);
  assert.deepEqual(shift("2027-10-30T22:30:00.000Z", "+1d", false), ["2027-10-31T23:30:00.000Z", 1, 0, "by +1 d"], "the day of 25 h");
  assert.deepEqual(shift("2027-03-27T01:30:00.000Z", "+1d", false), ["2027-03-28T01:30:00.000Z", 0, 1, "by +1 d"], "02:30 is skipped");
  assert.deepEqual(shift("2027-10-30T00:30:00.000Z", "+1d", false), ["2027-10-31T00:30:00.000Z", 0, 0, "by +1 d"], "02:30 is there twice");
  assert.deepEqual(shift("2027-06-01T00:30:00.000Z", "+3d", false), ["2027-06-04T00:30:00.000Z", 0, 0, "by +3 d"]);
  assert.throws(() => plan([makeRun(1)], { kind: "shift", by: 1e16, days: 1e9 }), /years 1970 to 9999/);
});

test("a change of date keeps the clock time, also across a change of the clocks", () => {
  const run = makeRun(1, { at: Date.parse("2026-10-20T07:15:30.250Z") });
  const { moves, adjusted } = plan([run], { kind: "date", date: "2026-11-20" });
  assert.equal(new Date(moves[0]?.after ?? 0).toISOString(), "2026-11-20T08:15:30.250Z");
  assert.equal(adjusted, 0);
  const skipped = plan([makeRun(2, { at: Date.parse("2027-03-20T01:30:00Z") })], { kind: "date", date: "2027-03-28" });
  assert.equal(skipped.adjusted, 1);
});

test("a plan says what would fire at once, what stays and what may be too late", () => {
  const runs = [makeRun(1, { at: base + 5_000 }), makeRun(2, { at: base + 3_600_000 })];
  assert.deepEqual({ ...plan(runs, { kind: "shift", by: -7_200_000 }), moves: 0 }, { moves: 0, unchanged: 0, past: 2, adjusted: 0, overChange: 0, late: 1 });
  assert.equal(plan(runs, { kind: "set", at: base + 3_600_000 }).unchanged, 1);
  assert.throws(() => plan(runs, { kind: "shift", by: 1e16 }), /years 1970 to 9999/);
});

test("a draft becomes a plan only once it is complete", () => {
  const draft = newBulkDraft([makeRun(1), makeRun(2)], berlin, base);
  assert.deepEqual(readBulkDraft(draft, berlin, base), { move: undefined, plan: undefined, problem: undefined });
  assert.match(readBulkDraft({ ...draft, shift: "a bit" }, berlin, base).problem ?? "", /\+2h/);
  const { move, plan: made } = readBulkDraft({ ...draft, shift: "+2h" }, berlin, base);
  assert.equal(made?.moves.length, 2);
  assert.equal(describeMove(move as Move, berlin, base), "by +2 h");
  assert.match(readBulkDraft({ ...draft, kind: "spread", to: draft.from }, berlin, base).problem ?? "", /end after/);
});

test("five fates add up to what was asked for, and only what did not happen is sent again", () => {
  const runs = [0, 1, 2, 3, 4, 5].map((n) => makeRun(n));
  const id = (n: number) => runs[n]?.id ?? "";
  const cut = { done: { deletedIds: [id(0)], errors: [{ id: id(1), error: "no" }, { id: id(2), error: "no" }] }, unknown: [id(3), id(4)] };
  const report = reportOfInterruption(cut, runs);
  const blind = settle(runs, report, undefined);
  assert.deepEqual(blind.counts, { done: 1, gone: 0, failed: 2, unknown: 2, "not-attempted": 1 });
  const listed = index([runs[1], runs[3], runs[5]].flatMap((run) => run ?? []));
  const seen = settle(runs, report, { listed, reached: () => false, absent: "done" });
  assert.deepEqual(seen.counts, { done: 2, gone: 1, failed: 1, unknown: 0, "not-attempted": 2 });
  assert.deepEqual(retryable(seen).map((run) => run.id), [id(1), id(3), id(5)]);
  const without = settle(runs, report, { listed: new Map(), reached: () => false, absent: "gone" });
  assert.deepEqual(without.counts, { done: 1, gone: 5, failed: 0, unknown: 0, "not-attempted": 0 });
  assert.deepEqual(seen.groups, [{ reason: "no", count: 1 }]);
});

test("an interruption without a report leaves everything to be looked up", () => {
  const runs = [0, 1, 2].map((n) => makeRun(n));
  const report = reportOfInterruption(new DOMException("Cancelled.", "AbortError"), runs);
  const reached = runs[0] ? toRun({ ...runs[0].row, triggerAt: "2030-01-01T00:00:00.000Z" }) : assert.fail();
  const outcome = settle(runs, report, {
    listed: index([reached, ...runs.slice(1, 2)]),
    reached: (run) => run.at === Date.parse("2030-01-01T00:00:00Z"),
    absent: "gone",
  });
  assert.deepEqual(outcome.counts, { done: 1, gone: 1, failed: 0, unknown: 0, "not-attempted": 1 });
});

test("a plain answer needs no look-up", () => {
  const runs = [makeRun(1), makeRun(2)];
  const outcome = settle(runs, reportOf({ updatedIds: runs.map((run) => run.id), errors: [] }), undefined);
  assert.equal(outcome.counts.done, 2);
});

test("exports keep what they were given, and hand no formula to a spreadsheet", () => {
  const run = makeRun(1, { workflow: '=HYPERLINK("x")', metadata: { a: "x,y", b: 'say "hi"\n' } });
  const csv = runsToCsv([run]);
  assert.ok(csv.startsWith("\uFEFFid,triggerAt,workflowName,"), "Excel knows UTF-8 by its byte order mark");
  assert.ok(csv.includes(`"'=HYPERLINK(""x"")"`));
  assert.ok(csv.includes(`"{""a"":""x,y"",""b"":""say \\""hi\\""\\n""}"`));
  assert.deepEqual(JSON.parse(runsToJson([run])), [run.row]);
  const outcome = settle([run], reportOf({ deletedIds: [], errors: [{ id: run.id, error: "a, b" }] }), undefined);
  assert.ok(outcomeToCsv(outcome).startsWith("\uFEFFid,"));
  assert.ok(outcomeToCsv(outcome).endsWith(',failed,"a, b"\r\n'));
});
