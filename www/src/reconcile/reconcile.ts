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
  const show = shower(app);
  try {
    const plan = await reconcile(app, draft, true);
    show({ ...draft, plan });
  } catch (error) {
    show({ ...draft, problem: errorMessage(error) });
  }
}

export async function carryOut(app: App, draft: ReconcileDraft): Promise<void> {
  const begun: ReconcileDraft = { ...draft, problem: undefined, progress: { done: 0, total: draft.plan?.actions.length ?? 0 } };
  const show = shower(app);
  show(begun);
  try {
    const { actions } = await reconcile(app, draft, false, ({ done, failed, total }) => show({ ...begun, progress: { done: done + failed, total } }));
    const failed = actions.filter(({ outcome }) => outcome === "failed");
    if (failed.length > 0) return show({ ...draft, plan: undefined, problem: `${failed.length} of ${actions.length} not done: ${failed[0]?.error ?? ""}` });
    show(undefined);
    app.toast(html`The keyed runs of ${verbatim(draft.workflow)} are as wanted: ${actions.length} changed.`);
  } catch (error) {
    show({ ...draft, problem: `${errorMessage(error)} What was done stays; the same once more finishes it.` });
  } finally {
    app.lookAgain();
  }
}

async function reconcile(app: App, { workflow, wanted }: ReconcileDraft, dryRun: boolean, onProgress?: (progress: { done: number; failed: number; total: number }) => void): Promise<Reconciliation> {
  const { reconcile } = await import("hatchet-scheduled/reconcile");
  if (!app.client) throw new Error("Not connected.");
  return reconcile(app.client, wanted as Iterable<WantedRun<any>>, { scope: { workflowName: workflow }, namespace: "", dryRun, ...(onProgress && { onProgress }) });
}

/** Shows how far it is, or closes the dialog; where it was closed meanwhile, what went wrong is told beside the list. */
function shower(app: App): (draft: ReconcileDraft | undefined) => void {
  const isOpen = app.whileOpen();
  return (draft) => {
    if (!isOpen()) {
      if (draft?.problem) app.toast(draft.problem, { tone: "warning", until: app.now() + 20_000 });
    } else if (draft) app.set({ dialog: { kind: "reconcile", draft } });
    else app.closeDialog();
  };
}
