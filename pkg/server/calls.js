import { demandNoBody, readJson } from "./body.js";
import { listAll, listPage } from "./listing.js";
import { listQuery, workflowsQuery } from "./query.js";
import { notFound, Refusal } from "./refusal.js";
import { runDetails, runsPage } from "./runs.js";
import { withNamespace } from "./access.js";

/** So many runs are looked up one by one; for more all that are in scope are listed. */
const LOOKED_UP = 20;
const AT_ONCE = 4;
/** As Hatchet says it of an id that it does not know. */
const UNKNOWN = "not found";

/**
 * The calls by operation. Each reads what the request holds into a call of the client's, and answers with what the caller may
 * see. `context` has the client, the scope, the limits, and the options of reads; what writes does not end with its caller.
 */
export const CALLS = {
  async access({ scope: { access } }) {
    return { ...access };
  },

  async workflows(context, { parameters }) {
    const { name, limit, offset = 0 } = workflowsQuery(parameters);
    const all = (await context.workflows.all(context.options, name)).filter((workflow) => context.scope.hasWorkflow(workflow.name));
    const size = Math.max(limit ?? (all.length || 1), 1);
    const pages = Math.ceil(all.length / size);
    const page = Math.floor(offset / size) + 1;
    const pagination = { current_page: page, next_page: Math.min(page + 1, Math.max(pages, 1)), num_pages: pages };
    return { rows: limit === undefined ? all.slice(offset) : all.slice(offset, offset + limit), pagination };
  },

  async workflowVersion({ client, workflows, scope, options }, { id }) {
    const name = await workflows.nameOf(id, options);
    if (name === undefined || !scope.hasWorkflow(name)) throw notFound("workflowVersion");
    const { metadata, version, inputJsonSchema } = await client.workflowVersion(id, options);
    return { metadata, version, ...(inputJsonSchema ? { inputJsonSchema } : {}) };
  },

  async list(context, { parameters }) {
    return listPage(context, listQuery(parameters));
  },

  async get(context, { id }) {
    return context.scope.shown(await find(context, id, context.options));
  },

  async create(context, { workflowName, request }) {
    const { client, scope, limits } = context;
    if (!scope.hasWorkflow(withNamespace(workflowName, scope.namespace))) {
      throw new Refusal(403, "You may not schedule runs of this workflow here.", { field: "workflowName" });
    }
    const { triggerAt, input, additionalMetadata, priority } = await fields(request, limits, ["triggerAt", "input", "additionalMetadata", "priority"]);
    const run = { triggerAt: instant(triggerAt, "triggerAt"), additionalMetadata: scope.metadataOf(additionalMetadata) };
    if (input !== undefined) run.input = input;
    if (priority !== undefined) run.priority = priority;
    return scope.shown(plain(await client.create(workflowName, run)));
  },

  async update(context, { id, request }) {
    const { triggerAt } = await fields(request, context.limits, ["triggerAt"]);
    const change = { triggerAt: instant(triggerAt, "triggerAt") };
    const run = await find(context, id);
    return context.scope.shown(plain(await changing(run, () => context.client.update(run, change))));
  },

  async delete(context, { id, request }) {
    demandNoBody(request);
    const run = await find(context, id);
    await changing(run, () => context.client.delete(run));
    return undefined;
  },

  async trigger(context, { id, request }) {
    demandNoBody(request);
    const run = await find(context, id);
    return context.client.trigger(run);
  },

  async runs(context, { parameters }) {
    return runsPage(context, parameters);
  },

  async run(context, { id }) {
    return runDetails(context, id);
  },

  async pause({ client, workflows, scope, limits }, { id, request }) {
    const { pause } = await fields(request, limits, ["pause"]);
    const how = pauseOf(pause);
    const name = await workflows.nameOf(id);
    if (name === undefined || !scope.hasWorkflow(name)) throw notFound("pause");
    return how ? client.pause(id, how) : (await client.unpause(id)).workflow;
  },

  async bulkDelete(context, { request }) {
    const { scheduledWorkflowRunIds: ids, filter } = await fields(request, context.limits, ["scheduledWorkflowRunIds", "filter"]);
    if ((ids === undefined) === (filter === undefined)) throw new Refusal(400, "Give either scheduledWorkflowRunIds or a filter.");
    const wanted = filter === undefined ? idsOf(ids, context) : within((await listAll(context, bulkFilter(filter))).map((run) => run.metadata.id), context);
    const { inside, errors } = await sift(context, wanted, (id) => id);
    if (inside.length === 0) return { deletedIds: [], errors };
    const done = await context.client.bulkDelete({ scheduledIds: inside });
    return { deletedIds: done.deletedIds, errors: [...done.errors, ...errors] };
  },

  async bulkUpdate(context, { request }) {
    const { updates } = await fields(request, context.limits, ["updates"]);
    const wanted = within(array(updates, "updates"), context).map((update, place) => {
      const { id, triggerAt } = update ?? {};
      if (typeof id !== "string") throw new Refusal(400, "It has to be an id.", { field: `updates[${place}].id` });
      return { id, triggerAt: instant(triggerAt, `updates[${place}].triggerAt`) };
    });
    const { inside, errors } = await sift(context, wanted, ({ id }) => id);
    if (inside.length === 0) return { updatedIds: [], errors };
    const done = await context.client.bulkUpdate(inside);
    return { updatedIds: done.updatedIds, errors: [...done.errors, ...errors] };
  },
};

