/** What became of a run that is not scheduled any more, in the panel. */

import type { App } from "../state/app.ts";
import { linked } from "../connection/links.ts";
import { type Run, shortId } from "../list/run.ts";
import { html, nothing, type TemplateResult, verbatim } from "../ui/html.ts";
import { isTraceable } from "./became.ts";
import { statusChip } from "./status.ts";

export function becameView(app: App, run: Run, startedAs: string | undefined): TemplateResult {
  if (!app.may("runs")) return html`<p class="note">What became of it is not shown here.</p>`;
  if (!startedAs && !isTraceable(run)) {
    return html`<p class="note">The server keeps no link from a schedule to the run it started, and this one has no key in its metadata by which it could be found. Runs that are created with an idempotency key, or as traceable, can be followed.</p>`;
  }
  const { became } = app.state;
  const state = became?.id === run.id ? became.state : undefined;
  if (became?.id === run.id && became.problem) return html`<p class="caution">What became of it could not be read: ${verbatim(became.problem)}</p>`;
  if (!state) return html`<p class="note" role="status">Looking for its run…</p>`;
  if (state.status === "scheduled") return html`<p class="note" role="status">It is scheduled.</p>`;
  if (state.status === "gone") return html`<p class="note" role="status">${startedAs ? "No run of it shows: its workflow may have a key of its own, which is taken." : "No run of it has started: it was deleted, or replaced."}</p>`;
  const address = app.addressOf("run", { tenant: run.row.tenantId, run: state.runId });
  return html`<p role="status">${statusChip(state.run.status)}${state.paused ? html` <span class="note">until its workflow goes on</span>` : nothing}</p>
    <dl class="facts"><dt>Run</dt><dd translate="no">${linked(address, verbatim(shortId(state.runId)))}</dd></dl>
    ${state.error ? html`<h3>Error</h3><pre tabindex="0" translate="no" aria-label="Error">${state.error}</pre>` : nothing}
    ${state.status === "succeeded" && !app.hidesInput ? html`<h3>Output</h3><pre tabindex="0" translate="no" aria-label="Output">${JSON.stringify(state.output ?? {}, undefined, 2)}</pre>` : nothing}`;
}
