import { compile } from "wasm-module";
import { compileBy, ScheduledClient as Client } from "facade";

// Marked as pure: a bundle of the errors alone has no WebAssembly.
export const ScheduledClient = /* @__PURE__ */ compileBy(compile, Client);
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
} from "facade";
