import type { BulkInterruptedError, ScheduledClient, Unpaused, Workflow, WorkflowRun } from "hatchet-scheduled";
import { follow, startedBy, type RunState, type StartedState } from "hatchet-scheduled/follow";
import { reconcile, type Reconciliation, type WantedRun } from "hatchet-scheduled/reconcile";

type Workflows = { "send-email": { to: string } };

/** A state's own members are there once its status is known. */
export function told(state: RunState): string {
  switch (state.status) {
    case "scheduled":
      return `${state.triggerAt} ${state.paused === true}`;
    case "gone":
      return state.scheduledId ?? state.runId ?? "";
    default:
      return `${state.runId} ${state.error ?? ""} ${state.run.createdAt}`;
  }
}

export async function play(client: ScheduledClient<Workflows>): Promise<Reconciliation> {
  const run = await client.create("send-email", { triggerAt: { in: "2h" }, input: { to: "a" }, traceable: true, idempotencyKey: "k", onExisting: "move" });
  for await (const state of follow(client, run, { intervalMs: 1_000 })) told(state);
  const state: StartedState | null = await startedBy(client, run.metadata.id);
  const runs: WorkflowRun[] = await client.runs({ since: new Date(0), workflowName: "send-email", statuses: ["COMPLETED"], limit: 5 });
  const same: WorkflowRun = await client.run(runs[0] ?? (await client.trigger(run)));
  const paused: Workflow = await client.pause("send-email", { scheduledRuns: "queue", ttl: "2h" });
  const { overdue, queued }: Unpaused = await client.unpause(paused, { dryRun: true });
  const wanted: WantedRun<Workflows>[] = [{ workflowName: "send-email", idempotencyKey: "k", triggerAt: 1e12, input: { to: "a" } }];
  const { planned = [] } = await client.bulkCreate(wanted, { dryRun: true });
  const known: unknown[] = [state?.output, same.status, overdue[0]?.triggerAt, queued[0]?.input, planned[0]?.workflowName];
  return reconcile<Workflows>(client, known.length ? wanted : [], { scope: { workflowName: "send-email" }, dryRun: true });
}

// @ts-expect-error a time is meant, not a delay
export const since: Parameters<ScheduledClient["runs"]>[0] = { since: { in: "1h" } };
// @ts-expect-error each wanted run has a key
export const keyless: WantedRun = { workflowName: "a", triggerAt: 1e12 };
// @ts-expect-error which runs belong to the set has to be said
export const scopeless: Parameters<typeof reconcile>[2] = {};
export type Cut = BulkInterruptedError["rest"];
