/** The list of what fired in the last hour. */

import type { App } from "../state/app.ts";
import { linked } from "../connection/links.ts";
import { shortId } from "../list/run.ts";
import { formatTime } from "../time/zone.ts";
import { modal } from "../ui/dialog.ts";
import { countRuns, formatCount } from "../ui/format.ts";
import { html, nothing, type TemplateResult, verbatim } from "../ui/html.ts";
import { MOST, ofFilter, readFired } from "./fired.ts";
import type { Fired } from "./state.ts";
import { statusChip, statusName } from "./status.ts";

const MAX_ROWS = 200;

export function firedDialog(app: App, fired: Fired): TemplateResult {
  const { runs, isCut, isReading, problem } = fired;
  const { filter, now, connection } = app.state;
  const { shown, counts } = ofFilter(runs ?? [], filter.workflows);
  const tenant = connection.phase === "connected" ? connection.tenantId : "";
  const summary = [...counts].map(([status, count]) => `${formatCount(count)} ${statusName(status).toLowerCase()}`).join(", ");
  return modal(app, {
    name: "fired",
    title: "Started in the last hour",
    onClose: () => app.closeDialog(),
    body: html`<div class="stack">
      ${problem ? html`<p class="caution" role="alert">It could not be read: ${verbatim(problem)}</p>` : nothing}
      ${isReading ? html`<p class="note" role="status">Reading…</p>` : runs ? html`<p class="note" role="status">${countRuns(shown.length)}${summary ? `: ${summary}` : ""}${isCut ? `, of the newest ${formatCount(MOST)}` : ""}${filter.workflows.length ? ", of the workflows that the list is filtered by" : ""}.</p>` : nothing}
      ${shown.length === 0 ? nothing : html`<div class="table-scroll" tabindex="0" role="region" aria-label="Runs that started"><table>
        <thead><tr><th scope="col">Workflow</th><th scope="col">Started</th><th scope="col">State</th><th scope="col">Run</th></tr></thead>
        <tbody>${shown.slice(0, MAX_ROWS).map(({ metadata, workflowName, displayName, createdAt, status }) => html`<tr>
          <th scope="row" translate="no">${workflowName ?? displayName ?? ""}</th><td translate="no">${formatTime(Date.parse(createdAt), app.derived.zone, now)}</td><td>${statusChip(status)}</td>
          <td translate="no">${linked(app.addressOf("run", { tenant, run: metadata.id }), verbatim(shortId(metadata.id)))}</td>
        </tr>`)}</tbody>
      </table></div>${shown.length > MAX_ROWS ? html`<p class="note">And ${formatCount(shown.length - MAX_ROWS)} more.</p>` : nothing}`}
    </div>`,
    actions: html`<button type="button" ?disabled=${isReading} @click=${() => void readFired(app, fired)}>Read again</button>`,
  });
}
