/**
 * Runs by the thousand, as the engine's parser made them. The WebAssembly looks at them here, each time in one loop, and is
 * handed what it works with as one text: a line a field, in the order of the rows.
 */

import { isObject } from "./values.js";

const YEAR_ONE = "0001-01-01T00:00:00Z";

/**
 * The places of the rows that are not as Hatchet usually sends them: the WebAssembly reads those with all their fields, and
 * says what is wrong with them, if anything is. The placeholders of the others are set to undefined, as taking them out
 * would slow every later use.
 */
export function unusual(rows) {
  const places = [];
  for (let place = 0; place < rows.length; place++) {
    if (isUsual(rows[place])) tidy(rows[place]);
    else places.push(place);
  }
  return new Uint32Array(places);
}

/** The columns of one row; undefined where it is unusual. */
export function head(row) {
  if (!isUsual(row)) return undefined;
  tidy(row);
  return columns([row]);
}

function tidy(row) {
  if (row.workflowRunName === "") row.workflowRunName = undefined;
  if (row.workflowRunCreatedAt === YEAR_ONE) row.workflowRunCreatedAt = undefined;
}

/** Id and one of the times of each row. */
export function times(rows, field) {
  let text = "";
  if (field === "triggerAt") for (const { metadata, triggerAt } of rows) text += `${metadata.id}\n${triggerAt}\n`;
  else for (const { metadata } of rows) text += `${metadata.id}\n${metadata[field]}\n`;
  return text;
}

/** Id, time, when it was made and changed, and method of each row. */
export function columns(rows) {
  let text = "";
  for (const { metadata, triggerAt, method } of rows) {
    text += `${metadata.id}\n${triggerAt}\n${metadata.createdAt}\n${metadata.updatedAt}\n${method}\n`;
  }
  return text;
}

function isUsual(row) {
  if (!isObject(row) || !isObject(row.metadata)) return false;
  const { metadata, additionalMetadata, priority } = row;
  return (
    typeof metadata.id === "string" &&
    typeof metadata.createdAt === "string" &&
    typeof metadata.updatedAt === "string" &&
    typeof row.triggerAt === "string" &&
    typeof row.method === "string" &&
    typeof row.workflowName === "string" &&
    isText(row.tenantId) &&
    isText(row.workflowId) &&
    isText(row.workflowVersionId) &&
    isText(row.workflowRunId) &&
    isText(row.workflowRunName) &&
    isText(row.workflowRunStatus) &&
    (row.workflowRunCreatedAt === undefined || row.workflowRunCreatedAt === YEAR_ONE) &&
    (priority === undefined || Number.isSafeInteger(priority)) &&
    (additionalMetadata === undefined || additionalMetadata === null || (isObject(additionalMetadata) && !Array.isArray(additionalMetadata)))
  );
}

const isText = (value) => value === undefined || typeof value === "string";

/** The places of the rows whose metadata holds all of these pairs, and of those that are no rows, which are told. */
export function matching(rows, wanted) {
  const places = [];
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place];
    const metadata = Object(row?.additionalMetadata);
    if (!isObject(row) || wanted.every(([key, value]) => Object.hasOwn(metadata, key) && metadata[key] === value)) places.push(place);
  }
  return new Uint32Array(places);
}
