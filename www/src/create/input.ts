/** Another input for a run: a new run in its place, as Hatchet changes nothing of a run but its time. Told as one act. */

import type { CreateScheduledRun, JsonObject, ScheduledClient } from "hatchet-scheduled";
import { requestDelete } from "../bulk/delete.ts";
import { errorCode, errorMessage, explainTrouble, type Trouble } from "../connection/trouble.ts";
import { forget, replace } from "../list/edit.ts";
import { type Run, toRun } from "../list/run.ts";
import type { App } from "../state/app.ts";
import { html, verbatim } from "../ui/html.ts";
import { type InputDraft, KEY_IN_METADATA } from "./draft.ts";
import { readJsonObject } from "./json.ts";

export async function submitInput(app: App, draft: InputDraft): Promise<void> {
  const reading = readJsonObject(draft.text);
  const { client } = app;
  if (!reading.ok || !client) return;
  const { run } = draft;
  const isOpen = app.whileOpen();
  app.set({ dialog: { kind: "input", draft: { ...draft, sending: true, problem: undefined } } });
  try {
    // One that has fired is not to run a second time.
    await client.get(run.id);
    const made = toRun(await client.create(run.workflow, requestOf(run, reading.value, draft.key)));
    replace(app, [made]);
    if (isOpen()) app.closeDialog();
    await retire(app, client, run, made);
  } catch (error) {
    const problem = told(app, error);
    if (isOpen()) app.set({ dialog: { kind: "input", draft: { ...draft, problem } } });
    else app.toast(`${problem.title}. ${problem.detail}`, { tone: "warning", until: app.now() + 20_000 });
  }
}

/**
 * The run anew, with its time, priority and metadata. A key of its own stays its: as a part of the metadata, since a create by
 * that key would give the old run back.
 */
function requestOf({ row, priority, metadata }: Run, input: JsonObject, key: string): CreateScheduledRun {
  const request = { triggerAt: row.triggerAt, input, additionalMetadata: metadata, priority: priority as 1 | 2 | 3 };
  return KEY_IN_METADATA in metadata ? request : { ...request, idempotencyKey: key };
}

/** Takes the old one away. Until that is done there are two, and that is said. */
async function retire(app: App, client: ScheduledClient, old: Run, made: Run): Promise<void> {
  try {
    await client.delete(old.id);
    forget(app, [old.id]);
    app.set({ active: made.id, detail: { phase: "listed", run: made } });
    app.toast(html`Changed the input of a run of ${verbatim(made.workflow)}.`);
  } catch (error) {
    const isGone = errorCode(error) === "not-found";
    if (isGone) forget(app, [old.id]);
    app.toast(
      isGone
        ? html`The run of ${verbatim(old.workflow)} fired, or was deleted, before its input was changed. The one with the new input is scheduled all the same.`
        : `The run with the new input is scheduled, and the old one is still there: ${errorMessage(error)}`,
      {
        tone: "warning",
        until: app.now() + 60_000,
        action: isGone
          ? { label: "Delete the new one", run: () => requestDelete(app, [made]) }
          : { label: "Delete the old one", run: () => void retire(app, client, old, made) },
      },
    );
  }
}

function told({ state }: App, error: unknown): Trouble {
  if (errorCode(error) === "not-found") {
    return { title: "There is nothing to change any more", detail: "The run has fired or been deleted meanwhile. Nothing was scheduled in its place.", hint: undefined, passing: false };
  }
  const serverUrl = state.connection.phase === "connected" ? state.connection.serverUrl : undefined;
  return explainTrouble(error, { origin: location.origin, serverUrl, online: navigator.onLine });
}
