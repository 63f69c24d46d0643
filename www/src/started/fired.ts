/** What fired in the last hour. */

import type { WorkflowRun } from "hatchet-scheduled";
import { errorMessage } from "../connection/trouble.ts";
import type { App } from "../state/app.ts";
import type { Fired } from "./state.ts";

const HOUR = 3_600_000;
/** More are told by their number alone. */
export const MOST = 1_000;

/** Opens the list, and asks for it anew. */
export function showFired(app: App): void {
  app.openDialog({ kind: "fired", fired: { runs: undefined, problem: undefined } });
  void readFired(app);
}

export async function readFired(app: App): Promise<void> {
  const show = (fired: Fired) => {
    if (app.state.dialog?.kind === "fired") app.set({ dialog: { kind: "fired", fired } });
  };
  try {
    const runs = await app.client?.runs({ since: app.now() - HOUR, includePayloads: false, limit: MOST });
    show({ runs: runs ?? [], problem: undefined });
  } catch (error) {
    show({ runs: undefined, problem: errorMessage(error) });
  }
}

/** Those of the workflows that the list is filtered by, and how many of each status. */
export function ofFilter(runs: readonly WorkflowRun[], workflows: readonly string[]): { shown: readonly WorkflowRun[]; counts: ReadonlyMap<string, number> } {
  const shown = workflows.length === 0 ? runs : runs.filter(({ workflowName }) => workflowName !== undefined && workflows.includes(workflowName));
  const counts = new Map<string, number>();
  for (const { status } of shown) counts.set(status, (counts.get(status) ?? 0) + 1);
  return { shown, counts };
}
