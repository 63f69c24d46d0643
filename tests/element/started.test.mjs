import assert from "node:assert/strict";
import { test } from "node:test";

import { openHost, rowsOf } from "./support.mjs";

const TAG = '<scheduled-runs server-url="/api/scheduled"></scheduled-runs>';
const filled = (server) => server.insertRuns({ count: 2, workflow: "simple", triggerAt: "2031-01-01T00:00:00Z" });

/** Opens a run as a user who may do this, and starts it. */
async function started(t, access) {
  const host = await openHost(t, { body: TAG, access });
  await filled(host.server);
  await host.go();
  await rowsOf(host.page).first().click();
  const panel = host.page.locator("dialog.detail");
  await panel.getByRole("button", { name: "Trigger now" }).waitFor();
  const look = async () => ({
    lastHour: await host.page.getByRole("button", { name: "Last hour" }).count(),
    pause: await panel.getByRole("button", { name: "Pause…" }).count(),
  });
  const start = async () => {
    await panel.getByRole("button", { name: "Trigger now" }).click();
    await panel.getByText("has been started ahead of its time").waitFor();
  };
  return { ...host, panel, look, start };
}

test("who may not read what started, nor pause, is offered neither, and told so of what was started", async (t) => {
  const { panel, look, start, asked, problems } = await started(t, { allow: ["list", "get", "workflows", "trigger"] });
  await start();
  await panel.getByText("What became of it is not shown here.").waitFor();
  assert.deepEqual(await look(), { lastHour: 0, pause: 0 });
  assert.equal(asked.some((request) => /workflow-runs|PATCH/.test(request)), false);
  assert.deepEqual(problems, []);
});

test("a pause is not offered to who may not look its workflow up, and is to who may", async (t) => {
  const without = await started(t, { allow: ["list", "get", "runs", "pause", "trigger"] });
  // Were they asked for, it would be by now.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  assert.deepEqual(await without.look(), { lastHour: 1, pause: 0 });
  assert.equal(without.asked.some((request) => request.endsWith("/workflows")), false, "nor are workflows asked for");
  assert.deepEqual(without.problems, []);
  const { panel, problems } = await started(t, { allow: ["list", "get", "workflows", "pause", "trigger"] });
  await panel.getByRole("button", { name: "Pause…" }).waitFor();
  assert.deepEqual(problems, []);
});

test("where inputs are kept back, so is what a run gave", async (t) => {
  const { page, panel, start, problems } = await started(t, { allow: "write", hideInput: true });
  const answers = [];
  page.on("response", async (response) => /workflow-runs\//.test(response.url()) && answers.push(await response.text()));
  await start();
  await panel.getByText("Succeeded").waitFor({ timeout: 30_000 });
  assert.equal(await panel.getByText("Output").count(), 0);
  assert.equal(await panel.getByRole("button", { name: "Schedule it again" }).count(), 0);
  assert.ok(answers.length > 0);
  for (const answer of answers) assert.doesNotMatch(answer, /"(output|input)"/);
  assert.deepEqual(problems, []);
});
