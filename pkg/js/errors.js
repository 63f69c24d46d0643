/** Sets properties that logs and JSON leave out. */
function hide(target, properties) {
  for (const [name, value] of Object.entries(properties)) {
    Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
  }
}

function show(target, details, names) {
  for (const name of names) if (details[name] !== undefined) target[name] = details[name];
}

/** Names on prototypes, as the built-in errors have them: right after minification too, and absent from logs. */
function define(constructor, name, code) {
  hide(constructor.prototype, { name });
  constructor.code = code;
}

export class HatchetError extends Error {
  constructor(message, details = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    // Old engines ignore the second argument of Error.
    if ("cause" in details && !("cause" in this)) hide(this, { cause: details.cause });
    this.code = details.code ?? new.target.code;
    show(this, details, ["operation", "attempts"]);
    this.retryable = details.retryable ?? false;
  }

  toJSON() {
    return { name: this.name, message: this.message, ...this };
  }
}

export class ValidationError extends HatchetError {
  constructor(message, details = {}) {
    super(message, details);
    show(this, details, ["path"]);
  }
}

export class ApiError extends HatchetError {
  constructor(message, details = {}) {
    super(message, details);
    this.status = details.status ?? 0;
    this.errors = details.errors ?? [];
    hide(this, { body: details.body ?? null, headers: details.headers ?? {} });
  }
}

export class BadRequestError extends ApiError {}
export class PermissionDeniedError extends ApiError {}
export class NotFoundError extends ApiError {}

export class RateLimitError extends ApiError {
  constructor(message, details = {}) {
    super(message, details);
    show(this, details, ["retryAfterMs"]);
  }
}

export class ServerError extends ApiError {}
export class ConnectionError extends HatchetError {}

export class TimeoutError extends HatchetError {
  constructor(message, details = {}) {
    super(message, details);
    this.timeoutMs = details.timeoutMs ?? 0;
  }
}

export class DecodeError extends HatchetError {
  constructor(message, details = {}) {
    super(message, details);
    show(this, details, ["path"]);
  }
}

export class BulkInterruptedError extends HatchetError {
  constructor(message, details = {}) {
    super(message, details);
    this.done = details.done ?? null;
    this.unknown = details.unknown ?? [];
    this.rest = details.rest ?? [];
  }
}

define(HatchetError, "HatchetError", "hatchet-error");
define(ValidationError, "ValidationError", "validation");
define(ApiError, "ApiError", "api-error");
define(BadRequestError, "BadRequestError", "bad-request");
define(PermissionDeniedError, "PermissionDeniedError", "permission-denied");
define(NotFoundError, "NotFoundError", "not-found");
define(RateLimitError, "RateLimitError", "rate-limited");
define(ServerError, "ServerError", "server-error");
define(ConnectionError, "ConnectionError", "connection");
define(TimeoutError, "TimeoutError", "timeout");
define(DecodeError, "DecodeError", "decode");
define(BulkInterruptedError, "BulkInterruptedError", "bulk-interrupted");

const CLASSES = [
  ValidationError,
  ApiError,
  BadRequestError,
  PermissionDeniedError,
  NotFoundError,
  RateLimitError,
  ServerError,
  ConnectionError,
  TimeoutError,
  DecodeError,
  BulkInterruptedError,
];

/** The caller ended the call: seen in events only, as a call rejects with the signal's own reason. */
export class Aborted extends Error {
  constructor() {
    super("The call was aborted");
  }
}

hide(Aborted.prototype, { name: "AbortError" });

/** How the WebAssembly says what went wrong: as JSON text, and the cause apart. A code without a class of its own is a HatchetError. */
export function createError(text, cause) {
  const { code, message, caused, restPlaces, ...details } = JSON.parse(text);
  if (code === "aborted") return new Aborted();
  const Class = CLASSES.find((candidate) => candidate.code === code) ?? HatchetError;
  if (caused) details.cause = cause;
  return new Class(message, { rest: restPlaces, ...details, code });
}

/** Says that a key is not known, and which one was probably meant. */
export function unknownKey(key, known) {
  const meant = closest(key, known);
  return `unknown key ${JSON.stringify(key)}: ${meant ? `did you mean "${meant}"?` : `known keys are ${known.join(", ")}`}`;
}

function closest(word, candidates) {
  const folded = word.toLowerCase();
  const limit = Math.max(2, Math.floor(word.length / 3));
  let best;
  for (const candidate of candidates) {
    const distance = editDistance(folded, candidate.toLowerCase());
    const near = distance <= limit && distance < candidate.length;
    const begun = word.length > 2 && candidate.toLowerCase().startsWith(folded);
    if ((near || begun) && distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** Levenshtein. The word may come from anywhere, so its length is bounded. */
function editDistance(a, b) {
  if (a.length > 64) return Infinity;
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substituted = previous[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substituted, previous[column] + 1, current[column - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}
