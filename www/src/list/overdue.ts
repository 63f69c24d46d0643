/** What can be told of a run that has not fired although its time has passed. */

import type { Pauses } from "../pauses/draft.ts";

import type { Departure } from "./changes.ts";
import { GRACE, type Run } from "./run.ts";
import { formatSpan, MINUTE } from "../time/relative.ts";

/** Only what is known: the server says whether a workflow is paused, and nothing of how the engine fares. */
export function explainOverdue(run: Run, all: Iterable<Run>, departures: readonly Departure[], pauses: Pauses, now: number): string {
  const late = `${formatSpan(now - run.at)} late`;
  const how = pauses?.get(run.workflow);
  if (how === "late") return `${late}: its workflow is paused, and it fires when the pause ends.`;
  const why = how === "queue" ? "Its workflow is paused, but in a way that lets scheduled runs fire, and queues them; why it waits is not known here."
    : pauses ? "Its workflow is not paused; why it waits is not known here." : "Why it waits is not known here: its workflow may be paused.";
  const known = `${late}. ${why} `;
  if (departures.some((d) => d.how === "fired" && d.run.workflow === run.workflow && d.leftAt > now - MINUTE)) {
    return `${known}Other runs of its workflow left the list, being due, in the last minute.`;
  }
  if (departures.some((d) => d.how === "fired" && d.leftAt > run.at + GRACE)) {
    return `${known}Runs of other workflows left the list, being due, since then.`;
  }
  const overdueWorkflows = new Set<string>([run.workflow]);
  for (const other of all) if (other.at < now - GRACE) overdueWorkflows.add(other.workflow);
  return overdueWorkflows.size > 1 ? `${known}Runs of ${overdueWorkflows.size} workflows are overdue.` : `${known}No other workflow has overdue runs.`;
}
