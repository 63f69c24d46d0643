/** The reschedule form while it is being filled in. */

import type { Run } from "../list/run.ts";
import { DAY, MINUTE } from "../time/relative.ts";
import { emptyWhen, type WhenDraft } from "../time/when.ts";
import { toInputValue, type Zone } from "../time/zone.ts";
import type { Move } from "./plan.ts";

export interface BulkDraft {
  runs: readonly Run[];
  kind: Move["kind"];
  when: WhenDraft;
  shift: string;
  /** Whether a day of the shift is 24 h also over a change of the clocks; else the clock time stays. */
  exact: boolean;
  from: WhenDraft;
  to: WhenDraft;
  date: string;
  /** The count, typed to confirm a large change. */
  typed: string;
}

/** From so many runs on, a change has to be confirmed by typing their count. */
export const TYPE_COUNT_FROM = 100;

export function newBulkDraft(runs: readonly Run[], zone: Zone, now: number): BulkDraft {
  const window = proposeWindow(runs, now);
  const asWhen = (at: number): WhenDraft => ({ ...emptyWhen, text: toInputValue(at, zone).replace("T", " ") });
  return {
    runs,
    kind: runs.length > 1 ? "shift" : "set",
    when: emptyWhen,
    shift: "",
    exact: false,
    from: asWhen(window.from),
    to: asWhen(window.to),
    date: toInputValue(now + DAY, zone).slice(0, 10),
    typed: "",
  };
}

/** The window that a spread proposes: from the first run's hour on, one day at most. */
function proposeWindow(runs: readonly Run[], now: number): { from: number; to: number } {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const run of runs) {
    first = Math.min(first, run.at);
    last = Math.max(last, run.at);
  }
  const from = Math.max(first, Math.ceil((now + MINUTE) / MINUTE) * MINUTE);
  return { from, to: Math.max(Math.min(last, from + DAY), from + 60 * MINUTE) };
}
