/** What changed between two looks at the server. */

import type { Run } from "./run.ts";

export interface Changes {
  added: Run[];
  updated: Run[];
  removed: Run[];
}

export function compareListings(before: ReadonlyMap<string, Run>, after: ReadonlyMap<string, Run>): Changes {
  const changes: Changes = { added: [], updated: [], removed: [] };
  for (const [id, run] of after) {
    const known = before.get(id);
    if (!known) changes.added.push(run);
    else if (known.at !== run.at || known.row.metadata.updatedAt !== run.row.metadata.updatedAt) changes.updated.push(run);
  }
  for (const [id, run] of before) if (!after.has(id)) changes.removed.push(run);
  return changes;
}

export function countChanges(changes: Changes): number {
  return changes.added.length + changes.updated.length + changes.removed.length;
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
