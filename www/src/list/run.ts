/** A scheduled run as the page uses it: the server's row, with what is asked of it again and again read once. */

import type { JsonObject, JsonValue, ScheduledWorkflows } from "hatchet-scheduled";

export interface Run {
  readonly id: string;
  /** When it fires, in epoch milliseconds. */
  readonly at: number;
  readonly createdAt: number;
  readonly workflow: string;
  readonly priority: number;
  readonly metadata: JsonObject;
  /** Runs made in code cannot be deleted or moved: the server refuses with 403. */
  readonly madeInCode: boolean;
  readonly row: ScheduledWorkflows;
  /** What a search looks through, in small letters: made here, so that the first letter typed need not wait for it. */
  readonly searched: string;
}

export function toRun(row: ScheduledWorkflows): Run {
  const metadata = row.additionalMetadata ?? {};
  return {
    id: row.metadata.id,
    at: Date.parse(row.triggerAt),
    createdAt: Date.parse(row.metadata.createdAt),
    workflow: row.workflowName,
    priority: row.priority ?? 1,
    metadata,
    madeInCode: row.method === "DEFAULT",
    row,
    searched: `${row.metadata.id}\n${row.workflowName}\n${JSON.stringify(metadata)}`.toLowerCase(),
  };
}

export type RunState = "overdue" | "soon" | "scheduled";

/** The engine looks every five seconds, so a run is called late only once it has had three chances. */
export const GRACE = 15_000;
/** The engine arms timers for what falls due in its next seconds; a change that close to a run's time may be lost. */
export const LATE_WINDOW = 10_000;
const SOON = 5 * 60_000;

export function stateOf(run: Run, now: number): RunState {
  if (run.at < now - GRACE) return "overdue";
  return run.at <= now + SOON ? "soon" : "scheduled";
}

export const stateNames: Record<RunState, string> = { overdue: "Overdue", soon: "Due soon", scheduled: "Scheduled" };
export const priorityNames: Record<number, string> = { 1: "Low", 2: "Medium", 3: "High" };

/** The id's first group: enough to recognise a run, short enough for a row. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

/** A value of the metadata as people read it: texts without their quotes. */
export function showValue(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

const described = new WeakMap<Run, string>();

/** All of the metadata, a line for each key. */
export function describeMetadata(run: Run): string {
  let text = described.get(run);
  if (text === undefined) {
    text = Object.entries(run.metadata).map(([key, value]) => `${key} ${showValue(value)}`).join("\n");
    described.set(run, text);
  }
  return text;
}

export const CODE_REASON = "Made in code: the server lets only its worker change or delete it.";
