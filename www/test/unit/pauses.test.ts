import assert from "node:assert/strict";
import { test } from "node:test";
import type { Unpaused, Workflow } from "hatchet-scheduled";
import { firesMore, pause, unpause } from "../../src/pauses/change.ts";
import type { UnpauseDraft } from "../../src/pauses/draft.ts";
import { mayPause, mayUnpause, pausesOf, readPauses, requestPause, requestUnpause } from "../../src/pauses/pauses.ts";
import type { App } from "../../src/state/app.ts";
import { Answers, bareApp } from "../support/app.ts";

const workflow = (name: string, isPaused: boolean, behavior?: string) => ({ name, isPaused, pausedWorkflowScheduledRunQueueBehavior: behavior }) as Workflow;
const runs = (...ids: string[]) => ids.map((id) => ({ metadata: { id } }));
const unpaused = (overdue: string[], queued: string[] = []) => ({ overdue: runs(...overdue), queued: runs(...queued) }) as unknown as Unpaused;
const toasts = (app: App) => app.state.toasts.map(({ tone }) => tone);
const draftOf = (app: App) => (app.state.dialog && "draft" in app.state.dialog ? (app.state.dialog.draft as UnpauseDraft) : undefined);

test("a pause is told as one that keeps runs or one that queues them, and what is not paused is not told", () => {
  const pauses = pausesOf([workflow("a", true, "DROP"), workflow("b", true, "QUEUE"), workflow("c", false, "QUEUE"), workflow("d", true)]);
  assert.deepEqual([...pauses], [["a", "late"], ["b", "queue"], ["d", "late"]]);
});

test("a pause is offered where its workflow may be looked up, and its end where what stands in line may be read", () => {
  const all = ["list", "workflows", "runs", "pause"] as const;
  const offered = (...without: string[]) => {
    const app = bareApp({}, all.filter((operation) => !without.includes(operation)));
    return [mayPause(app), mayUnpause(app, "late"), mayUnpause(app, "queue")];
  };
  assert.deepEqual(offered(), [true, true, true]);
  assert.deepEqual(offered("pause"), [false, false, false]);
  assert.deepEqual(offered("workflows"), [false, false, false]);
  assert.deepEqual(offered("runs"), [true, true, false]);
});

test("of two looks at the pauses the one that was asked for last counts, whenever it is answered", async () => {
  const answers = new Answers<Workflow[]>();
  const app = bareApp({ workflows: answers.ask });
  void readPauses(app);
  void readPauses(app);
  await answers.answer(1, [workflow("a", true)]);
  await answers.answer(0, []);
  assert.deepEqual([...(app.state.pauses ?? [])], [["a", "late"]]);
});

test("what the end of a pause sets off is more once any run has come to it, whatever has left it", () => {
  const shown = unpaused(["a", "b"], ["q"]);
  assert.equal(firesMore(shown, unpaused(["b", "a"], ["q"])), false);
  assert.equal(firesMore(shown, unpaused(["a"])), false);
  assert.equal(firesMore(shown, unpaused(["a", "c"])), true, "as many, but others");
  assert.equal(firesMore(shown, unpaused(["a", "b"], ["q", "r"])), true);
});

test("a pause ends as it was shown, and is shown anew where more would fire", async () => {
  const answers = new Answers<Unpaused>();
  const asked: (boolean | undefined)[] = [];
  const app = bareApp({
    workflows: async () => [],
    unpause: (_: string, { dryRun }: { dryRun?: boolean }) => {
      asked.push(dryRun);
      return answers.ask();
    },
  });
  void requestUnpause(app, "a");
  await answers.answer(0, unpaused(["1"]));
  const shown = draftOf(app) as UnpauseDraft;
  assert.equal(shown.preview?.overdue.length, 1);
  void unpause(app, { ...shown, typed: "1" });
  await answers.answer(1, unpaused(["1", "2"]));
  const again = draftOf(app) as UnpauseDraft;
  assert.deepEqual([again.preview?.overdue.length, again.typed, again.isSent], [2, "", false]);
  assert.match(again.problem ?? "", /More runs would fire/);
  void unpause(app, again);
  await answers.answer(2, unpaused(["1", "2"]));
  assert.deepEqual(asked, [true, true, true, undefined], "nothing was changed until it was as shown");
  await answers.answer(3, unpaused(["1", "2"]));
  assert.equal(app.state.dialog, undefined);
  assert.deepEqual(toasts(app), ["plain"]);
});

test("whoever closes the dialog before it was looked at once more has not agreed", async () => {
  const answers = new Answers<Unpaused>();
  const app = bareApp({ unpause: answers.ask });
  void requestUnpause(app, "a");
  await answers.answer(0, unpaused([]));
  void unpause(app, draftOf(app) as UnpauseDraft);
  app.closeDialog();
  await answers.answer(1, unpaused([]));
  await assert.rejects(answers.answer(2, unpaused([])), /nothing was asked at 2/);
  assert.deepEqual(toasts(app), []);
});

test("what a closed dialog had asked for neither opens it again, nor closes another, nor goes untold", async () => {
  for (const answer of [workflow("a", true), new Error("no")]) {
    const answers = new Answers<Workflow>();
    const app = bareApp({ pause: answers.ask, workflows: async () => [] });
    requestPause(app, "a");
    void pause(app, { workflow: "a", scheduledRuns: "fire-late", ttl: "12h", problem: undefined, isSent: false });
    app.closeDialog();
    requestPause(app, "b");
    const other = app.state.dialog;
    await answers.answer(0, answer);
    assert.equal(app.state.dialog, other);
    assert.deepEqual(toasts(app), [answer instanceof Error ? "warning" : "plain"]);
  }
  const answers = new Answers<Unpaused>();
  const app = bareApp({ unpause: answers.ask });
  void requestUnpause(app, "a");
  app.closeDialog();
  void requestUnpause(app, "a");
  await answers.answer(1, unpaused(["new"]));
  await answers.answer(0, unpaused(["old"]));
  assert.equal(draftOf(app)?.preview?.overdue[0]?.metadata.id, "new");
});
