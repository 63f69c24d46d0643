const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;

/** The runs of one query: read once, then watched, for as long as somebody looks. */
export class Feed {
  #client;
  #query;
  #intervalMs;
  #onEnd;
  #listeners = new Set();
  /** Ends what is under way: the reading, the watch or a pause. */
  #round;
  #reloaded = [];

  constructor(client, query, intervalMs, state, onEnd) {
    this.#client = client;
    this.#query = { orderByField: "triggerAt", orderByDirection: "ASC", ...query };
    this.#intervalMs = intervalMs;
    this.#onEnd = onEnd;
    this.state = state;
  }

  get isWatched() {
    return this.#listeners.size > 0;
  }

  subscribe(listener) {
    this.#listeners.add(listener);
    if (!this.#round) void this.#run();
    return () => {
      this.#listeners.delete(listener);
      // In strict mode, and from one page to the next, somebody looks again at once.
      setTimeout(() => {
        if (!this.isWatched) this.#stop();
      });
    };
  }

  /** Reads all again, now; over when that is done, whether it succeeded or not. */
  refresh() {
    if (!this.#round) return Promise.resolve();
    return new Promise((resolve) => {
      this.#reloaded.push(resolve);
      this.#round.abort();
    });
  }

  #stop() {
    const round = this.#round;
    this.#round = undefined;
    round?.abort();
    this.#settle();
    this.#onEnd();
  }

  async #run() {
    let failures = 0;
    for (let round = this.#begin(); round; round = this.#round === round ? this.#begin() : undefined) {
      try {
        const runs = await this.#read(round.signal);
        failures = 0;
        this.#show(runs);
        this.#settle();
        await this.#watch(runs, round.signal);
      } catch (error) {
        if (!round.signal.aborted) {
          failures += 1;
          this.#set({ ...this.state, status: "failed", error });
          this.#settle();
          // A query that is refused stays so.
          const pause = error?.code === "validation" ? Infinity : Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
          await sleep(pause, round.signal);
        }
      }
    }
  }

  #begin() {
    return (this.#round = new AbortController());
  }

  async #read(signal) {
    const runs = new Map();
    for await (const run of this.#client.iterate(this.#query, { signal })) runs.set(run.metadata.id, run);
    signal.throwIfAborted();
    return runs;
  }

  async #watch(runs, signal) {
    const options = { signal, known: [...runs.values()], ...(this.#intervalMs !== undefined && { intervalMs: this.#intervalMs }) };
    let told = false;
    for await (const { type, run } of this.#client.watch(this.#query, options)) {
      if (type === "removed") runs.delete(run.metadata.id);
      else runs.set(run.metadata.id, run);
      if (told) continue;
      told = true;
      // The changes of one look come one right after the other, and are shown together.
      setTimeout(() => {
        told = false;
        if (!signal.aborted) this.#show(runs);
      });
    }
  }

  #show(runs) {
    const { orderByField, orderByDirection } = this.#query;
    const time = orderByField === "createdAt" ? (run) => Date.parse(run.metadata.createdAt) : (run) => Date.parse(run.triggerAt);
    const sign = orderByDirection === "DESC" ? -1 : 1;
    this.#set({ runs: [...runs.values()].sort((one, other) => sign * (time(one) - time(other))), status: "current", error: undefined });
  }

  #set(state) {
    this.state = Object.freeze(state);
    for (const listener of this.#listeners) listener();
  }

  #settle() {
    for (const resolve of this.#reloaded.splice(0)) resolve();
  }
}

function sleep(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = Number.isFinite(milliseconds) ? setTimeout(resolve, milliseconds) : undefined;
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}
