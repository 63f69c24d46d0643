import { reading, refuse } from "./options.js";

/** Where a run's metadata has a key that leads from the scheduled run to it; the first is no other run's. */
const KEYS = ["scheduledTraceKey", "idempotencyKey"];
/** Where a run names the one whose place it took under its key. */
const REPLACES = "replacesScheduledRun";
/** More runs than one key has had since a scheduled run was made. */
const MOST = 10_000;

/** What is followed: a run that started, by its id; a scheduled run with its key; or one by its id, which has to wait still. */
export function read(operation, scheduled) {
  return reading(operation, "scheduled", () => readable(operation, scheduled));
}

function readable(operation, scheduled) {
  if (typeof scheduled === "string") return { id: scheduled };
  if (typeof scheduled?.externalId === "string") return { runId: scheduled.externalId };
  if (typeof scheduled?.metadata?.id !== "string" || typeof scheduled.metadata.createdAt !== "string") {
    refuse(operation, "scheduled", "expected a scheduled run as a call gave it, its id while it waits, or what trigger answered");
  }
  const { metadata, triggerAt, additionalMetadata, workflowId, workflowName } = scheduled;
  const key = KEYS.find((key) => typeof additionalMetadata?.[key] === "string");
  if (!key) {
    refuse(
      operation,
      "scheduled.additionalMetadata",
      "holds no key by which the run that it becomes could be found, and the server keeps no link between them; create runs that are to be followed with traceable: true, or with an idempotencyKey",
    );
  }
  const thread = { key: { [key]: additionalMetadata[key] }, replaces: additionalMetadata[REPLACES], since: metadata.createdAt };
  return { id: metadata.id, triggerAt, workflowId, workflowName, thread };
}

/**
 * The run that a scheduled run became, if any shows: the first with its key since it was made. One that took its place under the
 * key names it, and is another.
 */
export async function runOf(client, { workflowId, thread }, options) {
  const runs = await client.runs({ since: thread.since, additionalMetadata: thread.key, limit: MOST }, options);
  const own = runs.filter((run) => {
    const isOfWorkflow = !workflowId || !run.workflowId || run.workflowId === workflowId;
    return isOfWorkflow && run.additionalMetadata?.[REPLACES] === thread.replaces;
  });
  return own.reduce((first, run) => (first && Date.parse(first.createdAt) <= Date.parse(run.createdAt) ? first : run), undefined);
}
