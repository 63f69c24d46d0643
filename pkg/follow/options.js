import { ValidationError } from "hatchet-scheduled";

const DEFAULT_INTERVAL = 5_000;
/** The longest that a timer takes. */
const LONGEST = 2 ** 31 - 1;

/** How long to wait between two looks at most. */
export function checkInterval(intervalMs = DEFAULT_INTERVAL) {
  if (typeof intervalMs !== "number" || !(intervalMs > 0 && intervalMs <= LONGEST)) {
    refuse("follow", "options.intervalMs", `must be a number of milliseconds, above 0 and at most ${LONGEST}`);
  }
  return intervalMs;
}

export function refuse(operation, path, reason) {
  throw new ValidationError(`${operation}: ${path}: ${reason}`, { operation, path });
}
