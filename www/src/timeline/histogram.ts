/** Runs over time: bins on round local times, stacked by workflow. */

import type { Run } from "../list/run.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../time/relative.ts";
import { formatClock, formatDay, formatMonth, type Zone } from "../time/zone.ts";

export interface Series {
  /** A workflow's name; undefined for all that have no series of their own. */
  workflow: string | undefined;
  counts: Uint32Array;
  total: number;
}

export interface Histogram {
  /** Instants; bin i holds edges[i] <= at < edges[i + 1]. */
  edges: number[];
  series: Series[];
  /** The fullest bin, all series together. */
  peak: number;
  total: number;
  /** Runs outside the edges. */
  earlier: number;
  later: number;
}

export interface Tick {
  at: number;
  label: string;
}

const STEPS = [
  SECOND, 5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
  HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 4 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 364 * DAY, 3640 * DAY,
];
const MONDAY = 4 * DAY;

/** The instants between which bins lie: round in local time, also across a change of the clocks. */
export function roundEdges(from: number, to: number, step: number, zone: Zone): number[] {
  const anchor = step >= 7 * DAY ? MONDAY : 0;
  const toWall = (at: number) => at + zone.offsetAt(at);
  const fromWall = (wall: number) => {
    const guess = wall - zone.offsetAt(wall);
    return wall - zone.offsetAt(guess);
  };
  const first = Math.floor((toWall(from) - anchor) / step) * step + anchor;
  const edges: number[] = [];
  for (let wall = first; ; wall += step) {
    const at = fromWall(wall);
    const last = edges.at(-1);
    if (last === undefined || at > last) edges.push(at);
    if (at > to && edges.length > 1) return edges;
  }
}

/** The smallest round step that needs at most `count` bins. */
export function roundStep(span: number, count: number): number {
  return STEPS.find((step) => span / step <= count) ?? (STEPS.at(-1) as number);
}

const MAX_SERIES = 4;

/** Counts runs into at most about `bins` bins; the busiest workflows get a series each, the others share one. */
export function binRuns(runs: readonly Run[], from: number, to: number, bins: number, zone: Zone): Histogram {
  const step = roundStep(Math.max(to - from, MINUTE), bins);
  const edges = roundEdges(from, to, step, zone);
  const totals = new Map<string, number>();
  for (const run of runs) totals.set(run.workflow, (totals.get(run.workflow) ?? 0) + 1);
  const ranked = [...totals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([workflow]) => workflow);
  const own = ranked.length <= MAX_SERIES + 1 ? ranked : ranked.slice(0, MAX_SERIES);
  const make = (workflow: string | undefined): Series => ({ workflow, counts: new Uint32Array(edges.length - 1), total: 0 });
  const series = own.map(make);
  const rest = ranked.length > own.length ? make(undefined) : undefined;
  const byWorkflow = new Map(series.map((one) => [one.workflow, one]));
  let [earlier, later] = [0, 0];
  for (const run of runs) {
    const bin = findBin(edges, run.at);
    const target = byWorkflow.get(run.workflow) ?? rest;
    if (bin === undefined || !target) {
      if (run.at < (edges[0] as number)) earlier += 1;
      else later += 1;
      continue;
    }
    target.counts[bin] = (target.counts[bin] ?? 0) + 1;
    target.total += 1;
  }
  if (rest) series.push(rest);
  let peak = 0;
  for (let bin = 0; bin < edges.length - 1; bin += 1) peak = Math.max(peak, binTotal(series, bin));
  return { edges, series, peak, total: series.reduce((sum, one) => sum + one.total, 0), earlier, later };
}

export function binTotal(series: readonly Series[], bin: number): number {
  return series.reduce((sum, one) => sum + (one.counts[bin] ?? 0), 0);
}

function findBin(edges: readonly number[], at: number): number | undefined {
  let low = 0;
  let high = edges.length - 1;
  if (at < (edges[0] ?? 0) || at >= (edges[high] ?? 0)) return undefined;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) <= at) low = middle;
    else high = middle;
  }
  return low;
}

