import { BatchIterator } from "../js/stream.js";
import { checkInterval } from "./options.js";
import { Walk } from "./walk.js";

export { startedBy } from "./walk.js";

export function follow(client, scheduled, options = {}) {
  const { signal, intervalMs, ...request } = options;
  const end = new AbortController();
  const abort = () => end.abort();
  // Read at once, though a refusal is told by the first `next()`.
  const walk = (async () => {
    const interval = checkInterval(intervalMs);
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort);
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
      signal?.removeEventListener("abort", abort);
      abort();
    },
  });
}
