/** What the server says has changed, and what of that the rows do not show yet. */

import type { ScheduledChange } from "hatchet-scheduled";
import type { Run } from "./run.ts";

export interface Change {
  type: ScheduledChange["type"];
  run: Run;
}

/** By the run's id: at most one, the sum of what happened to it. */
export type Changes = ReadonlyMap<string, Change>;

export const noChanges: Changes = new Map();

/** The changes that wait, and those that came after them. */
export function addChanges(waiting: Changes, later: readonly Change[]): Changes {
  const sum = new Map(waiting);
  for (const change of later) {
    const { id } = change.run;
    const isNew = sum.get(id)?.type === "added";
    if (!isNew) sum.set(id, change);
    else if (change.type === "removed") sum.delete(id);
    else sum.set(id, { type: "added", run: change.run });
  }
  return sum;
}

export interface Sifted {
  /** What people would see change. */
  visible: Changes;
  /** What looks as the row does: mostly what was done here, as it comes back. */
  quiet: readonly Run[];
}

/** Holds changes against the rows, which may show some already, or something later. */
export function sift(runs: ReadonlyMap<string, Run>, changes: Changes): Sifted {
  const visible = new Map<string, Change>();
  const quiet: Run[] = [];
  for (const [id, change] of changes) {
    const shown = runs.get(id);
    if (change.type === "removed" ? shown : !shown && change.type === "added") visible.set(id, change);
    else if (!shown || change.type === "removed" || isOlder(change.run, shown)) continue;
    else if (change.run.at === shown.at) quiet.push(change.run);
    else visible.set(id, { type: "updated", run: change.run });
  }
  return { visible, quiet };
}

/** The rows once the changes are shown. */
export function applyChanges(runs: ReadonlyMap<string, Run>, changes: Changes): ReadonlyMap<string, Run> {
  const after = new Map(runs);
  for (const [id, { type, run }] of changes) {
    if (type === "removed") after.delete(id);
    else after.set(id, run);
  }
  return after;
}

function isOlder(run: Run, than: Run): boolean {
  return Date.parse(run.row.metadata.updatedAt) < Date.parse(than.row.metadata.updatedAt);
}

/** A run that is no longer listed. The server keeps no link to what became of it, so its time tells: due means fired. */
export interface Departure {
  run: Run;
  leftAt: number;
  how: "fired" | "removed";
}

/** An engine arms timers up to five seconds ahead and clocks differ a little. */
const CLOCK_SLACK = 5_000;

export function toDeparture(run: Run, leftAt: number): Departure {
  return { run, leftAt, how: run.at <= leftAt + CLOCK_SLACK ? "fired" : "removed" };
}
