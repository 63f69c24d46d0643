import assert from "node:assert/strict";
import { test } from "node:test";
import { NotFoundError } from "hatchet-scheduled";
import { openRun, triggerRun } from "../../src/detail/commands.ts";
import { toDeparture } from "../../src/list/changes.ts";
import { Answers, bareApp } from "../support/app.ts";
import { base, makeRun } from "../support/runs.ts";

const run = makeRun(1);
const notFound = () => Object.assign(Object.create(NotFoundError.prototype) as Error, { code: "not-found", message: "gone" });

test("a run that left the list is opened as what it was, and one that nobody has seen is asked for", async () => {
  const answers = new Answers<unknown>();
  const app = bareApp({ get: answers.ask });
  app.set({ departures: [toDeparture(run, base)] });
  await openRun(app, run.id);
  assert.deepEqual(app.state.detail, { phase: "gone", id: run.id, run });
  void openRun(app, "other");
  assert.equal(app.state.detail?.phase, "loading");
  await answers.answer(0, notFound());
  assert.deepEqual(app.state.detail, { phase: "gone", id: "other", run: undefined });
});

test("a run that is started is followed where it is open, also when the list was faster, and where it was gone that is said", async () => {
  const detailAfter = async (answer: { externalId: string } | Error, detail: ReturnType<typeof bareApp>["state"]["detail"]) => {
    const answers = new Answers<{ externalId: string }>();
    const app = bareApp({ trigger: answers.ask });
    app.set({ runs: new Map([[run.id, run]]), detail });
    void triggerRun(app, run);
    await answers.answer(0, answer);
    assert.equal(app.state.runs.has(run.id), false);
    return app.state.detail;
  };
  const started = { phase: "gone", id: run.id, run, startedAs: "r" } as const;
  assert.deepEqual(await detailAfter({ externalId: "r" }, { phase: "listed", run }), started);
  assert.deepEqual(await detailAfter({ externalId: "r" }, { phase: "gone", id: run.id, run }), started);
  const other = { phase: "listed", run: makeRun(2) } as const;
  assert.deepEqual(await detailAfter({ externalId: "r" }, other), other);
  assert.deepEqual(await detailAfter(notFound(), { phase: "listed", run }), { phase: "gone", id: run.id, run });
});
