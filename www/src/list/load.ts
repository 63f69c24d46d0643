/** Reading the list from the server. */

import type { RequestOptions, ScheduledClient, ScheduledWorkflows } from "hatchet-scheduled";
import { type Run, toRun } from "./run.ts";

const FIRST_PAGE = 200;
/** Large enough for few requests, small enough that reading one does not hold up the page. */
const PAGE = 5_000;

const soonest = { orderByField: "triggerAt", orderByDirection: "ASC" } as const;

export type Runs = ReadonlyMap<string, Run>;

/** The runs that fire first, so that there is something to see at once; `all` tells whether that was the whole list. */
export async function loadFirst(client: ScheduledClient, options: RequestOptions): Promise<{ runs: Runs; all: boolean }> {
  const { rows } = await client.list({ ...soonest, limit: FIRST_PAGE }, options);
  return { runs: new Map(rows.map(entry)), all: rows.length < FIRST_PAGE };
}

/** The whole list, each run exactly once, also while runs fire and are added. */
export async function loadAll(client: ScheduledClient, signal: AbortSignal): Promise<Runs> {
  const runs = new Map<string, Run>();
  for await (const row of client.iterate({ ...soonest, pageSize: PAGE }, { signal })) runs.set(...entry(row));
  return runs;
}

function entry(row: ScheduledWorkflows): [string, Run] {
  return [row.metadata.id, toRun(row)];
}
