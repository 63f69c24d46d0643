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

/** How the WebAssembly says what went wrong. A code without a class of its own is a HatchetError. */
export function createError({ code, message, restPlaces, ...details }, cause, caused) {
  if (code === "aborted") return new Aborted();
  const Class = CLASSES.find((candidate) => candidate.code === code) ?? HatchetError;
  if (caused) details.cause = cause;
  return new Class(message, { ...details, rest: restPlaces ?? details.rest, code });
}
