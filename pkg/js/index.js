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
