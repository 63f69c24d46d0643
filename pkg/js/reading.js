import { ValidationError } from "./errors.js";

const NAME = /^[A-Za-z_$][\w$]*$/;

/** Why a value is refused. Where it stands is said by the path of the reading, which stops where the reading does. */
class Refusal {
  constructor(reason) {
    this.reason = reason;
  }
}

export function refuse(reason) {
  throw new Refusal(reason);
}

/** Names the type and never the value, which may be secret. */
export function expected(what, value) {
  return refuse(`expected ${what}, got ${kind(value)}`);
}

/**
 * Reads the values of a call. `read` is given what all readers share, and fills it: the `path` to the value being read,
 * the `parents` of a JSON value, and what a call needs besides the text that readers return.
 */
export function reading(operation, read) {
  const call = { operation, path: [], parents: [], items: [] };
  try {
    call.text = read(call);
    return call;
  } catch (thrown) {
    const reason = thrown instanceof Refusal ? thrown.reason : `reading it failed: ${describe(thrown)}`;
    throw invalid(operation, shown(call.path), reason);
  }
}

/** A refusal, as the WebAssembly words its own. What concerns the client itself has no operation. */
export function invalid(operation, path, reason) {
  return new ValidationError(`${operation ? `${operation}: ` : ""}${path}: ${reason}`, { operation, path });
}

/** What `read` makes of the part of a value that is found by this step, a key or an index. */
export function part(call, step, read) {
  call.path.push(step);
  const text = read(step);
  call.path.pop();
  return text;
}

/** The JSON text of an object with these keys. What `read` leaves undefined is left out. */
export function members(call, keys, read) {
  const texts = [];
  for (const key of keys) {
    const text = part(call, key, read);
    if (text !== undefined) texts.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${texts.join()}}`;
}

export function isObject(value) {
  return typeof value === "object" && value !== null;
}

/** `Object`, `Array`, `Date`, `Map` and the like, whatever realm the value comes from. */
export function tag(value) {
  try {
    return Object.prototype.toString.call(value).slice(8, -1);
  } catch {
    return "Object";
  }
}

/** The type of a value, in words. */
export function kind(value) {
  if (value === undefined || value === null) return String(value);
  const name = isObject(value) ? tag(value).replace(/^(Object|Array)$/, (name) => name.toLowerCase()) : typeof value;
  return `${/^[aeiou]/i.test(name) ? "an" : "a"} ${name}`;
}

/** Text of anything that was thrown. */
export function describe(thrown) {
  let text = thrown;
  try {
    // Node's connection errors may have a code and no message.
    text = thrown.message || thrown.code || thrown;
  } catch {
    // What cannot be looked at is told by its kind.
  }
  return typeof text === "string" ? text : `${kind(thrown)} was thrown`;
}

function shown(path) {
  return path.reduce((before, step) => {
    if (typeof step === "number") return `${before}[${step}]`;
    if (!NAME.test(step)) return `${before}[${JSON.stringify(step)}]`;
    return before ? `${before}.${step}` : step;
  }, "");
}
