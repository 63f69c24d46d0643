import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject, RunsQuery, WorkflowRun } from "hatchet-scheduled";
import { noFilter } from "../../src/filters/filter.ts";
import { isTraceable } from "../../src/started/became.ts";
import { MOST, ofFilter, readFired } from "../../src/started/fired.ts";
import { showFired } from "../../src/started/request.ts";
import type { Fired } from "../../src/started/state.ts";
import { statusName } from "../../src/started/status.ts";
import type { App } from "../../src/state/app.ts";
import { Answers, bareApp } from "../support/app.ts";
import { makeRun } from "../support/runs.ts";

const started = (id: string, workflowName?: string, status = "COMPLETED", minute = 0) =>
  ({ metadata: { id }, workflowName, status, createdAt: new Date(minute * 60_000).toISOString() }) as WorkflowRun;
const firedOf = (app: App) => (app.state.dialog?.kind === "fired" ? app.state.dialog.fired : undefined) as Fired;
const idsOf = (app: App) => firedOf(app).runs?.map(({ metadata }) => metadata.id);

test("a run can be followed where a text in its metadata leads to what it becomes", () => {
  const traceable = (metadata: JsonObject | null) => isTraceable(makeRun(1, { metadata }));
  assert.deepEqual([{ scheduledTraceKey: "t" }, { idempotencyKey: "k", other: 1 }].map(traceable), [true, true]);
  assert.deepEqual([null, {}, { idempotencyKey: 5 }, { scheduledTraceKey: null }, { key: "k" }].map(traceable), [false, false, false, false, false]);
});

test("a status has a name for people, and one that is not known is told as it is", () => {
  assert.deepEqual(["QUEUED", "RUNNING", "COMPLETED", "CANCELLED", "FAILED", "EVICTED"].map(statusName), ["Queued", "Running", "Succeeded", "Cancelled", "Failed", "EVICTED"]);
});

test("of what started those of the filter's workflows are shown, and counted by status", () => {
  const runs = [started("1", "a"), started("2", "b", "FAILED"), started("3", "a", "FAILED"), started("4", undefined, "QUEUED")];
  const told = (workflows: string[]) => {
    const { shown, counts } = ofFilter(runs, workflows);
    return [shown.map(({ metadata }) => metadata.id), Object.fromEntries(counts)];
  };
  assert.deepEqual(told([]), [["1", "2", "3", "4"], { COMPLETED: 1, FAILED: 2, QUEUED: 1 }]);
  assert.deepEqual(told(["a"]), [["1", "3"], { COMPLETED: 1, FAILED: 1 }]);
  assert.deepEqual(told(["c"]), [[], {}]);
});

test("the newest of each workflow of the filter are read, so that a busy one hides no other", async () => {
  const asked: (string | undefined)[] = [];
  const runs = async ({ workflowName }: RunsQuery) => {
    asked.push(workflowName);
    if (workflowName === "absent") throw Object.assign(new Error("there is no such workflow"), { code: "not-found" });
    return workflowName === "rare" ? [started("rare", "rare", "FAILED", 1)] : Array.from({ length: MOST }, (_, n) => started(`${n}`, "busy", "COMPLETED", 2 + n % 2));
  };
  const read = async (workflows: string[], allow?: Parameters<typeof bareApp>[1]) => {
    asked.length = 0;
    const app = bareApp({ runs }, allow);
    app.set({ filter: { ...noFilter, workflows } });
    await showFired(app);
    return firedOf(app);
  };
  const both = await read(["rare", "busy", "absent"]);
  assert.deepEqual(asked, ["rare", "busy", "absent"]);
  assert.deepEqual([both.runs?.length, both.isCut, both.isReading, both.runs?.at(-1)?.metadata.id], [MOST + 1, true, false, "rare"]);
  assert.equal((await read(["rare"])).isCut, false);
  await read([]);
  assert.deepEqual(asked, [undefined]);
  await read(["rare"], ["list", "runs"]);
  assert.deepEqual(asked, [undefined], "names are not looked up where that is not allowed");
  await read(Array.from({ length: 9 }, (_, n) => `w${n}`));
  assert.deepEqual(asked, [undefined], "nor are very many");
});

test("reading shows that it reads, keeps what was there, and is not overtaken by what an earlier dialog asked", async () => {
  const answers = new Answers<WorkflowRun[]>();
  const app = bareApp({ runs: answers.ask });
  const open = async () => {
    void showFired(app);
    assert.deepEqual([firedOf(app).isReading, firedOf(app).runs], [true, undefined]);
    await new Promise((resolve) => setTimeout(resolve, 50));
  };
  await open();
  app.closeDialog();
  await open();
  await answers.answer(1, [started("new")]);
  await answers.answer(0, [started("old")]);
  assert.deepEqual([idsOf(app), firedOf(app).isReading], [["new"], false]);
  void readFired(app, firedOf(app));
  assert.deepEqual([idsOf(app), firedOf(app).isReading], [["new"], true]);
  await answers.answer(2, new Error("no"));
  assert.deepEqual([idsOf(app), firedOf(app).isReading], [["new"], false]);
  assert.match(firedOf(app).problem ?? "", /no/);
  app.closeDialog();
  assert.equal(app.state.dialog, undefined);
});
