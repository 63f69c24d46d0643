/** What fired in the last hour. */

import type { WorkflowRun } from "hatchet-scheduled";
import { errorCode, errorMessage } from "../connection/trouble.ts";
import type { App } from "../state/app.ts";
import type { Fired } from "./state.ts";

const HOUR = 3_600_000;
/** The most that are read of a workflow, or of all. */
export const MOST = 1_000;
/** So many workflows are asked for one by one. */
const ONE_BY_ONE = 8;

export async function readFired(app: App, before: Fired): Promise<void> {
  const isOpen = app.whileOpen();
  const show = (change: Partial<Fired>) => {
    if (isOpen()) app.set({ dialog: { kind: "fired", fired: { ...before, isReading: false, ...change } } });
  };
  show({ isReading: true, problem: undefined });
  try {
    show({ ...(await newest(app)), problem: undefined });
  } catch (error) {
    show({ problem: errorMessage(error) });
  }
}

/** The newest of each workflow that the list is filtered by; where there are many, or names may not be looked up, of all. */
async function newest(app: App): Promise<Pick<Fired, "runs" | "isCut">> {
  const { client } = app;
  if (!client) throw new Error("Not connected.");
  const names = app.state.filter.workflows;
  const isEach = names.length > 0 && names.length <= ONE_BY_ONE && app.may("workflows");
  const query = { since: app.now() - HOUR, includePayloads: false, limit: MOST };
  const read = async (workflowName: string) => {
    try {
      return await client.runs({ ...query, workflowName }, { namespace: "" });
    } catch (error) {
      // An address may name any workflow.
      if (errorCode(error) === "not-found") return [];
      throw error;
    }
  };
  const lists = await Promise.all(isEach ? names.map(read) : [client.runs(query)]);
  const runs = lists.flat().sort((one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt));
  return { runs, isCut: lists.some(({ length }) => length >= MOST) };
}

/** Those of the workflows that the list is filtered by, and how many of each status. */
export function ofFilter(runs: readonly WorkflowRun[], workflows: readonly string[]): { shown: readonly WorkflowRun[]; counts: ReadonlyMap<string, number> } {
  const shown = workflows.length === 0 ? runs : runs.filter(({ workflowName }) => workflowName !== undefined && workflows.includes(workflowName));
  const counts = new Map<string, number>();
  for (const { status } of shown) counts.set(status, (counts.get(status) ?? 0) + 1);
  return { shown, counts };
}
