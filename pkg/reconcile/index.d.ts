/**
 * A set of scheduled runs as it is wanted.
 *
 * ```js
 * import { reconcile } from "hatchet-scheduled/reconcile";
 *
 * const wanted = users.map(({ id, remindAt }) => ({ workflowName: "remind", triggerAt: remindAt, idempotencyKey: id, input: { id } }));
 * const { actions } = await reconcile(client, wanted, { scope: { workflowName: "remind" } });
 * ```
 *
 * @packageDocumentation
 */

import type { BulkCreate, BulkOptions, ScheduledClient, Warned } from "hatchet-scheduled";

/**
 * Makes the keyed runs in scope what is wanted: creates those that are not there, replaces those that differ in more than their
 * time, moves those that fire at another time, and deletes those that nobody wants, in this order. Never touches a run out of
 * scope or without an `idempotencyKey`. With `dryRun` it only tells what it would do. The scope is listed once, and the work done
 * by bulk calls.
 *
 * A wanted run that is not there and whose time has passed has fired, most likely: it is not made, and told in `passed`. Whoever
 * was cut short calls again: what was done is as wanted then.
 *
 * @param wanted All of the set, each with a key of its own and the time itself, as a delay means another one at each call. An empty
 * set has to be allowed, as it deletes every keyed run in scope. What cannot be sent is a `ValidationError` before anything is.
 * @throws `BulkInterruptedError` with the {@link Reconciliation} so far as `done`; `unknown` has the ids, or keys, of actions whose
 * fate could not be learned, `rest` the wanted runs that were not seen to. An action that the server refuses is no error of the call.
 */
export function reconcile<Workflows = any>(
  client: ScheduledClient<any>,
  wanted: Iterable<WantedRun<Workflows>>,
  options: ReconcileOptions,
): Promise<Reconciliation>;

/** A run of the set. */
export type WantedRun<Workflows = Record<string, any>> = BulkCreate<Workflows> & { idempotencyKey: string; onExisting?: undefined };

export interface ReconcileOptions extends BulkOptions {
  /**
   * Which runs belong to the set. Only those with a key count. Wanted runs get the scope's metadata, and have to be of its
   * workflow.
   */
  scope: { workflowName?: string; additionalMetadata?: Record<string, string | number | boolean> } | { all: true };
  /** Lets `wanted` be empty. Default false. */
  allowEmpty?: boolean;
  /** The time limit, in milliseconds, of each page of the listing and of each bulk call; `signal` ends the whole. */
  totalTimeoutMs?: number;
}

/** What {@link reconcile} did, or with `dryRun` would do. */
export interface Reconciliation extends Warned {
  /** In the order in which they are carried out. */
  actions: ReconcileAction[];
  /** How many runs are as wanted already. */
  unchanged: number;
  /** The places in `wanted` of runs that are not there and whose time has passed. */
  passed: number[];
}

export interface ReconcileAction {
  action: "create" | "move" | "replace" | "delete";
  /** `planned` with `dryRun`; `unknown` and `untried` only where the call was cut short. */
  outcome: "planned" | "done" | "failed" | "unknown" | "untried";
  /** Its place in `wanted`; a run to delete has none. */
  index?: number;
  /** The run; after it was created or replaced the new one. */
  id?: string;
  idempotencyKey: string;
  /** With its namespace. */
  workflowName: string;
  /** When it fires in the end; of a run to delete, when it would have. */
  triggerAt: string;
  /** When it fires before it is moved or replaced. */
  from?: string;
  /** In what it differs, where it is replaced. */
  differs?: ("triggerAt" | "input" | "additionalMetadata" | "priority")[];
  /** Why it failed. */
  error?: string;
}
