import assert from "node:assert/strict";
import { test } from "node:test";
import { newCreateDraft, newInputDraft } from "../../src/create/draft.ts";
import { submitInput } from "../../src/create/input.ts";
import { submitBatch, submitCreate } from "../../src/create/submit.ts";
import type { App } from "../../src/state/app.ts";
import { ensureTemporal } from "../../src/time/temporal.ts";
import { Answers, bareApp } from "../support/app.ts";
import { makeRun } from "../support/runs.ts";

await ensureTemporal();

const run = makeRun(1);
const at = "2031-01-01 09:00";
const line = JSON.stringify({ workflowName: "a", triggerAt: "2031-01-01T00:00:00Z" });

/** Opens a form, and sends it. */
const FORMS: Record<string, (app: App) => void> = {
  "a new run": (app) => {
    const draft = { ...newCreateDraft("a"), when: { ...newCreateDraft("a").when, text: at } };
    app.openDialog({ kind: "create", draft });
    void submitCreate(app, draft);
  },
  "many runs": (app) => {
    const draft = { ...newCreateDraft("a"), mode: "many" as const, lines: line };
    app.openDialog({ kind: "create", draft });
    void submitBatch(app, draft);
  },
  "another input": (app) => {
    const draft = newInputDraft(run);
    app.openDialog({ kind: "input", draft });
    void submitInput(app, draft);
  },
};

for (const [name, submit] of Object.entries(FORMS)) {
  for (const fails of [false, true]) {
    test(`a form that was closed before ${name} was ${fails ? "refused" : "made"} touches no later dialog, and what came of it is told`, async () => {
      const answers = new Answers<unknown>();
      const nothing = async () => undefined;
      const app = bareApp({ create: answers.ask, bulkCreate: answers.ask, get: nothing, delete: nothing, serverTime: nothing });
      submit(app);
      await new Promise((resolve) => setImmediate(resolve));
      app.closeDialog();
      app.openDialog({ kind: "create", draft: newCreateDraft("a") });
      const later = app.state.dialog;
      await answers.answer(0, fails ? new Error("no") : name === "many runs" ? { created: [run.row], errors: [] } : run.row);
      assert.equal(app.state.dialog, later);
      assert.deepEqual(app.state.toasts.map(({ tone }) => tone), [fails ? "warning" : "plain"]);
    });
  }
}
