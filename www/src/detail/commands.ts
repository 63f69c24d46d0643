/** Opening one run, walking from one to the next, starting one now. */

import { errorCode, errorMessage, explainTrouble } from "../connection/trouble.ts";
import { linked } from "../connection/links.ts";
import { forget } from "../list/edit.ts";
import { type Run, shortId, toRun } from "../list/run.ts";
import type { App } from "../state/app.ts";
import { html, verbatim } from "../ui/html.ts";

/** Opens a run from the list, or one that left it, or asks the server for one that was never in it. */
export async function openRun(app: App, id: string): Promise<void> {
  const known = app.state.runs.get(id);
  if (known) {
    app.set({ detail: { phase: "listed", run: known }, active: id });
    return;
  }
  const left = app.state.departures.find(({ run }) => run.id === id)?.run;
  if (left) {
    app.set({ detail: { phase: "gone", id, run: left } });
    return;
  }
  app.set({ detail: { phase: "loading", id } });
  const stillOpen = () => app.state.detail?.phase === "loading" && app.state.detail.id === id;
  try {
    const row = await app.client?.get(id);
    if (row && stillOpen()) app.set({ detail: { phase: "listed", run: toRun(row) } });
  } catch (error) {
    if (!stillOpen()) return;
    if (errorCode(error) === "not-found") app.set({ detail: { phase: "gone", id, run: undefined } });
    else app.set({ detail: { phase: "failed", id, trouble: explainTrouble(error, { origin: location.origin, serverUrl: undefined, online: navigator.onLine }) } });
  }
}

/** Closes the panel; the keyboard goes on in the list. */
export function closeRun(app: App): void {
  app.set({ detail: undefined });
  requestAnimationFrame(() => app.root.querySelector<HTMLElement>(".grid")?.focus({ preventScroll: true }));
}

/** The run `step` rows away from the open one, in the order shown. */
export function neighbour(app: App, id: string, step: 1 | -1): Run | undefined {
  const index = app.derived.indexOf(id);
  return index < 0 ? undefined : app.derived.visible[index + step];
}

/** Starts a run now; its schedule is used up by that. */
export async function triggerRun(app: App, run: Run): Promise<void> {
  try {
    const started = await app.client?.trigger(run.id);
    if (!started) return;
    forget(app, [run.id]);
    tellGone(app, { phase: "gone", id: run.id, run, startedAs: started.externalId });
    const address = app.addressOf("run", { tenant: run.row.tenantId, run: started.externalId });
    app.toast(html`Started ${verbatim(run.workflow)} as run ${linked(address, verbatim(shortId(started.externalId)))}.`, { until: app.now() + 15_000 });
  } catch (error) {
    if (errorCode(error) === "not-found") {
      app.toast(html`That run of ${verbatim(run.workflow)} had already fired or been deleted.`, { tone: "warning" });
      forget(app, [run.id]);
      tellGone(app, { phase: "gone", id: run.id, run });
    } else {
      app.toast(`Not started: ${errorMessage(error)} The run is still scheduled as far as is known.`, { tone: "warning", until: app.now() + 20_000 });
    }
  }
}

/** Says in the panel, where it shows the run, that it is scheduled no more. The list may have shown that meanwhile. */
function tellGone(app: App, gone: App["state"]["detail"] & { phase: "gone" }): void {
  const { detail } = app.state;
  const open = detail?.phase === "listed" ? detail.run.id : detail?.id;
  if (open === gone.id) app.set({ detail: gone });
}
