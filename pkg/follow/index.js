import { BatchIterator } from "../js/stream.js";
import { checkClient, checkInterval, reading, refuse } from "./options.js";
import { Walk } from "./walk.js";

export { startedBy } from "./walk.js";

export function follow(client, scheduled, options) {
  const end = new AbortController();
  const abort = () => end.abort();
  let signal;
  // Read at once, though a refusal is told by the first `next()`.
  const walk = (async () => {
    checkClient("follow", client);
    const { intervalMs, ...request } = readOptions(options);
    const interval = checkInterval(intervalMs);
    ({ signal } = request);
    reading("follow", "options.signal", () => {
      if (signal?.aborted) abort();
      else signal?.addEventListener("abort", abort);
    });
    return new Walk(client, scheduled, { ...request, signal: end.signal }, interval);
  })();
  walk.catch(() => {});
  return new BatchIterator({
    async next() {
      try {
        const state = await (await walk).next();
        return state && [state];
      } catch (error) {
        // An abort is how it ends.
        if (end.signal.aborted) return undefined;
        throw error;
      }
    },
    stop() {
      abort();
      try {
        signal?.removeEventListener("abort", abort);
      } catch {
        // A signal that cannot forget its listener finds nothing to end.
      }
    },
  });
}

function readOptions(options = {}) {
  if (typeof options !== "object" || options === null) refuse("follow", "options", "expected an object");
  return reading("follow", "options", () => ({ ...options }));
}
