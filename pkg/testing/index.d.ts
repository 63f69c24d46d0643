/**
 * The embedded Hatchet inside a test: the server that this project is tested with, compiled to WebAssembly. No Rust, no Docker,
 * no database, no account.
 *
 * ```js
 * import { EmbeddedHatchet } from "hatchet-scheduled/testing";
 *
 * const hatchet = await EmbeddedHatchet.start({ now: "2031-01-01T00:00:00Z", workflows: ["send-email"] });
 * const client = hatchet.client();
 * await client.create("send-email", { triggerAt: { in: "2h" }, input: { to: "ada@example.com" } });
 * await hatchet.advance("2h");
 * console.log(hatchet.runs[0].input.to);
 * await hatchet.stop();
 * ```
 *
 * @packageDocumentation
 */

import type { JsonObject, ScheduledClient, ScheduledClientOptions } from "hatchet-scheduled";

declare global {
  /** As TypeScript's own libraries have it from `esnext.disposable` on. */
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

export interface EmbeddedHatchetOptions {
  /**
   * Where its clock stands still until {@link EmbeddedHatchet.advance} or {@link EmbeddedHatchet.setTime} moves it: a `Date`,
   * epoch milliseconds, a `Temporal.Instant`, or ISO 8601 with `Z` or an offset. Default: it follows the system's clock.
   */
  now?: Date | number | string | { readonly epochMilliseconds: number };
  /** Workflows to register beside those that are always there: `simple`, `greeter`, `typed`, and twelve of a made-up shop. */
  workflows?: readonly string[];
  /** How many believable runs to schedule at the start, around `now`. The same number gives the same runs. Default 0. */
  seed?: number;
  /** What {@link EmbeddedHatchet.snapshot} gave: its tenant, workflows and runs are there again, and its tokens are good. */
  snapshot?: string;
}

/** A run that started, as the server knows it. A real Hatchet tells nobody which scheduled run it was. */
export interface StartedRun {
  id: string;
  scheduledId: string;
  workflowName: string;
  priority: number;
  input: JsonObject;
  additionalMetadata: Record<string, unknown>;
  /** ISO 8601. */
  startedAt: string;
  /** By the clock: it is taken by a worker in a moment, and done in about a second. */
  status: "QUEUED" | "RUNNING" | "COMPLETED" | "FAILED";
}

/** A request that was answered, or is being answered. */
export interface SeenRequest {
  method: string;
  path: string;
  query?: string;
  /** When, by the system's clock. ISO 8601. */
  at: string;
  /** Absent while it is under way, and where no answer was sent. */
  status?: number;
  clientClosed: boolean;
}

/** What is to go wrong. The first fault that fits a request is the one that befalls it. */
export interface Fault {
  /** Only with the requests of this call; with all where absent. */
  operation?: "list" | "get" | "create" | "update" | "delete" | "trigger" | "bulkDelete" | "bulkUpdate" | "workflows" | "workflowVersion";
  /** Only with this request of those that fit, counted from 1. */
  nth?: number;
  /** Only from this one on. */
  from?: number;
  /** Only up to this one. */
  to?: number;
  /** As often as this at most. */
  times?: number;
  /** Waits first, in milliseconds, by the server's clock. */
  delayMs?: number;
  /** Waits once the request was processed. */
  delayAfterMs?: number;
  /** Answers with this status; the request is not processed. */
  status?: number;
  headers?: Record<string, string>;
  /** Text as it stands, anything else as JSON. */
  body?: unknown;
  /** Ends the body halfway. */
  cutBody?: boolean;
  /** Ends the connection without an answer, before or after the request was processed. */
  drop?: "before" | "after";
}

/**
 * A Hatchet for scheduled runs in this process, with the answers and habits of the real one: it looks every five seconds for
 * what is due within the next five, so a change in the last seconds before a run's time is lost; what is overdue starts at
 * once. There are no workers: a run that starts is taken and completes by itself.
 *
 * Any number of them may run at once. With `now`, the waits of its clients (retries, `watch`, `confirm`, time limits) go by
 * its clock too, and end as that is moved; the global timers, whoever replaces them, are not used.
 */
export class EmbeddedHatchet {
  private constructor();

  /** Starts one; the first in a process loads the WebAssembly. */
  static start(options?: EmbeddedHatchetOptions): Promise<EmbeddedHatchet>;

  /** A new token of its tenant, good for 90 days. */
  readonly token: string;
  readonly tenantId: string;
  /** What time it is on it. */
  readonly now: Date;
  /** The runs that started, the oldest first. */
  readonly runs: StartedRun[];
  /** The requests so far, the newest 200,000. */
  readonly requests: SeenRequest[];

  /** All that it keeps, as a text to start another one from. It holds what signs its tokens. */
  snapshot(): string;
  /** Another number after every change of what it keeps, starts of runs among them. */
  readonly changes: number;

  /** A client of it. Options are those of every client; what is given here goes before its own. */
  client(options?: ScheduledClientOptions): ScheduledClient;

  /** Answers requests to any address as the server would, for clients of other kinds. */
  readonly fetch: typeof globalThis.fetch;

  /**
   * Moves the clock, and starts what is due on the way, in order. What waits by the clock goes on at its time, and what it
   * then does is done before the clock moves on; what waits for something outside, such as a file, is not waited for. A move
   * that is asked for during another one begins at its end.
   *
   * @param by - as a delay of the client: `"2h"`, `"90s"`, `"PT15M"`, or milliseconds.
   * @throws where it follows the system's clock.
   */
  advance(by: string | number): Promise<void>;

  /** Moves the clock to a time, not before now. As {@link advance}. */
  setTime(time: NonNullable<EmbeddedHatchetOptions["now"]>): Promise<void>;

  /** Lets something go wrong from now on. */
  fault(fault: Fault): void;
  clearFaults(): void;

  /**
   * Listens on loopback, for other processes; not in a page. The address is then the one that new tokens name.
   *
   * @param options - `port`: 0, the default, is any free one.
   */
  listen(options?: { port?: number }): Promise<{ url: string }>;

  /** Ends it: what it kept is gone. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

