/** The official client's types and ours tell of the same rows, wherever a field is in both. */
import type { ScheduledClient, ScheduledWorkflows, ScheduledWorkflowsList } from "hatchet-scheduled";
import type * as Official from "./package/clients/rest/generated/data-contracts.js";

/**
 * Where the two differ: enumerations of theirs are plain words here, and no string is assignable to an enumeration; and
 * the metadata of a run that was given none is `null` on the wire, which their types leave out.
 */
type Different = "method" | "workflowRunStatus" | "additionalMetadata";

declare const theirs: Official.ScheduledWorkflows;
declare const ours: ScheduledWorkflows;

theirs satisfies ScheduledWorkflows;
ours satisfies Omit<Official.ScheduledWorkflows, Different>;
ours.additionalMetadata satisfies Official.ScheduledWorkflows["additionalMetadata"] | null;
`${theirs.method}` satisfies ScheduledWorkflows["method"];

declare const page: ScheduledWorkflowsList;
page.pagination satisfies Official.PaginationResponse;

/** What scripts of the official client pass compiles as it is. */
export async function officialCalls(client: ScheduledClient): Promise<void> {
  const run = await client.create("simple", { triggerAt: new Date(), input: { a: 1 }, additionalMetadata: { team: "a" } });
  await client.update(run.metadata.id, { triggerAt: new Date() });
  await client.update(theirs, { triggerAt: new Date() });
  await client.get(theirs);
  await client.list({ limit: 10, offset: 0, statuses: ["SCHEDULED"], workflowId: run.workflowId });
  await client.delete(theirs);
}
