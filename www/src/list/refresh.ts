/** Keeps the list current: loads it, then watches; holds changes back while someone is busy with the rows. */

import type { ClientEvent, ScheduledClient } from "hatchet-scheduled";
import { followServerTime } from "../connection/server-time.ts";
import { explainTrouble } from "../connection/trouble.ts";
import type { App } from "../state/app.ts";
import { sleep } from "../time/sleep.ts";
import { addChanges, applyChanges, type Change, noChanges, sift, toDeparture } from "./changes.ts";
import { loadAll, type Runs } from "./load.ts";
import { toRun } from "./run.ts";
import { prune } from "./selection.ts";

const INTERVAL = 5_000;
const LONGEST_INTERVAL = 60_000;
/** A large list is asked for less often: at most this share of the time is spent reading. */
const DUTY = 10;
/** A failure after which the client goes on sooner than this, in milliseconds, is none to speak of. */
const WORTH_TELLING = 3_000;
const MAX_DEPARTURES = 1_000;

export class Refresher {
  readonly #app: App;
  #stop = new AbortController();
  /** Ends the watch, or the wait after a failure, so that the next look is made at once. */
  #wake = new AbortController();
  #interval = INTERVAL;
  #failures = 0;
  #gathered: Change[] = [];
  #pointerUntil = 0;

  constructor(app: App) {
    this.#app = app;
    app.lookAgain = () => this.now();
  }

  /** Begins after the first look, which the connection was made with. Nothing begins for a dashboard that has left meanwhile. */
  start(client: ScheduledClient): void {
    this.stop();
    if (this.#app.running.aborted) return;
    this.#stop = new AbortController();
    this.#interval = INTERVAL;
    this.#failures = 0;
    void this.#run(client, this.#stop.signal);
  }

  stop(): void {
    this.#stop.abort();
    this.#wake.abort();
    this.#gathered = [];
  }

  /** Looks again now, from the rows that are there. */
  now(): void {
    this.#wake.abort();
  }

  /** Rows do not move under a pointer that is about to press one. */
  pointerMoved(): void {
    this.#pointerUntil = performance.now() + 1_500;
  }

  /** Shows what was waiting. */
  applyWaiting(): void {
    const app = this.#app;
    const { runs: before, waiting, selection: selected, departures: left } = app.state;
    const runs = applyChanges(before, waiting);
    const now = app.now();
    const removed = [...waiting.values()].filter(({ type }) => type === "removed");
    const departures = [...removed.map(({ run }) => toDeparture(run, now)).reverse(), ...left].slice(0, MAX_DEPARTURES);
    const selection = prune(selected, runs);
    const lost = selected.ids.size - selection.ids.size;
    app.set({ runs, departures, selection, waiting: noChanges, detail: followDetail(app, runs) });
    if (lost > 0) app.toast(`${lost.toLocaleString("en")} of the selected runs fired or ${lost === 1 ? "was" : "were"} deleted meanwhile.`);
  }

  /** Called every second: what was held back is shown as soon as nobody is in the middle of something. */
  settle(): void {
    if (this.#app.state.waiting.size > 0 && !this.#isBusy()) this.applyWaiting();
  }

  /** Told of everything that the client does: how the watch fares shows in its requests. */
  observe(event: ClientEvent): void {
    if (event.operation !== "watch") return;
    if (event.type === "retry" && (event.delayMs ?? 0) >= WORTH_TELLING) this.#report(event.error, event.delayMs ?? 0);
    else if (event.type === "response" && !event.error) {
      this.#recovered();
      followServerTime(this.#app);
    }
  }

  async #run(client: ScheduledClient, stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      this.#wake = new AbortController();
      const signal = AbortSignal.any([stopped, this.#wake.signal]);
      try {
        // After a failure all is read again: a watch that sees no change says nothing of having recovered.
        if (this.#app.state.loaded !== "all" || this.#failures > 0) await this.#load(client, stopped);
        await this.#watch(client, signal);
      } catch (error) {
        if (stopped.aborted) return;
        this.#failures += 1;
        const { passing } = this.#explain(error);
        const pause = Math.min(INTERVAL * 2 ** (this.#failures - 1), LONGEST_INTERVAL) * (passing ? 1 : 3);
        this.#report(error, pause);
        await sleep(pause, signal);
      }
    }
  }

  async #load(client: ScheduledClient, signal: AbortSignal): Promise<void> {
    const began = performance.now();
    const runs = await loadAll(client, signal);
    this.#interval = Math.min(Math.max(INTERVAL, (performance.now() - began) * DUTY), LONGEST_INTERVAL);
    this.#app.set({ runs, loaded: "all" });
    this.#recovered();
    // The list is drawn before the rows of many runs are handed on.
    await sleep(0, signal);
  }

  async #watch(client: ScheduledClient, signal: AbortSignal): Promise<void> {
    const { runs, waiting } = this.#app.state;
    const known = [...applyChanges(runs, waiting).values()].map(({ row }) => row);
    for await (const { type, run } of client.watch({}, { signal, known, intervalMs: this.#interval })) {
      if (signal.aborted) return;
      // The changes of a look come one right after the other.
      if (this.#gathered.length === 0) setTimeout(() => this.#receive());
      this.#gathered.push({ type, run: toRun(run) });
    }
  }

  #receive(): void {
    const app = this.#app;
    const changes = addChanges(app.state.waiting, this.#gathered);
    this.#gathered = [];
    const { visible, quiet } = sift(app.state.runs, changes);
    const runs = quiet.length > 0 ? new Map([...app.state.runs, ...quiet.map((run) => [run.id, run] as const)]) : app.state.runs;
    app.set({ runs, waiting: visible });
    this.settle();
  }

  #isBusy(): boolean {
    const { selection, dialog, job } = this.#app.state;
    const typing = this.#app.root.activeElement?.matches("input[type=search]:not(:placeholder-shown), .menu[open] input") ?? false;
    return selection.ids.size > 0 || dialog !== undefined || job !== undefined || typing || performance.now() < this.#pointerUntil;
  }

  #explain(error: unknown) {
    const { connection } = this.#app.state;
    const serverUrl = connection.phase === "connected" ? connection.serverUrl : undefined;
    return explainTrouble(error, { origin: location.origin, serverUrl, online: navigator.onLine });
  }

  #report(error: unknown, pause: number): void {
    this.#app.set({ trouble: { ...this.#explain(error), retryAt: this.#app.now() + pause } });
  }

  #recovered(): void {
    this.#failures = 0;
    if (this.#app.state.trouble) this.#app.set({ trouble: undefined });
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
