import assert from "node:assert/strict";
import { test } from "node:test";
import { binRuns, binTotal, fitTicks, labelWidth, makeTicks, roundEdges, roundStep, spanOf } from "../../src/timeline/histogram.ts";
import { seriesPaths } from "../../src/timeline/paths.ts";
import { countWeek, levelOf } from "../../src/timeline/week.ts";
import { DAY, HOUR } from "../../src/time/relative.ts";
import { ensureTemporal } from "../../src/time/temporal.ts";
import { findZone, type Zone } from "../../src/time/zone.ts";
import { base, makeRun, randomRuns } from "../support/runs.ts";

await ensureTemporal();
const berlin = findZone("Europe/Berlin") as Zone;

test("every run is in exactly one bar", () => {
  const runs = randomRuns(5_000, 4);
  const { from, to } = spanOf(runs, base);
  const histogram = binRuns(runs, from, to, 100, berlin);
  assert.equal(histogram.total, 5_000);
  histogram.edges.slice(0, -1).forEach((edge, bin) => {
    const next = histogram.edges[bin + 1] as number;
    assert.equal(binTotal(histogram.series, bin), runs.filter((run) => run.at >= edge && run.at < next).length);
  });
});

test("a run years away is counted beside the picture and does not flatten it", () => {
  const runs = [...randomRuns(500, 7), makeRun(900, { at: Date.parse("9999-01-01T00:00:00Z") })];
  const { from, to } = spanOf(runs, base);
  assert.ok(to < base + 20 * DAY);
  const histogram = binRuns(runs, from, to, 100, berlin);
  assert.equal(histogram.later, runs.filter((run) => run.at >= (histogram.edges.at(-1) as number)).length);
  assert.equal(histogram.total + histogram.earlier + histogram.later, 501);
  const alone = makeRun(1, { at: base + 400 * DAY });
  assert.equal(spanOf([alone], base).to, alone.at);
});

test("the busiest workflows have a series of their own, the others share one", () => {
  const runs = ["a", "b", "b", "c", "d", "e", "f", "g"].map((workflow, n) => makeRun(n, { workflow }));
  const { series } = binRuns(runs, base, base + HOUR, 20, berlin);
  assert.deepEqual(series.map(({ workflow, total }) => [workflow, total]), [["b", 2], ["a", 1], ["c", 1], ["d", 1], [undefined, 3]]);
});

test("bars begin on round local times, also after the clocks change", () => {
  const from = Date.parse("2026-10-23T10:00:00Z");
  for (const edge of roundEdges(from, from + 5 * DAY, DAY, berlin)) assert.equal(berlin.wall(edge).hour, 0);
  for (const edge of roundEdges(from, from + 5 * DAY, 6 * HOUR, berlin)) assert.equal(berlin.wall(edge).hour % 6, 0);
  const edges = roundEdges(from, from + 5 * DAY, HOUR, berlin);
  assert.ok(edges.every((edge, i) => i === 0 || edge > (edges[i - 1] as number)));
});

test("labels are clock times within days and dates beyond, at any width", () => {
  const labels = (days: number, count: number) => makeTicks(base, base + days * DAY, count, berlin).map(({ label }) => label);
  assert.deepEqual(labels(0.25, 3), ["20:00", "22:00", "Tue 24 Nov"]);
  assert.deepEqual(labels(60, 2), ["Dec 2026", "Jan 2027"]);
  for (const days of [1, 7, 14, 20, 60, 100, 400, 4000, 400_000]) {
    for (const count of [2, 3, 12]) assert.ok(labels(days, count).length >= 1 && labels(days, count).length <= count + 1, `${days} ${count} ${labels(days, count).join()}`);
  }
  assert.equal(roundStep(14 * DAY, 14), DAY);
});

test("bars stack to the peak and stay within the picture", () => {
  const histogram = binRuns(randomRuns(500, 6), base - DAY, base + 14 * DAY, 50, berlin);
  const paths = seriesPaths(histogram, 800, 72);
  assert.equal(paths.length, histogram.series.length);
  for (const [, x, y] of paths.flatMap(({ d }) => [...d.matchAll(/M(-?[\d.]+) (-?[\d.]+)/g)])) assert.ok(Number(x) >= 0 && Number(x) <= 800 && Number(y) > 0 && Number(y) <= 72);
});

test("the week counts runs by local weekday and hour", () => {
  const run = makeRun(1, { at: Date.parse("2026-11-22T23:30:00Z") });
  const { counts, peak } = countWeek([run], berlin);
  assert.equal(counts[0 * 24 + 0], 1);
  assert.equal(peak, 1);
  assert.deepEqual([0, 1, 25, 100].map((count) => levelOf(count, 100, 5)), [0, 1, 3, 5]);
});

test("labels neither touch nor reach over the end, also with years", () => {
  for (let days = 0.01; days < 5_000; days *= 1.3) {
    for (const width of [220, 296, 520, 900, 1_880]) {
      const span = days * DAY;
      const ticks = fitTicks(base, base + span, width, berlin);
      const begins = ticks.map(({ at }) => ((at - base) / span) * width);
      ticks.forEach(({ label }, index) => {
        const ends = (begins[index] ?? 0) + labelWidth(label);
        assert.ok(ends <= (begins[index + 1] ?? width), `${label} within ${days} days on ${width} px`);
      });
      assert.ok(ticks.length >= (width > 296 ? 2 : 1), `${ticks.length} labels for ${days} days on ${width} px`);
    }
  }
});
