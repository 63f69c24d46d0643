import { describe, expected, isObject, kind, members, part, refuse, tag } from "./reading.js";

/** Far more than people write, and less than the readers of answers take. */
const DEEPEST = 100;

/** The largest integer up to which a double holds every integer. */
export const LARGEST_INTEGER = 2 ** 53;

/** Built-in objects that JSON.stringify would write as `{}`, or as something that reads back differently. */
const WITHOUT_FORM =
  /^(Map|Set|WeakMap|WeakSet|WeakRef|Promise|RegExp|Error|ArrayBuffer|SharedArrayBuffer|DataView|Number|String|Boolean|BigInt|Symbol|Generator|AsyncGenerator|Window|Function|AsyncFunction)$|Array$/;

/** A JSON object, such as a run's input. */
export function jsonObject(value, call) {
  const text = jsonValue(value, call);
  return text.startsWith("{") ? text : expected("an object", value);
}

/** Any value that has a JSON form. */
export function jsonValue(value, call) {
  return json(value, call) ?? expected("a JSON value", value);
}

/**
 * Any value as JSON text, without a silent change: what JSON.stringify would drop or turn into null is refused.
 * Undefined has none, which an object's property may be.
 */
function json(value, call) {
  switch (typeof value) {
    case "undefined":
      return undefined;
    case "string":
    case "boolean":
      return JSON.stringify(value);
    case "number":
      return number(value);
    case "bigint":
      if (value >= -LARGEST_INTEGER && value <= LARGEST_INTEGER) return String(value);
      return refuse("a BigInt beyond 2^53: the server would change it, as it keeps numbers as 64-bit floats; send it as a string");
    case "object":
      return value === null ? "null" : within(value, call);
    default:
      return refuse(`${kind(value)} cannot be sent as JSON`);
  }
}

function number(value) {
  if (!Number.isFinite(value)) return refuse(`${value} cannot be sent as JSON; use null or leave it out`);
  // Digits alone would claim to be exact, and be refused for that.
  return Number.isInteger(value) && Math.abs(value) > LARGEST_INTEGER ? value.toExponential() : JSON.stringify(value);
}

function within(object, call) {
  const { parents } = call;
  if (parents.length === DEEPEST) return refuse(`is nested more than ${DEEPEST} levels deep`);
  if (parents.includes(object)) return refuse("refers back to an object that holds it, so it has no JSON form");
  parents.push(object);
  const written = replaced(object, call);
  // As JSON.stringify does, toJSON is asked once: an object it gives is written as it is.
  const text = isObject(written) ? composite(written, call) : json(written, call);
  parents.pop();
  return text;
}

/** What an object wants to be written as. */
function replaced(object, call) {
  const { toJSON } = object;
  if (typeof toJSON !== "function") return object;
  if (tag(object) === "Date" && isNaN(object)) return refuse("is an invalid Date");
  try {
    return toJSON.call(object, String(call.path.at(-1)));
  } catch (thrown) {
    return refuse(`its toJSON() failed: ${describe(thrown)}`);
  }
}

function composite(object, call) {
  if (Array.isArray(object)) return list(object, call);
  if (WITHOUT_FORM.test(tag(object))) return refuse(`${kind(object)} cannot be sent as JSON; make it a plain object or array first`);
  return members(call, Object.keys(object), (key) => json(object[key], call));
}

function list(array, call) {
  const read = (index) => json(array[index], call) ?? refuse("undefined in an array cannot be sent as JSON; use null");
  const texts = [];
  // A sparse array may claim any length: it is refused at its first hole.
  for (let index = 0; index < array.length; index++) texts.push(part(call, index, read));
  return `[${texts.join()}]`;
}
