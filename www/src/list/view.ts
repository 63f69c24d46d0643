/** What surrounds the list: its title, trouble, the pill of waiting changes, the action bar, and its empty states. */

import type { Operation } from "hatchet-scheduled";
import { requestDelete } from "../bulk/delete.ts";
import { requestMove } from "../bulk/request.ts";
import { requestCreate } from "../create/request.ts";
import { runsToCsv, runsToJson } from "../export/table.ts";
import { isFiltering, noFilter } from "../filters/filter.ts";
import { showFired } from "../started/request.ts";
import type { App } from "../state/app.ts";
import { formatSpan } from "../time/relative.ts";
import { download } from "../ui/download.ts";
import { countRuns, formatCount } from "../ui/format.ts";
import { html, nothing, type TemplateResult, verbatim } from "../ui/html.ts";
import { icon } from "../ui/icons.ts";
import { closeMenus, menu } from "../ui/menu.ts";
import type { Refresher } from "./refresh.ts";
import type { Run } from "./run.ts";
import { noSelection, selectAll } from "./selection.ts";

const changes: readonly Operation[] = ["create", "update", "delete", "trigger", "bulkUpdate", "bulkDelete", "pause"];

export function titleRow(app: App): TemplateResult {
  const { state, derived } = app;
  const total = derived.present.length;
  const shown = derived.visible.length;
  const count = state.loaded === "some" ? `the first ${formatCount(total)}, loading the rest…` : shown === total ? countRuns(total) : `${formatCount(shown)} of ${countRuns(total)}`;
  const next = derived.nextAt;
  const left = state.departures.length;
  const { overdue } = derived.stateCounts;
  const paused = state.pauses?.size ?? 0;
  const onlyOverdue = () => app.set({ filter: { ...noFilter, states: ["overdue"] } });
  return html`<div class="title-row">
    <div class="title">
      <h1>Scheduled runs</h1>
      ${state.loaded === "nothing" ? nothing : html`<p class="summary"><span class="total">${count}</span>${
        next === undefined ? nothing : html`<span class="next">next in ${verbatim(formatSpan(next - state.now))}</span>`
      }${overdue ? html`<button type="button" class="link late" @click=${onlyOverdue}>${formatCount(overdue)} overdue</button>` : nothing}${left ? html`<button type="button" class="link" @click=${() => app.openDialog({ kind: "departures" })}>${formatCount(left)} left the list</button>` : nothing}${paused ? html`<button type="button" class="link late" @click=${() => app.openDialog({ kind: "paused" })}>${formatCount(paused)} paused</button>` : nothing}${app.may("runs") ? html`<button type="button" class="link" @click=${() => void showFired(app)}>Last hour</button>` : nothing}${!app.knowsAccess || changes.some((operation) => app.may(operation)) ? nothing : html`<span class="note">Read-only</span>`}</p>`}
    </div>
    ${menu({ label: html`${icon("save")}<span class="wide-only">Export</span><span class="hidden-text narrow-label">Export</span>`, align: "end", body: exportChoices(app, () => derived.visible) })}
    ${app.may("create") ? html`<button type="button" class="primary" aria-keyshortcuts="n" ?disabled=${state.loaded === "nothing"} @click=${() => requestCreate(app)}>${icon("plus")}Schedule a run</button>` : nothing}
  </div>`;
}

function exportChoices(app: App, runs: () => readonly Run[]): TemplateResult {
  const save = (kind: "csv" | "json") => () => {
    const name = `scheduled-runs-${new Date().toISOString().slice(0, 10)}.${kind}`;
    if (kind === "csv") download(name, "text/csv", runsToCsv(runs()));
    else download(name, "application/json", runsToJson(runs()));
    closeMenus(app.root);
  };
  return html`<div class="stack">
    <button type="button" @click=${save("csv")}>${countRuns(runs().length)} as CSV</button>
    <button type="button" @click=${save("json")}>${countRuns(runs().length)} as JSON</button>
  </div>`;
}

export function banner(app: App, refresher: Refresher): TemplateResult | typeof nothing {
  const { trouble, now, runs } = app.state;
  if (!trouble) return nothing;
  const wait = trouble.retryAt === undefined ? 0 : Math.max(0, Math.ceil((trouble.retryAt - now) / 1000));
  return html`<div class="alert" role="alert">${icon("warn")}
    <div><strong>${trouble.title}</strong><p>${trouble.detail}</p>${trouble.hint ? html`<p>${trouble.hint}</p>` : nothing}
      ${runs.size ? html`<p>The rows below are as they were last seen.</p>` : nothing}</div>
    <button type="button" class="small" @click=${() => refresher.now()}>Try again<span aria-hidden="true">${wait ? ` (${wait} s)` : ""}</span></button>
  </div>`;
}

