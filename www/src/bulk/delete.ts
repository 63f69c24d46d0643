/** Deleting, with eight seconds to think better of it while the page is in sight. */

import { errorCode, errorMessage } from "../connection/trouble.ts";
import { forget } from "../list/edit.ts";
import { LATE_WINDOW, type Run } from "../list/run.ts";
import { noSelection } from "../list/selection.ts";
import type { App, Unsent } from "../state/app.ts";
import { countRuns } from "../ui/format.ts";
import { html, verbatim, type Words } from "../ui/html.ts";
import { TYPE_COUNT_FROM } from "./draft.ts";
import { runJob, showOutcome } from "./job.ts";
import { settle } from "./outcome.ts";

const UNDO_TIME = 8_000;
/** Requests that outlive their page may carry 64 KiB together: three of the client's chunks of 500 ids. */
const OUTLIVING = 3;
/** So many runs are surely deleted although the page ends. */
export const SURELY_SENT = OUTLIVING * 500;

/** Sends what waits: once it is hidden, a page may end without another word. A browser refuses what would be too much. */
export function sendWaiting({ unsent }: App): void {
  let room = SURELY_SENT;
  for (const { count, send } of unsent) {
    // A call too large for the room sends its chunks one after another within it, if the room is its own.
    const outlives = count <= room || room === SURELY_SENT;
    if (outlives) room = Math.max(0, room - count);
    send(outlives);
  }
}

/** Asks first where many runs would go; otherwise undo is enough. */
export function requestDelete(app: App, runs: readonly Run[]): void {
  const deletable = runs.filter((run) => !run.madeInCode);
  if (deletable.length === 0 || !app.may(deletable.length > 1 ? "bulkDelete" : "delete")) return;
  if (deletable.length >= TYPE_COUNT_FROM) app.openDialog({ kind: "delete", runs: deletable, typed: "" });
  else beginDelete(app, deletable);
}

/** Hides the runs and deletes them when the time to undo is over. */
export function beginDelete(app: App, runs: readonly Run[]): void {
  const now = app.now();
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
  const stop = () => {
    clearTimeout(timer);
    app.unsent.delete(entry);
    app.dismissToast(toast);
  };
  const entry: Unsent = {
    count: runs.length,
    send: (keepalive) => {
      stop();
      void commitDelete(app, runs, keepalive);
    },
  };
  const timer = setTimeout(() => {
    stop();
    void commitDelete(app, runs);
  }, UNDO_TIME);
  app.unsent.add(entry);
  const toast = app.toast(deleting(runs), {
    until: now + UNDO_TIME,
    countdown: true,
    action: {
      label: "Undo",
      run: () => {
        stop();
        reveal(app, ids);
      },
    },
  });
}

function deleting(runs: readonly Run[]): Words {
  return runs.length === 1 ? html`Deleting a run of ${verbatim(runs[0]?.workflow ?? "")}` : `Deleting ${countRuns(runs.length)}`;
}

function reveal(app: App, ids: ReadonlySet<string>): void {
  app.set({ hidden: new Set([...app.state.hidden].filter((id) => !ids.has(id))) });
}

/** One run is deleted by a request that outlives the page at any time: it costs nothing. */
async function commitDelete(app: App, runs: readonly Run[], keepalive = runs.length === 1): Promise<void> {
  const [only] = runs;
  if (runs.length === 1 && only) return deleteOne(app, only, keepalive);
  const result = await runJob(app, "Deleting", runs, (client, options) =>
    client.bulkDelete({ scheduledIds: runs.map((run) => run.id) }, keepalive ? { ...options, keepalive, concurrency: OUTLIVING } : options),
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

async function deleteOne(app: App, run: Run, keepalive: boolean): Promise<void> {
  const underWay = app.toast(html`${deleting([run])}…`, { until: Number.POSITIVE_INFINITY });
  try {
    if (!app.client) throw new Error("Not connected.");
    await app.client.delete(run.id, { keepalive });
    forget(app, [run.id]);
    app.toast(html`Deleted a run of ${verbatim(run.workflow)}.`);
  } catch (error) {
    if (errorCode(error) === "not-found") {
      app.toast(html`That run of ${verbatim(run.workflow)} had already fired or been deleted.`);
      forget(app, [run.id]);
    } else {
      app.toast(`Not deleted: ${errorMessage(error)}`, { tone: "warning", until: app.now() + 20_000 });
    }
  } finally {
    app.dismissToast(underWay);
    reveal(app, new Set([run.id]));
  }
}
