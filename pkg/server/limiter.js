import { Refusal } from "./refusal.js";

/** How many requests of one caller are worked on at once. */
export class Limiter {
  #most;
  #running = new Map();

  constructor(most) {
    this.#most = most;
  }

  async run(caller, work) {
    const running = this.#running.get(caller) ?? 0;
    if (running >= this.#most) {
      throw new Refusal(429, `At most ${this.#most} requests are worked on at once.`, { headers: { "retry-after": "1" } });
    }
    this.#running.set(caller, running + 1);
    try {
      return await work();
    } finally {
      const left = this.#running.get(caller) - 1;
      if (left > 0) this.#running.set(caller, left);
      else this.#running.delete(caller);
    }
  }
}
