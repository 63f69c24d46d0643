/** Which workflows are paused, and how they are paused and let go on. */

import type { Workflow } from "hatchet-scheduled";
import { errorMessage } from "../connection/trouble.ts";
import type { App } from "../state/app.ts";
import type { Pauses, UnpauseDraft } from "./draft.ts";

/** How long what was seen holds, in milliseconds. */
const FRESH = 15_000;

/** The latest question of each, and when it was asked. */
const asked = new WeakMap<App, { at: number }>();

/**
 * Asks which workflows are paused, while that explains something: runs that are overdue, pauses that may have ended, or the open run,
 * whose workflow can be paused only where it is not.
 */
export function lookForPauses(app: App): void {
  const { pauses, connection, detail } = app.state;
  const isOfUse = app.derived.stateCounts.overdue > 0 || (pauses?.size ?? 0) > 0 || detail?.phase === "listed";
  if (!isOfUse || connection.phase !== "connected" || !app.may("workflows")) return;
  if (performance.now() - (asked.get(app)?.at ?? Number.NEGATIVE_INFINITY) < FRESH) return;
  void readPauses(app);
}

export async function readPauses(app: App): Promise<void> {
  const question = { at: performance.now() };
  asked.set(app, question);
  // What is not known is said to be so.
  const workflows = await app.client?.workflows().catch(() => undefined);
  // An answer that was overtaken may be from before a pause.
  if (workflows && asked.get(app) === question) app.set({ pauses: pausesOf(workflows) });
}

export function pausesOf(workflows: readonly Workflow[]): NonNullable<Pauses> {
  const paused = workflows.filter(({ isPaused }) => isPaused);
  return new Map(paused.map(({ name, pausedWorkflowScheduledRunQueueBehavior: behavior }) => [name, behavior === "QUEUE" ? "queue" : "late"]));
}

/** Whether workflows can be paused: by their names, which are looked up. */
export function mayPause(app: App): boolean {
  return app.may("pause") && app.may("workflows");
}

/** Whether a pause can be ended, which begins with what stands in line because of it. */
export function mayUnpause(app: App, how: "late" | "queue" | undefined): boolean {
  return mayPause(app) && (how === "late" || app.may("runs"));
}

export function requestPause(app: App, workflow: string): void {
  app.openDialog({ kind: "pause", draft: { workflow, scheduledRuns: "fire-late", ttl: "12h", problem: undefined, isSent: false } });
}

/** Opens what the end of a pause sets off. */
export async function requestUnpause(app: App, workflow: string): Promise<void> {
  const draft: UnpauseDraft = { workflow, preview: undefined, typed: "", problem: undefined, isSent: false };
  app.openDialog({ kind: "unpause", draft });
  const isOpen = app.whileOpen();
  try {
    const preview = await app.client?.unpause(workflow, { dryRun: true, namespace: "" });
    if (isOpen()) app.set({ dialog: { kind: "unpause", draft: { ...draft, preview } } });
  } catch (error) {
    if (isOpen()) app.set({ dialog: { kind: "unpause", draft: { ...draft, problem: errorMessage(error) } } });
  }
}
