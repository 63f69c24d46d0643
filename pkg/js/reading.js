import { ValidationError } from "./errors.js";
import { describe, kind } from "./values.js";

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

/** What `read` makes of values, with a `path` to the one that it is at; it is told when it fails. */
export function reading(operation, call, read) {
  call.path = [];
  try {
    return read();
  } catch (thrown) {
    const reason = thrown instanceof Refusal ? thrown.reason : `reading it failed: ${describe(thrown)}`;
    throw invalid(operation, shown(call.path), reason);
  }
}

/** A refusal, as the WebAssembly words its own. What concerns the client itself has no operation. */
export function invalid(operation, path, reason) {
  return new ValidationError(`${operation ? `${operation}: ` : ""}${path}: ${reason}`, { operation, path });
}

/** A path as it is written in code. */
export function shown(path) {
  return path.reduce((before, step) => {
    if (typeof step === "number") return `${before}[${step}]`;
    if (!NAME.test(step)) return `${before}[${JSON.stringify(step)}]`;
    return before ? `${before}.${step}` : step;
  }, "");
}
