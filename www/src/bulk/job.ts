/** Runs one bulk call of the client: its progress, its cancellation, and the look afterwards that settles what is unclear. */

import type { BulkOptions, ScheduledClient, ScheduledWorkflowsBulkDeleteResponse, ScheduledWorkflowsBulkUpdateResponse } from "hatchet-scheduled";
import { errorMessage } from "../connection/trouble.ts";
import { loadAll, type Runs } from "../list/load.ts";
import type { Run } from "../list/run.ts";
import type { App } from "../state/app.ts";
import { countRuns } from "../ui/format.ts";
import { html, type Words } from "../ui/html.ts";
import { type BulkReport, type Outcome, reportOf, reportOfInterruption } from "./outcome.ts";

type BulkAnswer = ScheduledWorkflowsBulkDeleteResponse | ScheduledWorkflowsBulkUpdateResponse;

export interface JobResult {
  report: BulkReport;
  /** Taken afterwards where something was left unclear; undefined where that was not needed or not possible. */
  listed: Runs | undefined;
  /** Why it did not run to its end. */
  interruption: string | undefined;
}

export async function runJob(
  app: App,
  verb: string,
  runs: readonly Run[],
  call: (client: ScheduledClient, options: BulkOptions) => Promise<BulkAnswer>,
): Promise<JobResult> {
  const client = app.client;
  if (!client) return { report: { done: [], errors: [], unknown: [] }, listed: undefined, interruption: "Not connected." };
  const abort = new AbortController();
  const cancel = () => {
    abort.abort(new DOMException("Cancelled.", "AbortError"));
    if (app.state.job) app.set({ job: { ...app.state.job, cancelling: true } });
  };
  app.set({ job: { verb, done: 0, failed: 0, total: runs.length, startedAt: app.now(), cancelling: false, cancel } });
  const onProgress = ({ done, failed }: { done: number; failed: number }) => {
    if (app.state.job) app.set({ job: { ...app.state.job, done, failed } });
  };
  let report: BulkReport;
  let interruption: string | undefined;
  try {
    report = reportOf(await call(client, { signal: abort.signal, onProgress }));
  } catch (error) {
    report = reportOfInterruption(error, runs);
    interruption = abort.signal.aborted ? "It was cancelled." : errorMessage(causeOf(error));
  }
  const listed = report.done.length < runs.length ? await lookAgain(client) : undefined;
  app.set({ job: undefined });
  return { report, listed, interruption };
}

/** The error of a bulk call cut short counts; its cause says why. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error;
}

async function lookAgain(client: ScheduledClient): Promise<Runs | undefined> {
  try {
    return await loadAll(client, AbortSignal.timeout(30_000));
  } catch {
    return undefined;
  }
}

export interface OutcomeWords {
  title: string;
  done: (count: number) => Words;
  interruption: string | undefined;
  retry: (runs: Run[]) => void;
  undo?: { label: string; run: () => void };
}

/** A toast where all went well, the whole account where not. */
export function showOutcome(app: App, outcome: Outcome, words: OutcomeWords): void {
  const { counts } = outcome;
  if (counts.done + counts.gone === outcome.items.length) {
    const gone = counts.gone ? `; ${countRuns(counts.gone)} had fired or been deleted before` : "";
    app.toast(html`${words.done(counts.done)}${gone}.`, words.undo ? { action: words.undo, until: app.now() + 15_000 } : {});
    return;
  }
  const title = words.interruption ? `${words.title} was cut short` : `${words.title} did not succeed for all runs`;
  app.openDialog({ kind: "outcome", title, why: words.interruption, outcome, retry: words.retry });
}
