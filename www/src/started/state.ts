/** What is known of runs that started. */

import type { WorkflowRun } from "hatchet-scheduled";
import type { RunState } from "hatchet-scheduled/follow";

/** What became of the run that the panel shows. `state` is undefined until the first look was answered. */
export interface Became {
  id: string;
  state: RunState | undefined;
  problem: string | undefined;
}

/** Those of the last hour; undefined until they are read. */
export interface Fired {
  runs: readonly WorkflowRun[] | undefined;
  /** There may be more than were read: of a workflow, or of all, only the newest are. */
  isCut: boolean;
  isReading: boolean;
  problem: string | undefined;
}
