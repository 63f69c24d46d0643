import { Refusal } from "./refusal.js";

const LIST = {
  offset: whole,
  limit: whole,
  orderByField: text,
  orderByDirection: text,
  workflowId: text,
  parentWorkflowRunId: text,
  parentStepRunId: text,
  statuses: texts,
  additionalMetadata: pairs,
};
const RUNS = {
  since: text,
  until: text,
  only_tasks: flag,
  workflow_ids: text,
  statuses: texts,
  additional_metadata: pairs,
  additional_metadata_operator: text,
  include_payloads: flag,
  offset: whole,
  limit: whole,
};
const WORKFLOWS = { name: text, limit: whole, offset: whole };

/** The query of a listing, as the client takes it, which checks the rest of it. */
export const listQuery = (parameters) => read(parameters, LIST);

/** The query for runs that started. */
export function runsQuery(parameters) {
  const { since, until, workflow_ids: workflowId, statuses, additional_metadata: additionalMetadata = {}, include_payloads: includePayloads = false, ...others } = read(parameters, RUNS);
  if (since === undefined) throw new Refusal(400, "It has to be said.", { field: "since" });
  if (others.only_tasks) throw new Refusal(400, "Runs are listed here, and not their tasks: say false.", { field: "only_tasks" });
  const { additional_metadata_operator: operator = "OR" } = others;
  if (operator !== "AND" && (operator !== "OR" || Object.keys(additionalMetadata).length > 1)) {
    throw new Refusal(400, "Of several, all have to hold here: say AND.", { field: "additional_metadata_operator" });
  }
  const { offset = 0, limit = 50 } = others;
  return { offset, limit, filter: { since, until, workflowId, statuses, additionalMetadata, includePayloads } };
}

/** The query for workflows. */
export const workflowsQuery = (parameters) => read(parameters, WORKFLOWS);

function read(parameters, readers) {
  const query = {};
  for (const key of new Set(parameters.keys())) {
    if (!Object.hasOwn(readers, key)) throw new Refusal(400, `Unknown parameter: known ones are ${Object.keys(readers).join(", ")}.`, { field: key });
    query[key] = readers[key](parameters.getAll(key), key);
  }
  return query;
}

function text(values, key) {
  if (values.length > 1) throw new Refusal(400, "It may be given once.", { field: key });
  return values[0];
}

function whole(values, key) {
  const value = text(values, key);
  if (!/^\d{1,9}$/.test(value)) throw new Refusal(400, "It has to be a whole number from 0 up.", { field: key });
  return Number(value);
}

function flag(values, key) {
  const value = text(values, key);
  if (value !== "true" && value !== "false") throw new Refusal(400, "It has to be true or false.", { field: key });
  return value === "true";
}

function texts(values) {
  return values;
}

/** As Hatchet reads them: split at the first colon. */
function pairs(values, key) {
  const metadata = {};
  for (const value of values) {
    const colon = value.indexOf(":");
    if (colon < 1) throw new Refusal(400, "It has to be a key and a value, joined by a colon.", { field: key });
    const name = value.slice(0, colon);
    if (Object.hasOwn(metadata, name)) throw new Refusal(400, `Of the key ${JSON.stringify(name)} there may be one value.`, { field: key });
    Object.defineProperty(metadata, name, { value: value.slice(colon + 1), enumerable: true, configurable: true, writable: true });
  }
  return metadata;
}
