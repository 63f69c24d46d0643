import { narrow } from "./narrow.js";
import { Refusal } from "./refusal.js";

const PAGE = 5_000;
const DEFAULT_LIMIT = 50;

/** A page of the runs that the caller may see, as if there were no others. */
export async function listPage(context, query) {
  const { scope, limits, client, options } = context;
  const { offset = 0, limit = DEFAULT_LIMIT, ...filter } = query;
  if (limit > limits.listRuns) throw new Refusal(400, `At most ${limits.listRuns} runs are listed at once.`, { field: "limit" });
  const narrowed = await narrow(context, filter);
  if (narrowed.length === 1) {
    const { rows, pagination } = await client.list({ ...narrowed[0], offset, limit }, options);
    return { rows: rows.filter((run) => scope.hasRun(run)).map((run) => scope.shown(run)), pagination };
  }
  const runs = await merged(context, narrowed, filter);
  const pages = Math.ceil(runs.length / limit);
  const page = Math.floor(offset / limit) + 1;
  return {
    rows: runs.slice(offset, offset + limit).map((run) => scope.shown(run)),
    pagination: { current_page: page, next_page: Math.min(page + 1, Math.max(pages, 1)), num_pages: pages },
  };
}

/** Every run that the caller may see and that passes the filter. */
export async function listAll(context, filter) {
  return merged(context, await narrow(context, filter), filter);
}

/** The runs of several queries in the one order that they share. */
async function merged({ client, scope, options }, queries, { orderByField = "triggerAt", orderByDirection = "DESC" }) {
  const time = orderByField === "createdAt" ? (run) => run.metadata.createdAt : (run) => run.triggerAt;
  const runs = [];
  for (const query of queries) {
    for await (const run of client.iterate({ ...query, orderByField, orderByDirection, pageSize: PAGE }, options)) {
      if (scope.hasRun(run)) runs.push({ run, at: Date.parse(time(run)) });
    }
  }
  const sign = orderByDirection === "ASC" ? 1 : -1;
  runs.sort((one, other) => sign * (one.at - other.at) || (one.run.metadata.id < other.run.metadata.id ? -1 : 1));
  return runs.map(({ run }) => run);
}
