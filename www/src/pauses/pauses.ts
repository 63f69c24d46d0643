/** Which workflows are paused, and how they are paused and let go on. */

import type { Workflow } from "hatchet-scheduled";
import { errorMessage } from "../connection/trouble.ts";
import type { App } from "../state/app.ts";
import { countRuns } from "../ui/format.ts";
import { html, verbatim } from "../ui/html.ts";
import type { PauseDraft, Pauses, UnpauseDraft } from "./draft.ts";

/** From so many runs on that fire at once the number is to be typed. */
export const RISKY = 100;
/** How long what was seen holds, in milliseconds. */
const FRESH = 15_000;

const asked = new WeakMap<App, number>();

/** Asks which workflows are paused, while that explains something: runs that are overdue, or pauses that may have ended. */
export function lookForPauses(app: App): void {
  const { pauses, connection } = app.state;
  const isOfUse = app.derived.stateCounts.overdue > 0 || (pauses?.size ?? 0) > 0;
  if (!isOfUse || connection.phase !== "connected" || !app.may("workflows")) return;
  if (performance.now() - (asked.get(app) ?? Number.NEGATIVE_INFINITY) < FRESH) return;
  void readPauses(app);
}

export async function readPauses(app: App): Promise<void> {
  asked.set(app, performance.now());
  // What is not known is said to be so.
  const workflows = await app.client?.workflows().catch(() => undefined);
  if (workflows) app.set({ pauses: pausesOf(workflows) });
}

export function pausesOf(workflows: readonly Workflow[]): NonNullable<Pauses> {
  const paused = workflows.filter(({ isPaused }) => isPaused);
  return new Map(paused.map(({ name, pausedWorkflowScheduledRunQueueBehavior: behavior }) => [name, behavior === "QUEUE" ? "queue" : "late"]));
}

export function requestPause(app: App, workflow: string): void {
  app.openDialog({ kind: "pause", draft: { workflow, scheduledRuns: "fire-late", ttl: "12h", problem: undefined, isSent: false } });
}

export async function pause(app: App, draft: PauseDraft): Promise<void> {
  const { workflow, scheduledRuns, ttl } = draft;
  app.set({ dialog: { kind: "pause", draft: { ...draft, isSent: true, problem: undefined } } });
  try {
    await app.client?.pause(workflow, scheduledRuns === "queue" ? { scheduledRuns, ttl } : { scheduledRuns }, { namespace: "" });
    app.closeDialog();
    app.toast(html`Paused ${verbatim(workflow)}. It holds within some 5 seconds.`);
    await readPauses(app);
  } catch (error) {
    app.set({ dialog: { kind: "pause", draft: { ...draft, isSent: false, problem: errorMessage(error) } } });
  }
}

/** Opens what the end of a pause sets off. */
export async function requestUnpause(app: App, workflow: string): Promise<void> {
  const draft: UnpauseDraft = { workflow, preview: undefined, typed: "", problem: undefined, isSent: false };
  app.openDialog({ kind: "unpause", draft });
  const isOpen = () => app.state.dialog?.kind === "unpause" && app.state.dialog.draft.workflow === workflow;
  try {
    const preview = await app.client?.unpause(workflow, { dryRun: true, namespace: "" });
    if (isOpen()) app.set({ dialog: { kind: "unpause", draft: { ...draft, preview } } });
  } catch (error) {
    if (isOpen()) app.set({ dialog: { kind: "unpause", draft: { ...draft, problem: errorMessage(error) } } });
  }
}

export async function unpause(app: App, draft: UnpauseDraft): Promise<void> {
  app.set({ dialog: { kind: "unpause", draft: { ...draft, isSent: true, problem: undefined } } });
  try {
    const done = await app.client?.unpause(draft.workflow, { namespace: "" });
    app.closeDialog();
    const fires = done?.overdue.length ?? 0;
    app.toast(html`Unpaused ${verbatim(draft.workflow)}${fires ? `: ${countRuns(fires)} ${fires === 1 ? "fires" : "fire"} now` : ""}.`);
    await readPauses(app);
    app.lookAgain();
  } catch (error) {
    app.set({ dialog: { kind: "unpause", draft: { ...draft, isSent: false, problem: errorMessage(error) } } });
  }
}
