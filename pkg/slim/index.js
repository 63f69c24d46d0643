import { compileBy, open } from "facade";
import { moduleOf } from "./module.js";

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
  ScheduledClient,
  ServerError,
  TimeoutError,
  ValidationError,
} from "facade";

/** Before it returns: calls wait from then on. */
export async function initialize(source) {
  compileBy(() => moduleOf(source));
  await open();
}