const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 600, 1200, 6000, 24_000];
const MONTH = 30.4 * DAY;

/** About `count` labels on round local times, one at least: clock times within days, days within months, months beyond. */
export function makeTicks(from: number, to: number, count: number, zone: Zone): Tick[] {
  const span = Math.max(to - from, MINUTE);
  const inside = (at: number) => at >= from && at <= to;
  const year = zone.wall(from).year;
  const label = (at: number, step: number): string => {
    const wall = zone.wall(at);
    const midnight = wall.hour === 0 && wall.minute === 0 && wall.second === 0;
    return step >= DAY || midnight ? formatDay(wall, year) : formatClock(wall);
  };
  for (let wanted = Math.max(count, 1); ; wanted *= 2) {
    const step = roundStep(span, wanted);
    const edges = step < 28 * DAY ? roundEdges(from, to, step, zone).filter(inside) : monthStarts(from, to, wanted, zone).filter(inside);
    if (edges.length > 0) return edges.map((at) => ({ at, label: step < 28 * DAY ? label(at, step) : formatMonth(zone.wall(at)) }));
  }
}

const TICK_WIDTH = 84;
/** Wider than the letters of any label are on average. */
const LETTER = 7.5;
const LABEL_INDENT = 3;
const LABEL_GAP = 6;

/** The most that a label of a picture takes, in pixels. */
export function labelWidth(label: string): number {
  return LABEL_INDENT + label.length * LETTER;
}

/** As many labels as there is room for: none is cut off at the end, and none touches the next. */
export function fitTicks(from: number, to: number, width: number, zone: Zone): Tick[] {
  const begins = (tick: Tick) => ((tick.at - from) / (to - from)) * width;
  const ends = (tick: Tick) => begins(tick) + labelWidth(tick.label);
  const inside = (count: number) => makeTicks(from, to, count, zone).filter((tick) => ends(tick) <= width);
  const most = Math.max(2, Math.floor(width / TICK_WIDTH));
  for (let count = most; count > 0; count -= 1) {
    const ticks = inside(count);
    if (ticks.length > 0 && ticks.every((tick, index) => index === 0 || ends(ticks[index - 1] as Tick) + LABEL_GAP <= begins(tick))) return ticks;
  }
  // All that are round lie near the end: one of those between will do.
  return inside(2 * most).slice(0, 1);
}

function monthStarts(from: number, to: number, count: number, zone: Zone): number[] {
  const step = MONTHS.find((months) => (to - from) / (months * MONTH) <= count) ?? (MONTHS.at(-1) as number);
  const wall = zone.wall(from);
  const starts: number[] = [];
  for (let month = Math.ceil((wall.year * 12 + wall.month - 1) / step) * step; ; month += step) {
    const year = Math.floor(month / 12);
    const at = year > 9999 ? Number.POSITIVE_INFINITY : zone.instant({ year, month: (month % 12) + 1, day: 1 });
    if (at > to) return starts;
    starts.push(at);
  }
}

/** Of the runs on either side, this share may lie so far out that it is counted and not drawn. */
const OUTLIERS = 0.02;
const FAR = 4;

/**
 * What the timeline spans: from the first run (or now) to the last, never less than a quarter of an hour. A few runs
 * years away do not squeeze all the others into one bar: they are left outside.
 */
export function spanOf(runs: readonly Run[], now: number): { from: number; to: number } {
  const times = Float64Array.from(runs, (run) => run.at).sort();
  const at = (share: number) => times[Math.round(share * (times.length - 1))] ?? now;
  const bulk = Math.max(at(1 - OUTLIERS) - now, now - at(OUTLIERS), DAY) * FAR;
  const bounded = (time: number, inner: number) => (Math.abs(time - now) > bulk ? inner : time);
  return {
    from: Math.min(now, bounded(at(0), at(OUTLIERS))),
    to: Math.max(now + 15 * MINUTE, bounded(at(1), at(1 - OUTLIERS))),
  };
}
