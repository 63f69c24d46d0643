/** The panel on the right: everything about one run. */

import type { Operation } from "hatchet-scheduled";
import { ref } from "lit-html/directives/ref.js";
import { requestDelete } from "../bulk/delete.ts";
import { requestMove } from "../bulk/request.ts";
import { requestClone, requestInput } from "../create/request.ts";
import { linked } from "../connection/links.ts";
import { explainOverdue } from "../list/overdue.ts";
import { CODE_REASON, priorityNames, type Run, showValue, stateOf } from "../list/run.ts";
import { mayPause, mayUnpause, requestPause, requestUnpause } from "../pauses/pauses.ts";
import { becameView } from "../started/became-view.ts";
import type { App } from "../state/app.ts";
import { formatRelative } from "../time/relative.ts";
import { findZone, formatTimeWithZone, type Zone } from "../time/zone.ts";
import { stateChip } from "../ui/chip.ts";
import { html, nothing, renewed, type TemplateResult, verbatim } from "../ui/html.ts";
import { icon } from "../ui/icons.ts";
import { closeRun, neighbour, openRun, triggerRun } from "./commands.ts";

/** From this width on the panel stands beside the list, and the keyboard stays there; narrower it covers it, and goes along. */
const BESIDE = 1000;

function openPanel(element: Element | undefined): void {
  if (!(element instanceof HTMLDialogElement)) return;
  queueMicrotask(() => {
    if (!element.isConnected || element.open) return;
    const root = element.getRootNode() as ShadowRoot;
    const focused = root.activeElement as HTMLElement | null;
    element.show();
    if (root.host.clientWidth >= BESIDE) focused?.focus({ preventScroll: true });
  });
}

export function detailPanel(app: App): TemplateResult | typeof nothing {
  const { detail } = app.state;
  if (!detail) return nothing;
  const id = detail.phase === "listed" ? detail.run.id : detail.id;
  const close = () => closeRun(app);
  const walk = (step: 1 | -1) => {
    const run = neighbour(app, id, step);
    return html`<button type="button" class="quiet square" aria-label=${step < 0 ? "Previous run" : "Next run"} ?disabled=${!run}
      @click=${() => run && void openRun(app, run.id)}>${icon(step < 0 ? "up" : "down")}</button>`;
  };
  return html`<dialog class="detail" aria-labelledby="detail-title" ${ref(openPanel)}>
    <header role="none">
      <h2 id="detail-title">${detail.phase === "listed" ? verbatim(detail.run.workflow) : "Scheduled run"}</h2>
      ${walk(-1)}${walk(1)}
      <button type="button" class="quiet square" aria-label="Close" @click=${close}>${icon("close")}</button>
    </header>
    ${detail.phase === "listed" ? renewed(detail.run.id, runView(app, detail.run)) : html`<div class="body">${absentView(app, detail)}</div>`}
  </dialog>`;
}

function absentView(app: App, detail: Exclude<NonNullable<App["state"]["detail"]>, { phase: "listed" }>): TemplateResult {
  if (detail.phase === "loading") return html`<p class="note" role="status">Looking for run ${verbatim(detail.id)}…</p>`;
  if (detail.phase === "failed") {
    return html`<div class="alert" role="alert">${icon("warn")}<div><strong>${detail.trouble.title}</strong><p>${detail.trouble.detail}</p></div>
      <button type="button" class="small" @click=${() => void openRun(app, detail.id)}>Try again</button></div>`;
  }
  const { run, startedAs } = detail;
  return html`<h3>No longer scheduled</h3>
    <p class="note">${run ? html`This run of ${verbatim(run.workflow)}` : html`Run ${verbatim(detail.id)}`} has ${startedAs ? "been started ahead of its time" : "fired or been deleted"}.</p>
    ${run ? becameView(app, run, startedAs) : html`<p class="note">The server keeps no link from a schedule to the run it started.</p>`}
    ${run && mayCopy(app) ? html`<p><button type="button" @click=${() => requestClone(app, run)}>${icon("copy")}Schedule it again</button></p>` : nothing}`;
}

