/** Deleting, with eight seconds to think better of it. */

import { errorCode, errorMessage } from "../connection/trouble.ts";
import { forget } from "../list/edit.ts";
import { LATE_WINDOW, type Run } from "../list/run.ts";
import { noSelection } from "../list/selection.ts";
import type { App } from "../state/app.ts";
import { countRuns } from "../ui/format.ts";
import { html, verbatim } from "../ui/html.ts";
import { TYPE_COUNT_FROM } from "./draft.ts";
import { runJob, showOutcome } from "./job.ts";
import { settle } from "./outcome.ts";

const UNDO_TIME = 8_000;

/** Asks first where many runs would go; otherwise undo is enough. */
export function requestDelete(app: App, runs: readonly Run[]): void {
  const deletable = runs.filter((run) => !run.madeInCode);
  if (deletable.length === 0) return;
  if (deletable.length >= TYPE_COUNT_FROM) app.openDialog({ kind: "delete", runs: deletable, typed: "" });
  else beginDelete(app, deletable);
}

/** Hides the runs and deletes them when the time to undo is over. */
export function beginDelete(app: App, runs: readonly Run[]): void {
  const now = Date.now();
  const urgent = runs.filter((run) => run.at < now + UNDO_TIME + LATE_WINDOW).length;
  const ids = new Set(runs.map((run) => run.id));
  app.set({
    hidden: new Set([...app.state.hidden, ...ids]),
    selection: noSelection,
    detail: app.state.detail?.phase === "listed" && ids.has(app.state.detail.run.id) ? undefined : app.state.detail,
  });
  if (urgent > 0) {
    const who = runs.length === 1 ? "it" : countRuns(urgent);
    app.toast(`Deleting at once: ${who} would fire before Undo ran out.`, { tone: "warning" });
    void commitDelete(app, runs);
    return;
  }
  const timer = setTimeout(() => {
    app.dismissToast(toast);
    void commitDelete(app, runs);
  }, UNDO_TIME);
  const toast = app.toast(runs.length === 1 ? `Deleted a run of ${runs[0]?.workflow}` : `Deleted ${countRuns(runs.length)}`, {
    until: now + UNDO_TIME,
    countdown: true,
    action: {
      label: "Undo",
      run: () => {
        clearTimeout(timer);
        app.dismissToast(toast);
        reveal(app, ids);
      },
    },
  });
}

function reveal(app: App, ids: ReadonlySet<string>): void {
  app.set({ hidden: new Set([...app.state.hidden].filter((id) => !ids.has(id))) });
}

async function commitDelete(app: App, runs: readonly Run[]): Promise<void> {
  const [only] = runs;
  if (runs.length === 1 && only) return deleteOne(app, only);
  const result = await runJob(app, "Deleting", runs, (client, options) =>
    client.bulkDelete({ scheduledIds: runs.map((run) => run.id) }, options),
  );
  const outcome = settle(runs, result.report, result.listed && { listed: result.listed, reached: () => false, absent: "done" });
  forget(app, outcome.items.filter(({ fate }) => fate === "done" || fate === "gone").map(({ run }) => run.id));
  reveal(app, new Set(runs.map((run) => run.id)));
  showOutcome(app, outcome, {
    title: "Deleting",
    done: (count) => `Deleted ${countRuns(count)}`,
    interruption: result.interruption,
    retry: (again) => beginRetry(app, again),
  });
}

function beginRetry(app: App, runs: readonly Run[]): void {
  app.set({ hidden: new Set([...app.state.hidden, ...runs.map((run) => run.id)]) });
  void commitDelete(app, runs);
}

async function deleteOne(app: App, run: Run): Promise<void> {
  try {
    await app.client?.delete(run.id);
    forget(app, [run.id]);
  } catch (error) {
    if (errorCode(error) === "not-found") {
      app.toast(html`That run of ${verbatim(run.workflow)} had already fired or been deleted.`);
      forget(app, [run.id]);
    } else {
      app.toast(`Not deleted: ${errorMessage(error)}`, { tone: "warning", until: Date.now() + 20_000 });
    }
  } finally {
    reveal(app, new Set([run.id]));
  }
}
