import { percentDecoded, same } from "../js/values.js";
import { nameOf } from "./read.js";

const REPLACES = "replacesScheduledRun";
/** Metadata that says how a run was made, not what it is. */
const BOOKKEEPING = ["scheduledTraceKey", REPLACES, "traceparent", "tracestate"];
/** What the server gives a run without a priority. */
const DEFAULT_PRIORITY = 1;

/**
 * What is to be done so that the runs that were found are as wanted, in the order in which nothing is missing meanwhile. `planned`
 * is what the wanted runs are on the wire, `now` the time on the server in milliseconds. Pure.
 */
export function plan(planned, found, now) {
  const keyed = new Map();
  for (const run of found) {
    if (typeof run.additionalMetadata?.idempotencyKey !== "string") continue;
    const name = nameOf(run);
    if (keyed.has(name)) keyed.get(name).push(run);
    else keyed.set(name, [run]);
  }
  const [makes, moves, deletes, passed] = [[], [], [], []];
  let unchanged = 0;
  planned.forEach((wanted, index) => {
    const name = nameOf(wanted);
    const [run, ...rivals] = inOrder(keyed.get(name) ?? []);
    keyed.delete(name);
    for (const rival of rivals) deletes.push(toDo("delete", rival));
    const { triggerAt } = wanted;
    if (!run) {
      if (Date.parse(triggerAt) <= now) passed.push(index);
      else makes.push({ ...toDo("create", wanted), index });
      return;
    }
    const differs = differences(wanted, run);
    if (differs.length === 0) unchanged++;
    else if (differs.join() === "triggerAt") moves.push({ ...toDo("move", run), index, triggerAt, from: run.triggerAt });
    else makes.push({ ...toDo("replace", run), index, triggerAt, from: run.triggerAt, differs });
  });
  for (const runs of keyed.values()) for (const run of runs) deletes.push(toDo("delete", run));
  return { actions: [...makes, ...moves, ...deletes], unchanged, passed };
}

/** Runs with one key; the first stays: the oldest that no other one replaces. */
function inOrder(runs) {
  const replaced = runs.map((run) => run.additionalMetadata[REPLACES]);
  const rank = (run) => [replaced.includes(run.metadata.id) ? 1 : 0, run.metadata.createdAt, run.metadata.id];
  return [...runs].sort((one, other) => {
    const [a, b] = [rank(one), rank(other)];
    const place = a.findIndex((part, index) => part !== b[index]);
    return place < 0 ? 0 : a[place] < b[place] ? -1 : 1;
  });
}

/** In what a run differs from the wanted one. */
function differences(wanted, run) {
  const pairs = {
    triggerAt: [Date.parse(wanted.triggerAt), Date.parse(run.triggerAt)],
    input: [wanted.input ?? {}, run.input ?? {}],
    additionalMetadata: [described(wanted), described(run)],
    priority: [wanted.priority ?? DEFAULT_PRIORITY, run.priority ?? DEFAULT_PRIORITY],
  };
  return Object.keys(pairs).filter((key) => !same(...pairs[key]));
}

function described({ additionalMetadata }) {
  return Object.fromEntries(Object.entries(additionalMetadata).filter(([key]) => !BOOKKEEPING.includes(key)));
}

/** Something to do with a run. The server would refuse to delete one that was made in code. */
function toDo(action, { metadata, method, workflowName, triggerAt, additionalMetadata }) {
  const idempotencyKey = percentDecoded(additionalMetadata.idempotencyKey);
  const todo = { action, outcome: "planned", idempotencyKey, workflowName, triggerAt };
  if (metadata) todo.id = metadata.id;
  if ((action === "delete" || action === "replace") && method !== "API") {
    todo.outcome = "failed";
    todo.error = "the run was made in code (method DEFAULT), and the server deletes only runs that were made through the API";
  }
  return todo;
}
