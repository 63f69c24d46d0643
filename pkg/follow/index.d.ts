/**
 * From a scheduled run to what it became.
 *
 * ```js
 * import { follow } from "hatchet-scheduled/follow";
 *
 * const run = await client.create("send-email", { triggerAt: { in: "2h" }, traceable: true });
 * for await (const state of follow(client, run)) console.log(state.status);
 * ```
 *
 * Hatchet deletes a scheduled run when it fires and keeps no link to the run that it became. The only thread is a key in the
 * metadata that the run inherits. So what can be followed are runs that were created with `traceable: true` or with an
 * `idempotencyKey`, given whole, as `create` answered them; by its id alone only one that still waits; and what `trigger`
 * answered. A key that is used again after its run has fired leads each scheduled run to the first run since it was made.
 *
 * @packageDocumentation
 */

import type { RequestOptions, ScheduledClient, ScheduledWorkflows, TriggerRunResult, WorkflowRun } from "hatchet-scheduled";

/**
 * Tells what becomes of a scheduled run: waits for its time, for a worker, at work, at an end. Ends by itself after the last state,
 * and when its signal aborts; leaving a `for await` stops it at once. It looks again every `intervalMs`, when the run is due, and
 * sooner after a change. Failures that may pass are waited out; others end it. The first `next()` rejects with a
 * `ValidationError` for a run whose metadata holds no key, and with a `NotFoundError` for the id of a run that is not there, also
 * because it fired.
 */
export function follow(client: ScheduledClient<any>, scheduled: FollowRef, options?: FollowOptions): AsyncIterableIterator<RunState>;

/**
 * Reads the run that a scheduled run became, in its state now; `null` while it waits, where it was deleted, and for the moments
 * until its run shows. Errors as of {@link follow}.
 */
export function startedBy(client: ScheduledClient<any>, scheduled: FollowRef, options?: RequestOptions): Promise<StartedState | null>;

/** A scheduled run as a call gave it, its id while it waits, or what `trigger` answered. */
export type FollowRef = string | ScheduledWorkflows | TriggerRunResult;

export interface FollowOptions extends RequestOptions {
  /** How long to wait between two looks at most, in milliseconds. Default 5,000. */
  intervalMs?: number;
}

/** A scheduled run on its way. */
export type RunState =
  | {
      /** It waits for its time, or is overdue. */
      status: "scheduled";
      scheduledId: string;
      triggerAt: string;
      /** It is overdue because its workflow is paused. */
      paused?: true;
    }
  | StartedState
  | {
      /** It waits no more, and no run of it has shown for 30 seconds: it was deleted, or replaced. */
      status: "gone";
      scheduledId?: string;
      /** Where a run that started was followed by its id, and is not there. */
      runId?: string;
    };

/** A scheduled run that became a run. */
export interface StartedState {
  /**
   * `queued`: waiting for a worker, or, with `paused`, for the end of its workflow's pause. `started`: at work. The others are
   * last: `cancelled` also by a pause that took too long.
   */
  status: "queued" | "started" | "succeeded" | "failed" | "cancelled";
  scheduledId?: string;
  /** The run that it became. */
  runId: string;
  paused?: true;
  /** What it gave, where it succeeded. */
  output?: unknown;
  /** Why it failed. */
  error?: string;
  /** The run, as the server sent it. */
  run: WorkflowRun;
}