export function changesPill(app: App, refresher: Refresher): TemplateResult | typeof nothing {
  const { waiting, job } = app.state;
  // A job's own changes come back while it runs.
  if (waiting.size === 0 || job) return nothing;
  const what = waiting.size === 1 ? "change" : "changes";
  return html`<button type="button" class="pill" @click=${() => refresher.applyWaiting()}>${formatCount(waiting.size)} ${what}, show</button>`;
}

export function actionBar(app: App): TemplateResult | typeof nothing {
  const { state, derived } = app;
  if (state.job) return jobBar(app);
  const counts = derived.selectionCounts;
  if (counts.selected === 0) return nothing;
  const all = counts.selected - counts.outOfView === counts.selectableVisible;
  return html`<section class="action-bar" aria-label="Selected runs">
    <p class="selected" role="status"><strong>${formatCount(counts.selected)} selected</strong>${
      counts.outOfView ? html`<span class="note">${formatCount(counts.outOfView)} not in view</span>` : nothing
    }${counts.madeInCode && all ? html`<span class="note">${countRuns(counts.madeInCode)} made in code left out: only a worker can change those</span>` : nothing}</p>
    ${all ? nothing : html`<button type="button" class="quiet" @click=${() => app.set({ selection: selectAll(derived.visible) })}>Select all ${formatCount(counts.selectableVisible)}${isFiltering(state.filter) ? " matching" : ""}</button>`}
    <span class="space"></span>
    ${app.may("bulkUpdate") ? html`<button type="button" @click=${() => requestMove(app, derived.selectedRuns)}>${icon("clock")}Move ${countRuns(counts.selected)}…</button>` : nothing}
    ${app.may("bulkDelete") ? html`<button type="button" class="danger" @click=${() => requestDelete(app, derived.selectedRuns)}>${icon("trash")}Delete ${countRuns(counts.selected)}</button>` : nothing}
    ${menu({ label: html`${icon("save")}<span class="hidden-text">Export the selected runs</span>`, align: "end", kind: "up", body: exportChoices(app, () => derived.selectedRuns) })}
    <button type="button" class="quiet square" aria-label="Clear the selection" @click=${() => app.set({ selection: noSelection })}>${icon("close")}</button>
  </section>`;
}

function jobBar(app: App): TemplateResult | typeof nothing {
  const { job, now } = app.state;
  if (!job) return nothing;
  const handled = job.done + job.failed;
  const seconds = Math.max((now - job.startedAt) / 1000, 0.5);
  const rate = handled / seconds;
  const left = rate > 0 ? formatSpan(((job.total - handled) / rate) * 1000) : undefined;
  return html`<section class="action-bar job" aria-label="Progress">
    <p class="selected"><strong>${job.verb} ${countRuns(job.total)}</strong>
      <span class="note">${formatCount(handled)} of ${formatCount(job.total)}${job.failed ? `, ${formatCount(job.failed)} failed` : ""}${handled ? ` · ${formatCount(Math.round(rate))} a second · ${left} left` : ""}</span></p>
    <progress max=${job.total} value=${handled} aria-label="${job.verb} ${countRuns(job.total)}"></progress>
    <button type="button" ?disabled=${job.cancelling} @click=${job.cancel}>${job.cancelling ? "Cancelling…" : "Cancel"}</button>
  </section>`;
}

/** Stands in for the list when it has no rows; each case has its own way on. */
export function emptyList(app: App): TemplateResult | typeof nothing {
  const { state, derived } = app;
  if (derived.visible.length > 0) return nothing;
  if (state.loaded !== "all") {
    const what = state.loaded === "nothing" ? "Loading the scheduled runs…" : "Nothing matches so far: loading the rest…";
    return state.trouble ? nothing : html`<div class="empty" role="status"><p class="skeleton" aria-hidden="true"><i></i><i></i><i></i><i></i></p><p class="hidden-text">${what}</p></div>`;
  }
  if (derived.present.length === 0) {
    return html`<div class="empty">
      <h2>Nothing is scheduled</h2>
      <p class="note">Runs that are scheduled, here or from code, show up in this list until they fire.</p>
      ${app.may("create") ? html`<button type="button" class="primary" @click=${() => requestCreate(app)}>${icon("plus")}Schedule a run</button>` : nothing}
    </div>`;
  }
  return html`<div class="empty">
    <h2>Nothing matches</h2>
    <p class="note">None of ${countRuns(derived.present.length)} passes the filters.</p>
    <button type="button" @click=${() => app.set({ filter: noFilter })}>Clear all filters</button>
  </div>`;
}
