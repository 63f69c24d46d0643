/** Why a run has not fired although its time has passed, as far as the listing can tell. */

import type { Departure } from "./changes.ts";
import { GRACE, type Run } from "./run.ts";
import { formatSpan, MINUTE } from "../time/relative.ts";

/** The server does not say whether a workflow is paused; whether others fire meanwhile is the best witness there is. */
export function explainOverdue(run: Run, all: Iterable<Run>, departures: readonly Departure[], now: number): string {
  const late = `${formatSpan(now - run.at)} late. `;
  if (departures.some((d) => d.how === "fired" && d.run.workflow === run.workflow && d.leftAt > now - MINUTE)) {
    return `${late}Its workflow is firing, so the engine is behind and working through its backlog.`;
  }
  if (departures.some((d) => d.how === "fired" && d.leftAt > run.at + GRACE)) {
    return `${late}Other workflows fire, so ${run.workflow} is probably paused.`;
  }
  const overdueWorkflows = new Set<string>();
  let othersDue = false;
  for (const other of all) {
    if (other.at >= now - GRACE) continue;
    overdueWorkflows.add(other.workflow);
    if (other.workflow !== run.workflow) othersDue = true;
  }
  if (othersDue) return `${late}Runs of ${overdueWorkflows.size} workflows are overdue: the engine may be late or stopped.`;
  return `${late}Only ${run.workflow} is overdue: it is probably paused, or no engine is running.`;
}
