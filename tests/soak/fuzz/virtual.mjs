/** Time that passes only where nothing else goes on, so that no call waits, and one that hangs is noticed. */

const CLOCK = Symbol.for("hatchet-scheduled.clock");
const turn = () => new Promise(setImmediate);
/** More turns than any call takes between two waits. */
const TURNS = 12;
/** More waits than any call makes. */
const WAITS = 2_000;
export const STOPPED = Symbol("stopped");

/** A clock for a client's waits: `options` are the client's. */
export function virtualClock() {
  const timers = new Set();
  let passed = 0;
  const begun = Date.now();
  const sleep = (milliseconds) => {
    let timer;
    const promise = new Promise((resolve) => (timer = { at: passed + Math.max(Number(milliseconds) || 0, 0), resolve }));
    timers.add(timer);
    return { promise, cancel: () => timers.delete(timer) };
  };
  const clock = { sleep, monotonic: () => passed, now: () => begun + passed };

  /** Lets the next of them go off; false where there is none. */
  function pass() {
    const next = [...timers].reduce((first, timer) => (first && first.at <= timer.at ? first : timer), undefined);
    if (!next) return false;
    passed = Math.max(passed, Math.min(next.at, passed + 2 ** 31));
    timers.delete(next);
    next.resolve();
    return true;
  }

  /**
   * How a call ends: `{ value }` or `{ error }`. One that goes on for ever by design is ended by `stop` after some waits, and has
   * to settle then, too.
   */
  async function settled(promise, stop) {
    let outcome;
    promise.then(
      (value) => (outcome = { value }),
      (error) => (outcome = { error }),
    );
    for (let waits = 0; !outcome; waits++) {
      for (let turns = 0; turns < TURNS && !outcome; turns++) await turn();
      if (outcome) break;
      if (stop && waits === 8) stop();
      if ((!pass() && waits > 20) || waits > WAITS) throw new Error(`the call hangs: it is not settled after ${passed} ms`);
    }
    return outcome;
  }

  return { options: { [CLOCK]: clock }, settled, pending: () => timers.size };
}
