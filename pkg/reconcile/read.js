import { ValidationError } from "hatchet-scheduled";
import { describe, isRecord } from "../js/values.js";

const SCOPE = ["workflowName", "additionalMetadata", "all"];
/** As many as a bulk call takes; an iterable may have no end. */
const MOST = 4_000_000;

/** A copy of the options, as far as they are no concern of the bulk calls. */
export function readOptions(client, options = {}) {
  return reading("options", () => {
    if (typeof client?.bulkCreate !== "function") refuse("client", "expected a ScheduledClient");
    if (!isRecord(options)) refuse("options", "expected an object");
    const copy = { ...options };
    if (copy.onProgress !== undefined && typeof copy.onProgress !== "function") refuse("options.onProgress", "expected a function");
    return copy;
  });
}

/** Which runs belong to the set, as a filter of listings. */
export function readScope(scope) {
  return reading("options.scope", () => filterOf(scope));
}

function filterOf(scope) {
  const path = "options.scope";
  if (typeof scope !== "object" || scope === null) refuse(path, "is missing: say which runs belong to the set");
  const unknown = Object.keys(scope).find((key) => !SCOPE.includes(key));
  if (unknown) refuse(`${path}.${unknown}`, `unknown key: known keys are ${SCOPE.join(", ")}`);
  const { workflowName, additionalMetadata = {}, all } = scope;
  if (!isRecord(additionalMetadata)) refuse(`${path}.additionalMetadata`, "expected an object");
  const isNarrowed = workflowName !== undefined || Object.keys(additionalMetadata).length > 0;
  if (all !== undefined && all !== true) refuse(`${path}.all`, "must be true, or be left out");
  if (all && isNarrowed) refuse(path, "says all, and less than that; give one of them");
  if (!all && !isNarrowed) {
    refuse(
      path,
      "holds no condition: keyed runs in scope that are not wanted are deleted, so say which belong to the set, by workflowName or additionalMetadata, or all: true for every run with a key",
    );
  }
  return all ? {} : { ...(workflowName !== undefined && { workflowName }), additionalMetadata: { ...additionalMetadata } };
}

/** The wanted runs with the scope's metadata, and what they are on the wire. Nothing is sent for it. */
export async function readWanted(client, wanted, { workflowName, additionalMetadata = {} }, allowEmpty, request) {
  const isIterable = reading("wanted", () => typeof wanted === "object" && typeof wanted?.[Symbol.iterator] === "function");
  if (!isIterable) refuse("wanted", "expected an array or another iterable");
  const given = [];
  const items = reading("wanted", () => {
    for (const item of wanted) if (given.push(item) > MOST) refuse("wanted", `has more than ${MOST} items, if it ends at all`);
    return given.map((item, place) => reading(`wanted[${place}]`, () => read(item, `wanted[${place}]`, workflowName, additionalMetadata)));
  });
  if (items.length === 0 && !allowEmpty) {
    refuse("wanted", "is empty, which deletes every run in scope that has a key; if that is meant, say allowEmpty: true");
  }
  const { planned = [] } = await client.bulkCreate(items, { ...request, dryRun: true }).catch(told);
  const places = new Map();
  planned.forEach((run, place) => {
    const name = nameOf(run);
    if (places.has(name)) refuse(`wanted[${place}].idempotencyKey`, `is also that of wanted[${places.get(name)}]; give each run its own`);
    places.set(name, place);
  });
  return { given, items, planned };
}

function read(item, path, workflowName, metadata) {
  if (typeof item !== "object" || item === null) refuse(path, "expected an object");
  if (item.idempotencyKey === undefined) {
    refuse(`${path}.idempotencyKey`, "is missing: it is what a wanted run is known by; give each one its own");
  }
  if (item.triggerAt?.in !== undefined) {
    refuse(`${path}.triggerAt`, "is a delay, which means another time at each call, so that each would move the run; give the time itself");
  }
  if (item.onExisting !== undefined) refuse(`${path}.onExisting`, "is said by what is wanted; leave it out");
  if (workflowName !== undefined && item.workflowName !== workflowName) refuse(`${path}.workflowName`, "is not the scope's workflow");
  for (const [key, value] of Object.entries(metadata)) {
    const own = item.additionalMetadata?.[key];
    if (own !== undefined && own !== value) refuse(`${path}.additionalMetadata[${JSON.stringify(key)}]`, "is not the scope's");
  }
  return { ...item, additionalMetadata: { ...item.additionalMetadata, ...metadata }, onExisting: "replace" };
}

/** Which run it is: its workflow and its key, as the metadata holds it. */
export function nameOf({ workflowName, additionalMetadata }) {
  return JSON.stringify([workflowName, additionalMetadata.idempotencyKey]);
}

/** What was refused, by the names of this call. */
function told(error) {
  if (!(error instanceof ValidationError)) throw error;
  const rename = (text = "") => text.replace(/^bulkCreate: /, "reconcile: ").replace(/\bruns(?=\[|$|:)/, "wanted");
  throw new ValidationError(rename(error.message), { operation: "reconcile", path: rename(error.path), cause: error });
}

/** What `read` gives; what cannot be read, such as a getter that throws, is refused by its path. */
function reading(path, read) {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof ValidationError) throw thrown;
    return refuse(path, `reading it failed: ${describe(thrown)}`);
  }
}

function refuse(path, reason) {
  throw new ValidationError(`reconcile: ${path}: ${reason}`, { operation: "reconcile", path });
}
