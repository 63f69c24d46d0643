/** What a bulk reschedule will do, worked out before anything is sent. */

import { LATE_WINDOW, type Run } from "../list/run.ts";
import { DAY, formatShift, formatSpan } from "../time/relative.ts";
import { formatTime, type Zone } from "../time/zone.ts";

export type Move =
  | { kind: "set"; at: number }
  /** `days` of `by` keep the clock time over a change of the clocks, unless they are to be `exact`: 24 h each. */
  | { kind: "shift"; by: number; days?: number; exact?: boolean }
  /** Evenly over the window, in the order the runs fire now; the first at `from`, the last at `to`. */
  | { kind: "spread"; from: number; to: number }
  /** The same clock time on another date, as "2026-12-24". */
  | { kind: "date"; date: string };

export interface PlannedMove {
  run: Run;
  before: number;
  after: number;
}

export interface MovePlan {
  moves: PlannedMove[];
  /** Already there. They are not written again. */
  unchanged: number;
  /** Would fire at once, their new time having passed. */
  past: number;
  /** The clock time does not exist on the new day, so the run moves past the gap. */
  adjusted: number;
  /** Shifted over a change of the clocks: with the clock time kept they move by another span than with days of 24 h. */
  overChange: number;
  /** Fire so soon that the engine may have armed them already. */
  late: number;
}

const FIRST_INSTANT = 0;
const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Throws a RangeError, worded for people, where a run would leave the years a server takes. */
export function planMove(runs: Iterable<Run>, move: Move, zone: Zone, now: number): MovePlan {
  const ordered = [...runs].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const plan: MovePlan = { moves: [], unchanged: 0, past: 0, adjusted: 0, overChange: 0, late: 0 };
  ordered.forEach((run, index) => {
    const { at: after, adjusted, overChange } = moved(run, move, index, ordered.length, zone);
    if (!(after >= FIRST_INSTANT && after <= LAST_INSTANT)) {
      throw new RangeError("A run would move outside the years 1970 to 9999.");
    }
    if (adjusted) plan.adjusted += 1;
    if (overChange) plan.overChange += 1;
    if (after === run.at) {
      plan.unchanged += 1;
      return;
    }
    if (after < now) plan.past += 1;
    if (run.at < now + LATE_WINDOW) plan.late += 1;
    plan.moves.push({ run, before: run.at, after });
  });
  return plan;
}

interface Moved {
  at: number;
  adjusted?: boolean | undefined;
  overChange?: boolean;
}

function moved(run: Run, move: Move, index: number, count: number, zone: Zone): Moved {
  switch (move.kind) {
    case "set":
      return { at: move.at };
    case "shift":
      return shifted(run.at, move.by, move.days ?? 0, move.exact ?? false, zone);
    case "spread": {
      const step = count > 1 ? (move.to - move.from) / (count - 1) : 0;
      return { at: Math.round(move.from + step * index) };
    }
    case "date": {
      const [year = 0, month = 1, day = 1] = move.date.split("-").map(Number);
      return atClock(run.at, { year, month, day }, zone);
    }
  }
}

/** The clock time that `at` has, on another day. */
function atClock(at: number, date: { year: number; month: number; day: number }, zone: Zone): Moved {
  const clock = zone.wall(at);
  const there = zone.instant({ ...clock, ...date, millisecond: ((at % 1000) + 1000) % 1000 });
  const placed = zone.wall(there);
  return { at: there, adjusted: placed.hour !== clock.hour || placed.minute !== clock.minute };
}

function shifted(at: number, by: number, days: number, exact: boolean, zone: Zone): Moved {
  const after = at + by;
  const daysAfter = at + days * DAY;
  const known = daysAfter >= FIRST_INSTANT && daysAfter <= LAST_INSTANT;
  if (days === 0 || !known || zone.offsetAt(daysAfter) === zone.offsetAt(at)) return { at: after };
  const local = new Date(daysAfter + zone.offsetAt(at));
  const kept = atClock(at, { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() }, zone);
  const clockKept = kept.at + by - days * DAY;
  const overChange = clockKept !== after;
  return exact ? { at: after, overChange } : { at: clockKept, adjusted: kept.adjusted, overChange };
}

/** "by +2 h", "to Thu 26 Nov 09:00", "over 3 h", "to 2026-12-24": completes "Move 1,204 runs …". */
export function describeMove(move: Move, zone: Zone, now: number): string {
  switch (move.kind) {
    case "set":
      return `to ${formatTime(move.at, zone, now)}`;
    case "shift":
      return `by ${move.exact && move.days ? "exactly " : ""}${formatShift(move.by)}`;
    case "spread":
      return `over ${formatSpan(move.to - move.from)}`;
    case "date":
      return `to ${move.date}`;
  }
}
