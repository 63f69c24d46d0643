/** All of the client but where its WebAssembly comes from, in a module that the entries share. */
export { ScheduledClient } from "./client.js";
export {
  ApiError,
  BadRequestError,
  BulkInterruptedError,
  ConnectionError,
  DecodeError,
  HatchetError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  ServerError,
  TimeoutError,
  ValidationError,
} from "./errors.js";
export { compileBy } from "./load.js";
export { open } from "./runtime.js";
