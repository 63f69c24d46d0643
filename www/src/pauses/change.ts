/** Pausing a workflow, and letting it go on. */

import type { Unpaused } from "hatchet-scheduled";
import { errorMessage } from "../connection/trouble.ts";
import type { App } from "../state/app.ts";
import { countRuns } from "../ui/format.ts";
import { html, verbatim } from "../ui/html.ts";
import type { PauseDraft, UnpauseDraft } from "./draft.ts";
import { readPauses } from "./pauses.ts";

export async function pause(app: App, draft: PauseDraft): Promise<void> {
  const { workflow, scheduledRuns, ttl } = draft;
  const isOpen = app.whileOpen();
  app.set({ dialog: { kind: "pause", draft: { ...draft, isSent: true, problem: undefined } } });
  try {
    await app.client?.pause(workflow, scheduledRuns === "queue" ? { scheduledRuns, ttl } : { scheduledRuns }, { namespace: "" });
  } catch (error) {
    if (isOpen()) app.set({ dialog: { kind: "pause", draft: { ...draft, isSent: false, problem: errorMessage(error) } } });
    else app.toast(html`${verbatim(workflow)} was not paused: ${errorMessage(error)}`, { tone: "warning" });
    return;
  }
  if (isOpen()) app.closeDialog();
  app.toast(html`Paused ${verbatim(workflow)}. It holds within some 5 seconds.`);
  await readPauses(app);
}

/** Ends a pause, if that fires what was shown and nothing more. */
export async function unpause(app: App, draft: UnpauseDraft): Promise<void> {
  const { client } = app;
  const { workflow, preview } = draft;
  if (!client || !preview) return;
  const isOpen = app.whileOpen();
  const show = (change: Partial<UnpauseDraft>) => app.set({ dialog: { kind: "unpause", draft: { ...draft, problem: undefined, ...change } } });
  show({ isSent: true });
  let done: Unpaused;
  try {
    const now = await client.unpause(workflow, { dryRun: true, namespace: "" });
    // Whoever has closed the dialog meanwhile has not agreed.
    if (!isOpen()) return;
    if (firesMore(preview, now)) return show({ preview: now, typed: "", problem: "More runs would fire than were shown: look again." });
    done = await client.unpause(workflow, { namespace: "" });
  } catch (error) {
    if (isOpen()) show({ problem: errorMessage(error) });
    else app.toast(html`${verbatim(workflow)} was not unpaused: ${errorMessage(error)}`, { tone: "warning" });
    return;
  }
  if (isOpen()) app.closeDialog();
  const fires = done.overdue.length;
  app.toast(html`Unpaused ${verbatim(workflow)}${fires ? `: ${countRuns(fires)} ${fires === 1 ? "fires" : "fire"} now` : ""}.`);
  await readPauses(app);
  app.lookAgain();
}

/** Whether the end of a pause sets off anything that was not shown. */
export function firesMore(shown: Unpaused, now: Unpaused): boolean {
  const known = new Set([...shown.overdue, ...shown.queued].map(({ metadata }) => metadata.id));
  return [...now.overdue, ...now.queued].some(({ metadata }) => !known.has(metadata.id));
}
