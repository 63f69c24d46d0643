import { expected, refuse, shown } from "./reading.js";
import { describe, isObject, kind, tag } from "./values.js";

/** Far more than people write. */
const DEEPEST = 100;

/** How many values and characters are looked at, at most: the 4 MiB of the largest input, and the rest of a run. */
const ROOM = 4 * 1024 * 1024 + 64 * 1024;

/** Built-in objects that JSON.stringify would write as `{}`, or as something that reads back differently. */
const WITHOUT_FORM =
  /^(Map|Set|WeakMap|WeakSet|WeakRef|Promise|RegExp|Error|ArrayBuffer|SharedArrayBuffer|DataView|Number|String|Boolean|BigInt|Symbol|Generator|AsyncGenerator|Window|Function|AsyncFunction)$|Array$/;

const HALF_A_CHARACTER = /\p{Surrogate}/u;

/**
 * An object, such as a run's input, that JSON.stringify writes without a silent change: what it would drop or turn into
 * null is refused. It is the same object, unless `copied`, but for what `toJSON` gives. Its texts are looked at later, in
 * what is written.
 */
export function jsonObject(value, call, copied) {
  if (!copied && isObject(value) && !Array.isArray(value) && seemsPlain(value)) return value;
  const { path } = call;
  const walk = { path, parents: [], copied, room: ROOM, steps: path.length };
  const written = json(value, walk);
  return isObject(written) && !Array.isArray(written) ? written : expected("an object", value);
}

/** Whether there is nothing to refuse and nothing to replace, which is nearly always so. */
function seemsPlain(value) {
  try {
    return isPlain(value, 0, { room: ROOM });
  } catch {
    // What cannot be read is told with its place.
    return false;
  }
}

function isPlain(value, depth, walk) {
  if (--walk.room < 0) return false;
  switch (typeof value) {
    case "string":
      return (walk.room -= value.length) >= 0;
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value);
    case "object":
      return value === null || (depth < DEEPEST && isPlainWithin(value, depth + 1, walk));
    default:
      return false;
  }
}

function isPlainWithin(object, depth, walk) {
  if (typeof object.toJSON === "function") return false;
  if (Array.isArray(object)) {
    for (let index = 0; index < object.length; index++) if (!isPlain(object[index], depth, walk)) return false;
    return true;
  }
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value !== undefined && !isPlain(value, depth, walk)) return false;
  }
  return true;
}

/**
 * What is wrong with a text in a value, with the path to it: half a character, which the server would change, or a NUL
 * character, which it cannot store. Asked for where the written form looks like it.
 */
export function flawInText(value) {
  const path = [];
  const reason = flaw(value, path);
  return reason && [shown(path), reason];
}

function flaw(value, path) {
  if (typeof value === "string") return flawOf(value);
  // As it was written: what toJSON gives has been put in the place of what has it.
  if (!isObject(value)) return undefined;
  for (const key of Object.keys(value)) {
    path.push(Array.isArray(value) ? Number(key) : key);
    const found = flawOf(key) ?? flaw(value[key], path);
    if (found) return found;
    path.pop();
  }
  return undefined;
}

function flawOf(text) {
  if (text.includes("\0")) return "holds a NUL character, which the server cannot store; remove it";
  const whole = text.isWellFormed?.() ?? !HALF_A_CHARACTER.test(text);
  return whole ? undefined : "holds half a character (a lone surrogate), which the server would change";
}

function json(value, walk) {
  // What is shared counts as often as it would be written.
  if ((walk.room -= typeof value === "string" ? value.length : 1) < 0) {
    walk.path.length = walk.steps;
    refuse("is over 4 MiB of JSON; store the data elsewhere and pass a reference");
  }
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? value : refuse(`${value} cannot be sent as JSON; use null or leave it out`);
    case "string":
    case "boolean":
    case "undefined":
      return value;
    case "object":
      return value === null ? null : within(value, walk);
    case "bigint":
      return refuse("a BigInt cannot be sent as JSON; send it as a string, as beyond 2^53 the server would change it");
    default:
      return refuse(`${kind(value)} cannot be sent as JSON`);
  }
}

function within(object, walk) {
  const { parents } = walk;
  if (parents.length === DEEPEST) return refuse(`is nested more than ${DEEPEST} levels deep`);
  if (parents.includes(object)) return refuse("refers back to an object that holds it, so it has no JSON form");
  parents.push(object);
  const written = typeof object.toJSON === "function" ? replaced(object, walk) : object;
  const checked = isObject(written) ? composite(written, walk) : json(written, walk);
  parents.pop();
  return checked;
}

/** What an object wants to be written as. */
function replaced(object, walk) {
  if (tag(object) === "Date" && isNaN(object)) return refuse("is an invalid Date");
  try {
    return object.toJSON(String(walk.path.at(-1)));
  } catch (thrown) {
    return refuse(`its toJSON() failed: ${describe(thrown)}`);
  }
}

function composite(object, walk) {
  if (Array.isArray(object)) return list(object, walk);
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null && WITHOUT_FORM.test(tag(object))) {
    return refuse(`${kind(object)} cannot be sent as JSON; make it a plain object or array first`);
  }
  const { path } = walk;
  let copy = walk.copied ? {} : undefined;
  for (const key of Object.keys(object)) {
    path.push(key);
    const value = object[key];
    const checked = json(value, walk);
    if (checked !== value) copy ??= { ...object };
    // Assigning to this key would set the prototype.
    if (copy && key === "__proto__") Object.defineProperty(copy, key, { value: checked, enumerable: true, configurable: true, writable: true });
    else if (copy) copy[key] = checked;
    path.pop();
  }
  return copy ?? object;
}

function list(array, walk) {
  const { path } = walk;
  let copy = walk.copied ? [] : undefined;
  // A sparse array may claim any length: it is refused at its first hole.
  for (let index = 0; index < array.length; index++) {
    path.push(index);
    const value = array[index];
    const checked = json(value, walk);
    if (checked === undefined) refuse("undefined in an array cannot be sent as JSON; use null");
    if (checked !== value) copy ??= array.slice();
    if (copy) copy[index] = checked;
    path.pop();
  }
  return copy ?? array;
}
