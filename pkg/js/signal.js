import { invalid } from "./reading.js";
import { describe } from "./values.js";

/** What waits for each signal. One listener serves all, as Node warns of a leak where many calls share a signal. */
const waiting = new WeakMap();

/** Calls `abort` when the signal does; gives a function that forgets it again. */
export function onAbort(signal, operation, abort) {
  let calls = waiting.get(signal);
  try {
    if (!calls) {
      calls = listen(signal);
      waiting.set(signal, calls);
    }
  } catch (thrown) {
    throw invalid(operation, "options.signal", `listening to it failed: ${describe(thrown)}`);
  }
  calls.add(abort);
  return () => {
    calls.delete(abort);
    if (calls.size > 0) return;
    waiting.delete(signal);
    try {
      signal.removeEventListener("abort", calls.listener);
    } catch {
      // A signal that cannot forget its listener finds nothing to end.
    }
  };
}

function listen(signal) {
  const calls = new Set();
  calls.listener = () => {
    for (const abort of [...calls]) abort();
  };
  signal.addEventListener("abort", calls.listener);
  return calls;
}
