/** Scheduling a run. */

import type { BulkCreate, ScheduledWorkflows } from "hatchet-scheduled";
import { learnServerTime } from "../connection/server-time.ts";
import { errorMessage, explainTrouble } from "../connection/trouble.ts";
import { replace } from "../list/edit.ts";
import { requestReconcile, setOf } from "../reconcile/reconcile.ts";
import { toRun } from "../list/run.ts";
import type { App } from "../state/app.ts";
import { formatTimeWithZone } from "../time/zone.ts";
import { countRuns } from "../ui/format.ts";
import { html, verbatim } from "../ui/html.ts";
import { readBatch } from "./batch.ts";
import { type CreateDraft, KEY_IN_METADATA } from "./draft.ts";
import { newKey } from "./key.ts";
import { readCreateDraft } from "./read.ts";

export async function submitCreate(app: App, draft: CreateDraft): Promise<void> {
  const reading = readCreateDraft(draft, app.derived.zone, app.now());
  if (!reading.request || !app.client) {
    update(app, { ...draft, tried: true });
    requestAnimationFrame(() => app.root.querySelector<HTMLElement>("dialog.create [aria-invalid=true]")?.focus());
    return;
  }
  const isOpen = app.whileOpen();
  update(app, { ...draft, sending: true, problem: undefined });
  try {
    const { warnings = [], ...row } = await app.client.create(reading.workflow, reading.request);
    const run = toRun(row);
    void learnServerTime(app);
    replace(app, [run]);
    app.set({ active: run.id });
    if (isOpen()) app.closeDialog();
    const kept = draft.onExisting === "keep" && warnings.some(({ code }) => code === "key-reuse");
    if (kept) app.toast(html`A run of ${verbatim(run.workflow)} with this key is there already, and stays as it is.`, { tone: "warning", until: app.now() + 20_000 });
    else app.toast(html`Scheduled ${verbatim(run.workflow)} for ${verbatim(formatTimeWithZone(run.at, app.derived.zone, app.now()))}.`);
  } catch (error) {
    const { connection } = app.state;
    const serverUrl = connection.phase === "connected" ? connection.serverUrl : undefined;
    tell(app, isOpen, { ...draft, sending: false }, explainTrouble(error, { origin: location.origin, serverUrl, online: navigator.onLine }));
  }
}

function update(app: App, draft: CreateDraft): void {
  if (app.state.dialog?.kind === "create") app.set({ dialog: { kind: "create", draft } });
}

/** Says in the form, or where it was closed meanwhile beside the list, what went wrong. */
function tell(app: App, isOpen: () => boolean, draft: CreateDraft, problem: NonNullable<CreateDraft["problem"]>): void {
  if (isOpen()) update(app, { ...draft, problem });
  else app.toast(`${problem.title}. ${problem.detail}`, { tone: "warning", until: app.now() + 20_000 });
}

/** Schedules many runs; the lines that did not succeed stay in the form, to be mended and sent again. */
export async function submitBatch(app: App, draft: CreateDraft): Promise<void> {
  const { runs, lines, problems } = readBatch(draft.lines, app.derived.zone, app.now());
  if (!app.client || runs.length === 0 || problems.length > 0) return;
  const workflow = setOf(runs);
  if (draft.isSet && workflow !== undefined) return requestReconcile(app, workflow, runs);
  const abort = new AbortController();
  const sending: CreateDraft = {
    ...draft, sending: true, problem: undefined, progress: { done: 0, total: runs.length }, cancel: () => abort.abort(),
  };
  const isOpen = app.whileOpen();
  update(app, sending);
  const result = await createAll(app, runs, abort.signal, (done) => isOpen() && update(app, { ...sending, progress: { done, total: runs.length } }));
  replace(app, result.created.map(toRun));
  if (result.failed.size === 0) {
    if (isOpen()) app.closeDialog();
    app.toast(`Scheduled ${countRuns(result.created.length)}.`);
    return;
  }
  const reasons = [...new Set(result.failed.values())].slice(0, 3).join(" ");
  const left = lines.filter((_, index) => result.failed.has(index)).join("\n");
  tell(app, isOpen, { ...draft, lines: left }, {
    title: `Scheduled ${countRuns(result.created.length)}; ${countRuns(result.failed.size)} not`,
    detail: reasons,
    hint: "The lines that were not scheduled are left above.",
  });
}

interface BatchResult {
  created: ScheduledWorkflows[];
  /** Reasons by position. */
  failed: Map<number, string>;
}

async function createAll(app: App, runs: BulkCreate[], signal: AbortSignal, onDone: (done: number) => unknown): Promise<BatchResult> {
  const client = app.client as NonNullable<App["client"]>;
  const withKeys = runs.map((run) => ({ ...run, idempotencyKey: run.idempotencyKey ?? newKey() }));
  try {
    const { created, errors } = await client.bulkCreate(withKeys, { signal, onProgress: ({ done, failed }) => onDone(done + failed) });
    return { created, failed: new Map(errors.map(({ index, error }) => [index ?? -1, error])) };
  } catch (error) {
    const { done } = error as { done?: { created?: ScheduledWorkflows[]; errors?: { index?: number; error: string }[] } };
    const created = done?.created ?? [];
    const reason = signal.aborted ? "Cancelled." : errorMessage(error);
    return { created, failed: notCreated(withKeys, created, reason) };
  }
}

/** A call cut short says what was created; a run is recognised by its key, which its metadata holds. */
function notCreated(runs: { idempotencyKey: string }[], created: ScheduledWorkflows[], reason: string): Map<number, string> {
  const keys = new Set(created.map((run) => decodeURIComponent(String(run.additionalMetadata?.[KEY_IN_METADATA]))));
  return new Map(runs.flatMap(({ idempotencyKey }, index) => (keys.has(idempotencyKey) ? [] : [[index, reason] as const])));
}
