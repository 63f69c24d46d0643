import { PermissionDeniedError } from "hatchet-scheduled";

const STATUSES = { QUEUED: "queued", COMPLETED: "succeeded", FAILED: "failed", CANCELLED: "cancelled" };

/** The state of a run that started. */
export async function stateOf(client, run, scheduledId, options) {
  // A word of a newer Hatchet is no end that is known here.
  const state = { status: STATUSES[run.status] ?? "started", runId: run.metadata.id, run };
  if (scheduledId) state.scheduledId = scheduledId;
  if (state.status === "succeeded") state.output = run.output;
  if (state.status === "failed" && run.errorMessage) state.error = run.errorMessage;
  if (state.status === "queued" && (await behaviorOf(client, run.workflowId, run.workflowName, options))) state.paused = true;
  return state;
}

/** The state of a scheduled run that waits, and when it fires. */
export async function waiting(client, scheduled, now, options) {
  const { metadata, triggerAt, workflowId, workflowName } = scheduled;
  const state = { status: "scheduled", scheduledId: metadata.id, triggerAt };
  if (Date.parse(triggerAt) <= now) {
    const behavior = await behaviorOf(client, workflowId, workflowName, options);
    if (behavior && behavior !== "QUEUE") state.paused = true;
  }
  return state;
}

export function isLast({ status }) {
  return status === "succeeded" || status === "failed" || status === "cancelled" || status === "gone";
}

export function isSame(one, other) {
  return ["status", "triggerAt", "runId", "paused"].every((key) => one?.[key] === other[key]);
}

/** What becomes of scheduled runs of a workflow while it is paused; undefined where it is not, and where nobody may know. */
async function behaviorOf(client, id, name, options) {
  try {
    const workflows = await client.workflows(name ? { name } : {}, options);
    const workflow = workflows.find(({ metadata }) => metadata.id === id);
    return workflow?.isPaused ? (workflow.pausedWorkflowScheduledRunQueueBehavior ?? "DROP") : undefined;
  } catch (error) {
    if (error instanceof PermissionDeniedError) return undefined;
    throw error;
  }
}
