/** Keeps the list current: looks again and again, waits while someone is busy with the rows, recovers by itself. */

import { explainTrouble } from "../connection/trouble.ts";
import type { App } from "../state/app.ts";
import { compareListings, countChanges, toDeparture } from "./changes.ts";
import { loadAll, type Runs } from "./load.ts";
import { prune } from "./selection.ts";

const INTERVAL = 5_000;
const LONGEST_INTERVAL = 60_000;
/** A large list is asked for less often: at most this share of the time is spent reading. */
const DUTY = 10;
const MAX_DEPARTURES = 1_000;

export class Refresher {
  readonly #app: App;
  #stop = new AbortController();
  #wake: (() => void) | undefined;
  #pointerUntil = 0;

  constructor(app: App) {
    this.#app = app;
  }

  /** Begins after the first look, which the connection was made with. */
  start(): void {
    this.stop();
    this.#stop = new AbortController();
    void this.#run(this.#stop.signal);
  }

  stop(): void {
    this.#stop.abort();
    this.#wake?.();
  }

  /** Looks again now. */
  now(): void {
    this.#wake?.();
  }

  /** Rows do not move under a pointer that is about to press one. */
  pointerMoved(): void {
    this.#pointerUntil = Date.now() + 1_500;
  }

  /** Shows what was waiting. */
  applyWaiting(): void {
    const { waiting } = this.#app.state;
    if (waiting) this.#apply(waiting.runs);
  }

  /** Called every second: what was held back is shown as soon as nobody is in the middle of something. */
  settle(): void {
    if (this.#app.state.waiting && !this.#isBusy()) this.applyWaiting();
  }

  async #run(stopped: AbortSignal): Promise<void> {
    let failures = 0;
    if (this.#app.state.loaded === "all") await this.#sleep(INTERVAL, stopped);
    while (!stopped.aborted) {
      const began = performance.now();
      let pause: number;
      try {
        await this.#look(stopped);
        failures = 0;
        pause = Math.min(Math.max(INTERVAL, (performance.now() - began) * DUTY), LONGEST_INTERVAL);
      } catch (error) {
        if (stopped.aborted) return;
        failures += 1;
        pause = this.#report(error, failures);
      }
      await this.#sleep(pause, stopped);
    }
  }

  async #look(stopped: AbortSignal): Promise<void> {
    const app = this.#app;
    const client = app.client;
    if (!client) return;
    // A listing that was under way while something was changed here may show it as it was before.
    for (;;) {
      const writes = app.writes;
      const runs = await loadAll(client, stopped);
      stopped.throwIfAborted();
      if (writes !== app.writes || app.state.job) {
        if (app.state.job) return;
        continue;
      }
      app.set({ trouble: undefined });
      this.#receive(runs);
      return;
    }
  }

  #receive(runs: Runs): void {
    const { state } = this.#app;
    if (state.loaded !== "all") {
      this.#app.set({ runs, loaded: "all" });
      return;
    }
    const changes = compareListings(state.runs, runs);
    if (countChanges(changes) === 0) {
      if (state.waiting) this.#app.set({ waiting: undefined });
      return;
    }
    if (this.#isBusy()) this.#app.set({ waiting: { runs, changes } });
    else this.#apply(runs);
  }

  #apply(runs: Runs): void {
    const app = this.#app;
    const { state } = app;
    const { removed } = compareListings(state.runs, runs);
    const now = Date.now();
    const departures = [...removed.map((run) => toDeparture(run, now)).reverse(), ...state.departures].slice(0, MAX_DEPARTURES);
    const selection = prune(state.selection, runs);
    const lost = state.selection.ids.size - selection.ids.size;
    app.set({ runs, departures, selection, waiting: undefined, detail: followDetail(app, runs) });
    if (lost > 0) app.toast(`${lost.toLocaleString("en")} of the selected runs fired or ${lost === 1 ? "was" : "were"} deleted meanwhile.`);
  }

  #isBusy(): boolean {
    const { selection, dialog, job } = this.#app.state;
    const typing = document.activeElement?.matches("input[type=search]:not(:placeholder-shown), .menu[open] input") ?? false;
    return selection.ids.size > 0 || dialog !== undefined || job !== undefined || typing || Date.now() < this.#pointerUntil;
  }

  /** Says what failed, and answers how long to wait before the next look. */
  #report(error: unknown, failures: number): number {
    const { connection } = this.#app.state;
    const serverUrl = connection.phase === "connected" ? connection.serverUrl : undefined;
    const trouble = explainTrouble(error, { origin: location.origin, serverUrl, online: navigator.onLine });
    const pause = Math.min(INTERVAL * 2 ** (failures - 1), LONGEST_INTERVAL) * (trouble.passing ? 1 : 3);
    this.#app.set({ trouble: { ...trouble, retryAt: Date.now() + pause } });
    return pause;
  }

  #sleep(pause: number, stopped: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, pause);
      this.#wake = done;
      if (stopped.aborted) done();
    });
  }
}

/** Keeps the open run current, and keeps it open, saying so, when it has left. */
function followDetail(app: App, runs: Runs): App["state"]["detail"] {
  const { detail } = app.state;
  if (!detail || detail.phase === "loading") return detail;
  const id = detail.phase === "listed" ? detail.run.id : detail.id;
  const run = runs.get(id);
  if (run) return { phase: "listed", run };
  return detail.phase === "listed" ? { phase: "gone", id, run: detail.run } : detail;
}
