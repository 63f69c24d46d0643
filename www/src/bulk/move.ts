/** Rescheduling one run or many; the old times are remembered so that it can be undone. */

import { errorCode, errorMessage } from "../connection/trouble.ts";
import { forget, replace } from "../list/edit.ts";
import { toRun } from "../list/run.ts";
import { noSelection } from "../list/selection.ts";
import type { App } from "../state/app.ts";
import { countRuns } from "../ui/format.ts";
import { html, verbatim } from "../ui/html.ts";
import { runJob, showOutcome } from "./job.ts";
import { settle } from "./outcome.ts";
import type { PlannedMove } from "./plan.ts";

/** Carries a plan out. `description` completes "Moved 12 runs …". */
export async function carryOut(app: App, moves: readonly PlannedMove[], description: string, verb = "Moving"): Promise<void> {
  app.set({ selection: noSelection });
  const [only] = moves;
  if (moves.length === 1 && only) return moveOne(app, only, description);
  const runs = moves.map(({ run }) => run);
  const after = new Map(moves.map((move) => [move.run.id, move.after]));
  const result = await runJob(app, verb, runs, (client, options) =>
    client.bulkUpdate(moves.map((move) => ({ id: move.run.id, triggerAt: new Date(move.after) })), options),
  );
  const outcome = settle(runs, result.report, result.listed && {
    listed: result.listed,
    reached: (listed) => listed.at === after.get(listed.id),
    absent: "gone",
  });
  const moved = new Set(outcome.items.filter(({ fate }) => fate === "done").map(({ run }) => run.id));
  const done = moves.filter((move) => moved.has(move.run.id));
  retime(app, done);
  forget(app, outcome.items.filter(({ fate }) => fate === "gone").map(({ run }) => run.id));
  showOutcome(app, outcome, {
    title: verb,
    done: (count) => html`Moved ${countRuns(count)} ${verbatim(description)}`,
    interruption: result.interruption,
    retry: (again) => {
      const ids = new Set(again.map((run) => run.id));
      void carryOut(app, moves.filter((move) => ids.has(move.run.id)), description, verb);
    },
    undo: { label: "Undo", run: () => undo(app, done) },
  });
}

function undo(app: App, done: readonly PlannedMove[]): void {
  const back = done.flatMap(({ run, before, after }) => {
    const listed = app.state.runs.get(run.id);
    return listed && listed.at === after ? [{ run: listed, before: after, after: before }] : [];
  });
  if (back.length === 0) app.toast("Nothing to undo: those runs have fired, gone, or been moved again.");
  else void carryOut(app, back, "back", "Restoring");
}

async function moveOne(app: App, move: PlannedMove, description: string): Promise<void> {
  const { run, after } = move;
  try {
    const row = await app.client?.update(run.id, { triggerAt: new Date(after) });
    if (!row) return;
    replace(app, [toRun(row)]);
    const late = row.warnings?.find(({ code }) => code === "late-change");
    app.toast(late ? late.message : html`Moved ${verbatim(run.workflow)} ${verbatim(description)}.`, {
      tone: late ? "warning" : "plain",
      until: app.now() + 15_000,
      action: { label: "Undo", run: () => undo(app, [move]) },
    });
  } catch (error) {
    if (errorCode(error) === "not-found") {
      app.toast(html`That run of ${verbatim(run.workflow)} had already fired or been deleted.`, { tone: "warning" });
      forget(app, [run.id]);
    } else {
      app.toast(`Not moved: ${errorMessage(error)}`, { tone: "warning", until: app.now() + 20_000 });
    }
  }
}

/** Shows the new times before the next look brings them. */
function retime(app: App, moves: readonly PlannedMove[]): void {
  replace(app, moves.map(({ run, after }) => toRun({ ...run.row, triggerAt: new Date(after).toISOString() })));
}
