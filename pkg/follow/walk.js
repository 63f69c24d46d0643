import { HatchetError, NotFoundError } from "hatchet-scheduled";
import { checkClient } from "./options.js";
import { isLast, isSame, stateOf, waiting } from "./state.js";
import { read, runOf } from "./thread.js";

/** The clock that a client's waits go by: a test's where the client is of `hatchet-scheduled/testing`. */
const CLOCK = Symbol.for("hatchet-scheduled.clock");
/** How long after a scheduled run is gone its run may take to show: the server's listing of runs is behind by moments. */
const SHOWS_WITHIN = 30_000;
/** The wait after something changed; it doubles until the interval. */
const SOON = 250;
const LONGEST_BACKOFF = 60_000;

/** A scheduled run on its way, state by state. */
export class Walk {
  #client;
  #clock;
  #followed;
  #options;
  #interval;
  #pause = 0;
  #failures = 0;
  #missingSince;
  #last;

  constructor(client, scheduled, options, interval) {
    this.#client = client;
    this.#clock = client[CLOCK];
    this.#followed = read("follow", scheduled);
    this.#options = options;
    this.#interval = interval;
  }

  /** Waits for the next state; undefined after the last one. Failures that may pass are waited out. */
  async next() {
    while (!this.#last || !isLast(this.#last)) {
      await this.#sleep(this.#pause);
      const state = await this.#look();
      if (state && !isSame(this.#last, state)) {
        this.#last = state;
        this.#pause = await this.#rest(state, SOON);
        return state;
      }
      if (this.#failures === 0) this.#pause = await this.#rest(state, Math.max(this.#pause, SOON) * 2);
    }
    return undefined;
  }

  /** One look; undefined where nothing can be said yet. */
  async #look() {
    try {
      const state = await this.#state();
      this.#failures = 0;
      return state;
    } catch (error) {
      if (!(error instanceof HatchetError && error.retryable)) throw error;
      this.#pause = Math.min(this.#interval * 2 ** ++this.#failures, Math.max(LONGEST_BACKOFF, this.#interval));
      return undefined;
    }
  }

  async #state() {
    const client = this.#client;
    if (!this.#followed.thread && !this.#followed.runId) {
      this.#followed = read("follow", await stillWaiting(client, this.#followed.id, this.#options));
    }
    if (this.#followed.runId) return this.#started(await runById(client, this.#followed.runId, this.#options));
    const now = await this.#now();
    // One whose time has come is there no more, most likely.
    const run = Date.parse(this.#last?.triggerAt ?? this.#followed.triggerAt) <= now ? await runOf(client, this.#followed, this.#options) : undefined;
    if (run) return this.#started(run);
    try {
      return await waiting(client, await client.get(this.#followed.id, this.#options), now, this.#options);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      return this.#started(await runOf(client, this.#followed, this.#options));
    }
  }

  /** The state of the run that it became, as far as it shows. */
  #started(run) {
    if (!run) return this.#missing();
    const { id, thread } = this.#followed;
    this.#followed = { id, thread, runId: run.metadata.id };
    return stateOf(this.#client, run, id, this.#options);
  }

  /** Nothing yet, or nothing for too long. */
  #missing() {
    const now = this.#clock.monotonic();
    this.#missingSince ??= now;
    if (now - this.#missingSince < SHOWS_WITHIN) return undefined;
    const { id, runId } = this.#followed;
    return { status: "gone", ...(id && { scheduledId: id }), ...(runId && { runId }) };
  }

  /** How long to wait after a state: until it may have changed. One that is overdue may fire soon, or not for hours. */
  async #rest(state, soon) {
    const untilDue = state?.triggerAt ? Date.parse(state.triggerAt) - (await this.#now()) : 0;
    return Math.min(untilDue > 0 ? untilDue + SOON : soon, this.#interval);
  }

  /** The time on the server, by which runs fire, as far as it is known. */
  async #now() {
    const time = await this.#client.serverTime(this.#options);
    return time?.epochMilliseconds ?? this.#clock.now();
  }

  async #sleep(milliseconds) {
    if (milliseconds <= 0) return;
    const { signal } = this.#options;
    const timer = this.#clock.sleep(milliseconds);
    let wake;
    const aborted = new Promise((resolve) => (wake = resolve));
    signal.addEventListener("abort", wake);
    if (!signal.aborted) await Promise.race([timer.promise, aborted]);
    signal.removeEventListener("abort", wake);
    timer.cancel();
    if (signal.aborted) throw signal.reason;
  }
}

export async function startedBy(client, scheduled, options) {
  checkClient("startedBy", client);
  const followed = read("startedBy", scheduled);
  if (followed.runId) {
    const run = await runById(client, followed.runId, options);
    return run ? stateOf(client, run, undefined, options) : null;
  }
  if (!followed.thread) {
    await stillWaiting(client, followed.id, options);
    return null;
  }
  const run = await runOf(client, followed, options);
  return run ? stateOf(client, run, followed.id, options) : null;
}

/** A run that is named by its id alone: it has to be there. */
async function stillWaiting(client, id, options) {
  try {
    return await client.get(id, options);
  } catch (error) {
    if (error instanceof NotFoundError) {
      error.message +=
        ". Its id alone does not lead to what it became: give the run itself, as create answered it";
    }
    throw error;
  }
}

/** A run that started; undefined until it shows. */
async function runById(client, id, options) {
  try {
    return await client.run(id, options);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