function runView(app: App, run: Run): TemplateResult {
  const { now } = app.state;
  const zone = app.derived.zone;
  const state = stateOf(run, now);
  const utc = findZone("UTC") as Zone;
  const barred = run.madeInCode;
  return html`<div class="body">
      <p class="big-time" translate="no">${formatRelative(run.at, now)}</p>
      <p class="absolute" translate="no">${formatTimeWithZone(run.at, zone, now)}${zone.id === "UTC" ? nothing : html`<span class="note">${formatTimeWithZone(run.at, utc, now)}</span>`}</p>
      <p>${stateChip(state)}</p>
      ${state === "overdue" ? html`<p class="caution">${explainOverdue(run, app.derived.present, app.state.departures, app.state.pauses, now)}</p>` : nothing}
      ${barred ? html`<p class="caution">${CODE_REASON}</p>` : nothing}
      <dl class="facts">
        <dt>Workflow</dt><dd translate="no">${linked(app.addressOf("workflow", { tenant: run.row.tenantId, workflow: run.row.workflowId }), run.workflow)}${pauseOf(app, run)}</dd>
        <dt>Priority</dt><dd>${priorityNames[run.priority] ?? run.priority}</dd>
        <dt>Created</dt><dd translate="no">${formatTimeWithZone(run.createdAt, zone, now)}<span class="note">${formatRelative(run.createdAt, now)}</span></dd>
        <dt>Id</dt><dd class="copyable" translate="no"><code>${run.id}</code><button type="button" class="quiet square small" aria-label="Copy the id" @click=${() => void copy(app, run.id)}>${icon("copy")}</button></dd>
      </dl>
      <h3>Metadata</h3>
      ${Object.keys(run.metadata).length
        ? html`<dl class="facts" translate="no">${Object.entries(run.metadata).map(([key, value]) => html`<dt>${key}</dt><dd>${showValue(value)}</dd>`)}</dl>`
        : html`<p class="note">None.</p>`}
      <h3>Input</h3>
      ${!barred && mayCopy(app) && app.may("delete") ? html`<p><button type="button" class="small" @click=${() => requestInput(app, run)}>Edit input…</button></p>` : nothing}
      ${app.hidesInput
        ? html`<p class="note">Kept back by the server.</p>`
        : html`<pre tabindex="0" translate="no" aria-label="Input">${JSON.stringify(run.row.input ?? {}, undefined, 2)}</pre>`}
    </div>
    ${["update", "trigger", "create", "delete"].some((operation) => app.may(operation as Operation)) ? html`<footer role="none">
      ${app.may("update") ? html`<button type="button" ?disabled=${barred} @click=${() => requestMove(app, [run])}>${icon("clock")}Reschedule…</button>` : nothing}
      ${app.may("trigger") ? html`<button type="button" @click=${() => void triggerRun(app, run)}>${icon("play")}Trigger now</button>` : nothing}
      ${mayCopy(app) ? html`<button type="button" @click=${() => requestClone(app, run)}>${icon("copy")}Clone…</button>` : nothing}
      ${app.may("delete") ? html`<button type="button" class="danger" ?disabled=${barred} @click=${() => requestDelete(app, [run])}>${icon("trash")}Delete</button>` : nothing}
    </footer>` : nothing}`;
}

/** Whether its workflow is paused, as far as is known, and the way to change that. */
function pauseOf(app: App, run: Run): TemplateResult | typeof nothing {
  const { pauses } = app.state;
  if (!pauses) return nothing;
  const how = pauses.get(run.workflow);
  if (how) {
    return html`<span class="note">Paused</span>${mayUnpause(app, how) ? html`<button type="button" class="link" @click=${() => void requestUnpause(app, run.workflow)}>Unpause…</button>` : nothing}`;
  }
  return !mayPause(app)
    ? nothing
    : html` <button type="button" class="link" @click=${() => requestPause(app, run.workflow)}>Pause…</button>`;
}

/** A copy of a run whose input is kept back would be another run. */
function mayCopy(app: App): boolean {
  return app.may("create") && !app.hidesInput;
}

async function copy(app: App, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    app.toast("Copied the id.");
  } catch {
    app.toast("The browser did not allow copying; select the id instead.", { tone: "warning" });
  }
}
