/** Whichever dialog is open. */

import { live } from "lit-html/directives/live.js";
import { moveDialog } from "../bulk/move-view.ts";
import { deleteDialog, outcomeDialog } from "../bulk/view.ts";
import { inputDialog } from "../create/input-view.ts";
import { createDialog } from "../create/view.ts";
import { openRun } from "../detail/commands.ts";
import { stateNames } from "../list/run.ts";
import { pauseDialog, pausedDialog, unpauseDialog } from "../pauses/view.ts";
import { reconcileDialog } from "../reconcile/view.ts";
import { firedDialog } from "../started/fired-view.ts";
import type { App } from "../state/app.ts";
import { formatTime } from "../time/zone.ts";
import { formatRelative } from "../time/relative.ts";
import { modal } from "./dialog.ts";
import { countRuns, formatCount } from "./format.ts";
import { html, nothing, type TemplateResult } from "./html.ts";

export function openDialog(app: App): TemplateResult | typeof nothing {
  const { dialog } = app.state;
  switch (dialog?.kind) {
    case undefined:
      return nothing;
    case "create":
      return createDialog(app, dialog.draft);
    case "input":
      return inputDialog(app, dialog.draft);
    case "move":
      return moveDialog(app, dialog.draft);
    case "delete":
      return deleteDialog(app, dialog.runs, dialog.typed);
    case "outcome":
      return outcomeDialog(app, dialog);
    case "departures":
      return departuresDialog(app);
    case "fired":
      return firedDialog(app, dialog.fired);
    case "pause":
      return pauseDialog(app, dialog.draft);
    case "unpause":
      return unpauseDialog(app, dialog.draft);
    case "paused":
      return pausedDialog(app);
    case "reconcile":
      return reconcileDialog(app, dialog.draft);
    case "zone":
      return zoneDialog(app, dialog.text);
    case "help":
      return helpDialog(app);
  }
}

const MAX_ROWS = 100;

function departuresDialog(app: App): TemplateResult {
  const { departures, now } = app.state;
  const open = (id: string) => {
    app.closeDialog();
    void openRun(app, id);
  };
  return modal(app, {
    name: "departures",
    title: `${countRuns(departures.length)} left the list`,
    onClose: () => app.closeDialog(),
    body: html`<div class="stack">
      <p class="note">Since this page was opened. The server does not say what became of them: one whose time had come is taken to have fired, one that left earlier to have been deleted or triggered by someone else.</p>
      <div class="table-scroll" tabindex="0" role="region" aria-label="Runs that left"><table>
        <thead><tr><th scope="col">Workflow</th><th scope="col">Was due</th><th scope="col">What</th><th scope="col">Left</th></tr></thead>
        <tbody>${departures.slice(0, MAX_ROWS).map(({ run, leftAt, how }) => html`<tr>
          <th scope="row" translate="no"><button type="button" class="link" @click=${() => open(run.id)}>${run.workflow}</button></th><td translate="no">${formatTime(run.at, app.derived.zone, now)}</td><td>${how === "fired" ? "Fired" : "Removed"}</td><td translate="no">${formatRelative(leftAt, now)}</td>
        </tr>`)}</tbody>
      </table></div>${departures.length > MAX_ROWS ? html`<p class="note">And ${formatCount(departures.length - MAX_ROWS)} more.</p>` : nothing}
    </div>`,
    actions: html`<button type="button" @click=${() => {
      app.closeDialog();
      app.set({ departures: [] });
    }}>Mark as seen</button>`,
  });
}

function zoneDialog(app: App, text: string): TemplateResult {
  const wanted = text.trim().toLowerCase().replaceAll(" ", "_");
  const matches = Intl.supportedValuesOf("timeZone").filter((zone) => zone.toLowerCase().includes(wanted)).slice(0, 12);
  const choose = (zone: string) => {
    app.set({ zone });
    app.closeDialog();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (matches[0]) choose(matches[0]);
  };
  return modal(app, {
    name: "zone",
    title: "Show times in",
    onClose: () => app.closeDialog(),
    body: html`<form class="stack" @submit=${submit}>
      <label class="field"><span>City or zone</span>
        <input type="text" autocomplete="off" spellcheck="false" autofocus placeholder="Berlin" .value=${live(text)}
          @input=${(event: Event) => app.set({ dialog: { kind: "zone", text: (event.target as HTMLInputElement).value } })} /></label>
      <ul class="options" translate="no">${matches.map((zone) => html`<li><button type="button" class="quiet" @click=${() => choose(zone)}>${zone}</button></li>`)}</ul>
      ${matches.length === 0 ? html`<p class="problem">No zone has that in its name.</p>` : nothing}
    </form>`,
  });
}

const shortcuts: readonly [string, string][] = [
  ["/", "Search"],
  ["n", "Schedule a run"],
  ["↑ ↓ PageUp PageDown Home End", "Move through the list"],
  ["Enter", "Open the run"],
  ["Space", "Select the run"],
  ["Shift with ↑ ↓, Space or a click", "Select a range"],
  ["Ctrl A", "Select all that match"],
  ["r", "Reschedule what is selected"],
  ["Delete", "Delete what is selected"],
  ["Esc", "Close, or clear the selection"],
  ["?", "This sheet"],
];

function helpDialog(app: App): TemplateResult {
  return modal(app, {
    name: "help",
    title: "Keyboard",
    scrolls: true,
    onClose: () => app.closeDialog(),
    body: html`<dl class="facts keys">${shortcuts.map(([keys, what]) => html`<dt><kbd translate="no">${keys}</kbd></dt><dd>${what}</dd>`)}</dl>
      <h3>States</h3>
      <dl class="facts">
        <dt>${stateNames.overdue}</dt><dd>Its time passed more than 15 s ago. The engine looks every 5 s.</dd>
        <dt>${stateNames.soon}</dt><dd>Fires within 5 minutes. A change in the last 10 s may come too late.</dd>
        <dt>${stateNames.scheduled}</dt><dd>Later than that.</dd>
      </dl>`,
  });
}
