/**
 * Scheduled runs in React: a provider, and hooks that keep lists current.
 *
 * Works in strict mode and next to server components (it is a client module); on a server lists are `loading`.
 *
 * @packageDocumentation
 */

import type { ReactElement, ReactNode } from "react";
import type { ScheduledClient, ScheduledWorkflows, WatchQuery } from "hatchet-scheduled";

/**
 * Gives the client to the hooks below. Give the same client at each render: another one is another list.
 *
 * ```jsx
 * const client = new ScheduledClient({ serverUrl: "/api/scheduled" });
 *
 * <ScheduledProvider client={client}><Reminders /></ScheduledProvider>
 * ```
 */
export function ScheduledProvider(props: { client: ScheduledClient; children?: ReactNode }): ReactElement;

/** The client of the provider. */
export function useScheduledClient(): ScheduledClient;

/**
 * The runs that match, soonest first unless the query says otherwise, kept current while a component is there. Components with
 * equal queries share one watch, whichever objects they give; it ends with the last of them.
 *
 * After a failure the runs stay as they were seen last, with status `failed`, and are read again after 2 seconds, then 4, up to a
 * minute; a query that is refused before it is sent waits for `refresh`.
 */
export function useScheduledRuns(query?: WatchQuery, options?: ScheduledRunsOptions): ScheduledRuns;

export interface ScheduledRunsOptions {
  /** How long to wait between two looks, in milliseconds. Default 5,000. */
  intervalMs?: number;
}

export interface ScheduledRuns {
  /** The same array until something changes. */
  readonly runs: readonly ScheduledWorkflows[];
  /** `loading`: nothing was read yet. `current`: as of the last look. `failed`: as they were seen before `error`. */
  readonly status: "loading" | "current" | "failed";
  readonly error: unknown;
  /** Reads all again, now. It does not reject: see `error`. */
  refresh(): Promise<void>;
}

/**
 * The client's calls that change something. Each has the lists of the provider read again when it is done, also when it failed,
 * as it may have taken effect in part.
 */
export function useScheduledActions(): ScheduledActions;

export type ScheduledActions = Pick<ScheduledClient, "create" | "update" | "delete" | "trigger" | "bulkCreate" | "bulkUpdate" | "bulkDelete"> & {
  /** Whether one of these is under way. */
  readonly pending: boolean;
  /** What the last one failed with; `undefined` once another one begins. The call itself rejects with it, too. */
  readonly error: unknown;
};
