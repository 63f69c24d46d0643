/** Making the keyed runs of a workflow what is wanted: first the plan, then, once it was seen, the work. */

import type { BulkCreate } from "hatchet-scheduled";
import type { Reconciliation, ReconcileAction, WantedRun } from "hatchet-scheduled/reconcile";
import { errorMessage } from "../connection/trouble.ts";
import type { App } from "../state/app.ts";
import { html, verbatim } from "../ui/html.ts";
import type { ReconcileDraft } from "./draft.ts";

/** The workflow whose keyed runs these can be all of: each has a key, and there is one workflow. */
export function setOf(runs: readonly BulkCreate[]): string | undefined {
  const [first] = runs;
  const isSet = first && runs.every(({ workflowName, idempotencyKey }) => workflowName === first.workflowName && idempotencyKey !== undefined);
  return isSet ? first.workflowName : undefined;
}

/** How many actions of each kind there are. */
export function countActions(actions: readonly ReconcileAction[], outcome?: ReconcileAction["outcome"]): Record<ReconcileAction["action"], number> {
  const counts = { create: 0, move: 0, replace: 0, delete: 0 };
  for (const action of actions) if (outcome === undefined || action.outcome === outcome) counts[action.action] += 1;
  return counts;
}

/** Opens the plan, and makes it; nothing is changed by that. */
export async function requestReconcile(app: App, workflow: string, runs: readonly BulkCreate[]): Promise<void> {
  const wanted = runs.map(({ onExisting: _, ...run }) => ({ ...run, idempotencyKey: run.idempotencyKey ?? "" }));
  const draft: ReconcileDraft = { workflow, wanted, plan: undefined, typed: "", problem: undefined, progress: undefined };
  app.openDialog({ kind: "reconcile", draft });
  try {
    const plan = await reconcile(app, draft, true);
    show(app, { ...draft, plan });
  } catch (error) {
    show(app, { ...draft, problem: errorMessage(error) });
  }
}

export async function carryOut(app: App, draft: ReconcileDraft): Promise<void> {
  const begun: ReconcileDraft = { ...draft, problem: undefined, progress: { done: 0, total: draft.plan?.actions.length ?? 0 } };
  show(app, begun);
  try {
    const { actions } = await reconcile(app, draft, false, ({ done, failed, total }) => show(app, { ...begun, progress: { done: done + failed, total } }));
    const failed = actions.filter(({ outcome }) => outcome === "failed");
    if (failed.length > 0) return show(app, { ...draft, plan: undefined, problem: `${failed.length} of ${actions.length} not done: ${failed[0]?.error ?? ""}` });
    app.closeDialog();
    app.toast(html`The keyed runs of ${verbatim(draft.workflow)} are as wanted: ${actions.length} changed.`);
  } catch (error) {
    show(app, { ...draft, problem: `${errorMessage(error)} What was done stays; the same once more finishes it.` });
  } finally {
    app.lookAgain();
  }
}

async function reconcile(app: App, { workflow, wanted }: ReconcileDraft, dryRun: boolean, onProgress?: (progress: { done: number; failed: number; total: number }) => void): Promise<Reconciliation> {
  const { reconcile } = await import("hatchet-scheduled/reconcile");
  if (!app.client) throw new Error("Not connected.");
  return reconcile(app.client, wanted as Iterable<WantedRun<any>>, { scope: { workflowName: workflow }, namespace: "", dryRun, ...(onProgress && { onProgress }) });
}

function show(app: App, draft: ReconcileDraft): void {
  if (app.state.dialog?.kind === "reconcile") app.set({ dialog: { kind: "reconcile", draft } });
}
