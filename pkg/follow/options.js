import { ValidationError } from "hatchet-scheduled";
import { describe } from "../js/values.js";

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

/** What `read` gives; what cannot be read, such as a getter that throws, is refused by its path. */
export function reading(operation, path, read) {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof ValidationError) throw thrown;
    return refuse(operation, path, `reading it failed: ${describe(thrown)}`);
  }
}

/** Makes sure of what is called first. */
export function checkClient(operation, client) {
  reading(operation, "client", () => {
    if (typeof client?.get !== "function") refuse(operation, "client", "expected a ScheduledClient");
  });
}

export function refuse(operation, path, reason) {
  throw new ValidationError(`${operation}: ${path}: ${reason}`, { operation, path });
}
