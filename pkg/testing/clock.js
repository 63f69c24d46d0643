import { turn } from "./turn.js";

/** What waits for a turn's work, such as a request that is answered, takes a few of them. */
const QUIET_TURNS = 3;

/** A clock that stands still until it is moved; its timers go off in order on the way. It has what a client's waits go by. */
export class ManualClock {
  #now;
  #start;
  #timers = new Set();
  #activity = 0;

  constructor(now) {
    this.#now = now;
    this.#start = now;
  }

  now = () => this.#now;
  monotonic = () => this.#now - this.#start;

  sleep = (milliseconds) => {
    let timer;
    const promise = new Promise((resolve) => (timer = { at: this.#now + Math.max(milliseconds, 0), resolve }));
    this.#timers.add(timer);
    this.#activity++;
    const cancel = () => {
      this.#timers.delete(timer);
      timer.resolve();
    };
    return { promise, cancel };
  };

  /** Nobody moves it any more, so that what waits for it would be kept for good. */
  forget() {
    this.#timers.clear();
  }

  /** Told of all that goes on besides timers. */
  touch() {
    this.#activity++;
  }

  /** Moves to a time, and stops on the way wherever a timer goes off. `reach` is told of every time that is come to. */
  async moveTo(target, reach) {
    await this.#settle();
    for (let timer = this.#next(target); timer; timer = this.#next(target)) {
      this.#reach(Math.max(timer.at, this.#now), reach);
      for (const due of [...this.#timers].filter(({ at }) => at <= this.#now)) {
        this.#timers.delete(due);
        due.resolve();
      }
      await this.#settle();
    }
    this.#reach(target, reach);
    await this.#settle();
  }

  #reach(time, reach) {
    this.#now = time;
    reach(time);
  }

  #next(target) {
    let next;
    for (const timer of this.#timers) if (timer.at <= target && (!next || timer.at < next.at)) next = timer;
    return next;
  }

  /** Until nothing more happens at this time. */
  async #settle() {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      const before = this.#activity;
      await turn();
      if (this.#activity !== before) quiet = -1;
    }
  }
}
