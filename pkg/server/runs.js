import { narrow } from "./narrow.js";
import { runsQuery } from "./query.js";
import { notFound, Refusal } from "./refusal.js";

/**
 * A page of the runs that started and that the caller may see, the newest first, as if there were no others. Each is read from the
 * start: Hatchet pages runs by offset alone, and of several queries, or where metadata is compared here, an offset is nobody's but
 * ours. `limits.listRuns` bounds what that comes to.
 */
export async function runsPage(context, parameters) {
  const { client, limits, scope, options } = context;
  const { offset, limit, filter } = runsQuery(parameters);
  if (limit < 1) throw new Refusal(400, "It has to be at least 1.", { field: "limit" });
  if (offset + limit > limits.listRuns) throw new Refusal(400, `At most the newest ${limits.listRuns} runs are listed.`, { field: "limit" });
  const runs = [];
  // One more than is asked for says whether there is a next page.
  for (const query of await narrow(context, filter)) runs.push(...(await client.runs({ ...query, limit: offset + limit + 1 }, options)));
  const at = (run) => Date.parse(run.createdAt);
  runs.sort((one, other) => at(other) - at(one) || (one.metadata.id < other.metadata.id ? -1 : 1));
  const page = Math.floor(offset / limit) + 1;
  const rows = runs.slice(offset, offset + limit).map((run) => scope.shown(run));
  const last = runs.length > offset + limit ? page + 1 : page;
  return { rows, pagination: { current_page: page, next_page: last, num_pages: last } };
}

/** A run that started and that the caller may see, as Hatchet tells its details. */
export async function runDetails(context, id) {
  const run = await context.client.run(id, context.options);
  const workflowName = run.workflowName ?? (await context.workflows.nameOf(run.workflowId, context.options));
  if (workflowName === undefined || !context.scope.hasRun({ ...run, workflowName })) throw notFound("run");
  return { run: context.scope.shown(run), taskEvents: [], shape: [], tasks: [] };
}
