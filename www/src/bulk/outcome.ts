/** What became of every run of a bulk call. The five counts always add up to what was asked for. */

import type { Run } from "../list/run.ts";

export type Fate = "done" | "gone" | "failed" | "unknown" | "not-attempted";

export interface ItemOutcome {
  run: Run;
  fate: Fate;
  /** The server's words, where it failed. */
  reason: string | undefined;
}

export interface Outcome {
  items: ItemOutcome[];
  counts: Record<Fate, number>;
  /** Failures by reason, the most frequent first. */
  groups: { reason: string; count: number }[];
}

/** What a bulk call of the client told, whether it ran to its end or was cut short. */
export interface BulkReport {
  done: readonly string[];
  errors: readonly { id?: string; error: string }[];
  unknown: readonly string[];
}

interface BulkAnswer {
  deletedIds?: string[];
  updatedIds?: string[];
  errors?: { id?: string; error: string }[];
}

export function reportOf(answer: BulkAnswer): BulkReport {
  return { done: answer.deletedIds ?? answer.updatedIds ?? [], errors: answer.errors ?? [], unknown: [] };
}

/** Reads the error of a bulk call that was cut short. One that carries no report leaves every run unknown. */
export function reportOfInterruption(error: unknown, runs: readonly Run[]): BulkReport {
  const { done, unknown } = (error ?? {}) as { done?: BulkAnswer; unknown?: string[] };
  if (!done || !unknown) return { done: [], errors: [], unknown: runs.map((run) => run.id) };
  return { ...reportOf(done), unknown };
}

/** A listing taken after the call, to settle what the call itself could not tell. */
export interface Witness {
  listed: ReadonlyMap<string, Run>;
  /** Whether a listed run is as the call wanted it; for a deletion no listed run is. */
  reached: (listed: Run) => boolean;
  /** What it means that a run is no longer listed. */
  absent: "done" | "gone";
}

/**
 * Settles each run's fate. A run that was refused or not reached and is no longer listed had fired or been deleted
 * meanwhile, which is no failure of this call; one whose answer was lost is looked up.
 */
export function settle(runs: readonly Run[], report: BulkReport, witness: Witness | undefined): Outcome {
  const done = new Set(report.done);
  const unknown = new Set(report.unknown);
  const errors = new Map(report.errors.flatMap(({ id, error }) => (id ? [[id, error] as const] : [])));
  const items = runs.map((run): ItemOutcome => {
    if (done.has(run.id)) return { run, fate: "done", reason: undefined };
    const reason = errors.get(run.id);
    const listed = witness?.listed.get(run.id);
    if (reason !== undefined) return { run, fate: witness && !listed ? "gone" : "failed", reason };
    if (!unknown.has(run.id)) return { run, fate: witness && !listed ? "gone" : "not-attempted", reason: undefined };
    if (!witness) return { run, fate: "unknown", reason: undefined };
    if (!listed) return { run, fate: witness.absent, reason: undefined };
    return { run, fate: witness.reached(listed) ? "done" : "not-attempted", reason: undefined };
  });
  return summarise(items);
}

export function summarise(items: ItemOutcome[]): Outcome {
  const counts: Record<Fate, number> = { done: 0, gone: 0, failed: 0, unknown: 0, "not-attempted": 0 };
  const reasons = new Map<string, number>();
  for (const { fate, reason } of items) {
    counts[fate] += 1;
    if (fate === "failed") reasons.set(reason ?? "", (reasons.get(reason ?? "") ?? 0) + 1);
  }
  const groups = [...reasons].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
  return { items, counts, groups };
}

/** The runs that "retry failed" sends again, and no others. */
export function retryable(outcome: Outcome): Run[] {
  return outcome.items.filter(({ fate }) => fate === "failed" || fate === "unknown" || fate === "not-attempted").map(({ run }) => run);
}
