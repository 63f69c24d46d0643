/** The order of the list. */

import type { Run } from "./run.ts";

export const sortKeys = ["time", "created", "workflow", "priority"] as const;
export type SortKey = (typeof sortKeys)[number];

export interface Order {
  key: SortKey;
  descending: boolean;
}

export const soonestFirst: Order = { key: "time", descending: false };

const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const comparisons: Record<SortKey, (a: Run, b: Run) => number> = {
  time: (a, b) => a.at - b.at,
  created: (a, b) => a.createdAt - b.createdAt,
  workflow: (a, b) => text(a.workflow, b.workflow),
  priority: (a, b) => a.priority - b.priority,
};

/** Sorts a copy. Equal runs come soonest first, then by id, so that a refresh never shuffles them. */
export function sortRuns(runs: readonly Run[], { key, descending }: Order): Run[] {
  const compare = comparisons[key];
  const sign = descending ? -1 : 1;
  return [...runs].sort((a, b) => sign * compare(a, b) || a.at - b.at || text(a.id, b.id));
}

/** What a press on a column's head asks for: its natural direction first, then the other. */
export function nextOrder(current: Order, key: SortKey): Order {
  if (current.key === key) return { key, descending: !current.descending };
  return { key, descending: key === "created" || key === "priority" };
}
