/** Runs by weekday and hour of the day, in local time: where bursts show. */

import type { Run } from "../list/run.ts";
import type { Zone } from "../time/zone.ts";

export interface Week {
  /** counts[weekday * 24 + hour]; weekday 0 is Monday. */
  counts: Uint32Array;
  peak: number;
}

export function countWeek(runs: readonly Run[], zone: Zone): Week {
  const counts = new Uint32Array(7 * 24);
  let peak = 0;
  for (const run of runs) {
    const local = new Date(run.at + zone.offsetAt(run.at));
    const cell = ((local.getUTCDay() + 6) % 7) * 24 + local.getUTCHours();
    const count = (counts[cell] ?? 0) + 1;
    counts[cell] = count;
    if (count > peak) peak = count;
  }
  return { counts, peak };
}

/** A level from 0 (none) to `levels`; by square root, so that one burst does not hide the rest. */
export function levelOf(count: number, peak: number, levels: number): number {
  if (count === 0 || peak === 0) return 0;
  return Math.max(1, Math.ceil(Math.sqrt(count / peak) * levels));
}