/** A run that the caller may see. */
async function find({ client, scope }, id, options) {
  const run = await client.get(id, options);
  if (!scope.hasRun(run)) throw notFound();
  return run;
}

/** Parts items into those whose runs the caller may see, and refusals of the others. */
async function sift(context, items, idOf) {
  if (!context.scope.isNarrow) return { inside: items, errors: [] };
  const seen = await visible(context, new Set(items.map((item) => idOf(item).toLowerCase())));
  const isInside = (item) => seen.has(idOf(item).toLowerCase());
  return {
    inside: items.filter(isInside),
    errors: items.filter((item) => !isInside(item)).map((item) => ({ id: idOf(item), error: UNKNOWN })),
  };
}

async function visible(context, ids) {
  if (ids.size > LOOKED_UP) return new Set((await listAll(context, {})).map((run) => run.metadata.id).filter((id) => ids.has(id)));
  const seen = new Set();
  const left = [...ids];
  const look = async () => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      try {
        await find(context, id);
        seen.add(id);
      } catch (error) {
        if (error.status !== 404) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, look));
  return seen;
}

/** Hatchet answers 403 to changes of a run that was made in a workflow's code, as it does to a token that it does not take. */
async function changing(run, change) {
  try {
    return await change();
  } catch (error) {
    if (error.code !== "permission-denied" || run.method === "API") throw error;
    throw new Refusal(403, "This run was made in the workflow's code, and can only be changed there.", { cause: error });
  }
}

/** The members of a body, which may have no others. */
async function fields(request, limits, known) {
  const body = await readJson(request, limits.bodyBytes);
  const unknown = Object.keys(body).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new Refusal(400, `Unknown member: known ones are ${known.join(", ")}.`, { field: unknown });
  return body;
}

/** How a pause is asked for on the wire; `undefined` for its end. */
function pauseOf(pause) {
  const words = { DROP: ["fire-late", "drop"], QUEUE: ["queue", "queue"] };
  const { action, pausedWorkflowScheduledRunQueueBehavior: scheduled, pausedWorkflowCronRunQueueBehavior: crons, pausedWorkflowQueueTTL: ttl } = pause ?? {};
  if (action === "unpause") return undefined;
  if (action !== "pause") throw new Refusal(400, "It has to be pause or unpause.", { field: "pause.action" });
  if (!Object.hasOwn(words, scheduled) || !Object.hasOwn(words, crons) || typeof ttl !== "string") {
    throw new Refusal(400, "Both behaviours have to be DROP or QUEUE, with a time to live.", { field: "pause" });
  }
  return { scheduledRuns: words[scheduled][0], cronRuns: words[crons][1], ttl };
}

function idsOf(ids, context) {
  const list = within(array(ids, "scheduledWorkflowRunIds"), context);
  list.forEach((id, place) => {
    if (typeof id !== "string") throw new Refusal(400, "It has to be an id.", { field: `scheduledWorkflowRunIds[${place}]` });
  });
  return list;
}

function bulkFilter(filter) {
  if (typeof filter !== "object" || filter === null || Array.isArray(filter)) throw new Refusal(400, "It has to be an object.", { field: "filter" });
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(filter)) {
    const isKnown = ["workflowId", "parentWorkflowRunId", "parentStepRunId", "additionalMetadata", "statuses"].includes(key);
    const values = Array.isArray(value) ? value : [value];
    if (!isKnown || !values.every((text) => typeof text === "string")) throw new Refusal(400, "It is no condition.", { field: `filter.${key}` });
    for (const text of values) parameters.append(key, text);
  }
  return listQuery(parameters);
}

function within(items, { scope }) {
  const { maxItems } = scope.access;
  if (items.length > maxItems) throw new Refusal(400, `One call may have ${maxItems} items at most, and this one has ${items.length}.`);
  return items;
}

function array(value, field) {
  if (!Array.isArray(value)) throw new Refusal(400, "It has to be an array.", { field });
  return value;
}

/** Hatchet takes texts alone; the client checks what they say. */
function instant(value, field) {
  if (typeof value !== "string") throw new Refusal(400, "It has to be a time, as ISO 8601 with Z.", { field });
  return value;
}

/** A run without what this client says of its call: the caller's own says so itself. */
function plain({ warnings, ...run }) {
  return run;
}
