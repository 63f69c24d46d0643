/** A set of runs that is to be as wanted, while its plan is looked at. */

import type { Reconciliation, WantedRun } from "hatchet-scheduled/reconcile";

export interface ReconcileDraft {
  workflow: string;
  wanted: readonly WantedRun[];
  /** Undefined until it is made. */
  plan: Reconciliation | undefined;
  /** The number of deletions, where it has to be typed. */
  typed: string;
  problem: string | undefined;
  progress: { done: number; total: number } | undefined;
}
