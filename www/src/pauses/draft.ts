/** What is known of pauses, and the forms that make and end them while they are open. */

import type { Unpaused } from "hatchet-scheduled";

/** What a paused workflow does to its scheduled runs; `undefined` where that is not known. */
export type Pauses = ReadonlyMap<string, "late" | "queue"> | undefined;

export interface PauseDraft {
  workflow: string;
  scheduledRuns: "fire-late" | "queue";
  ttl: string;
  problem: string | undefined;
  isSent: boolean;
}

export interface UnpauseDraft {
  workflow: string;
  /** What its end sets off; undefined until the server has said so. */
  preview: Unpaused | undefined;
  typed: string;
  problem: string | undefined;
  isSent: boolean;
}
