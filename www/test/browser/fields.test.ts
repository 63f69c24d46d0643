import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, openConnected, rows, seriousComplaints, waitForList } from "../support/browser.ts";
import { Server } from "../support/server.ts";
import { stage } from "../support/stage.ts";

const schema = {
  type: "object",
  required: ["to", "template"],
  properties: {
    to: { type: "string", title: "To <b>whom</b>" },
    template: { type: "string", enum: ["welcome", "receipt"] },
    copies: { type: "integer" },
    tags: { type: "array" },
  },
};
const on = stage();

async function openForm() {
  on.server = await Server.start({ demo: false });
  await on.server.makeWorkflow("formed", schema);
  await on.server.makeRuns(1, { workflow: "formed", triggerAt: new Date(Date.now() + 86_400_000), additionalMetadata: {} });
  const { page, complaints } = await openConnected(on.browser, on.server, "", { reducedMotion: "reduce" });
  await waitForList(page);
  const json = page.locator("dialog.modal textarea").first();
  const value = async () => JSON.parse(await json.inputValue()) as unknown;
  return { page, complaints, json, value, field: (name: string) => page.locator(`dialog.modal [name="input.${name}"]`) };
}

test("a workflow that says what its input looks like is asked for it in fields, and the JSON goes along", async () => {
  const { page, complaints, json, value, field } = await openForm();
  await page.getByRole("button", { name: "Schedule a run" }).click();
  await page.getByLabel("Workflow", { exact: true }).fill("simple");
  assert.equal(await page.locator(".input-fields").count(), 0);
  await page.getByLabel("Workflow", { exact: true }).fill("formed");
  await page.locator(".input-fields .caution", { hasText: "asks for To <b>whom</b>, template" }).waitFor();
  await field("to").fill("ada@example.com");
  await field("template").selectOption("receipt");
  await field("copies").pressSequentially("12");
  assert.deepEqual(await value(), { to: "ada@example.com", template: "receipt", copies: 12 });
  assert.equal(await page.locator(".input-fields .caution").count(), 0);
  await page.getByText("In the JSON alone: tags.").waitFor();
  await assertAccessible(page, "the form with fields");

  await json.fill('{ "to": "grace@example.com", "tags": ["a"] }');
  assert.deepEqual([await field("to").inputValue(), await field("template").inputValue(), await field("copies").inputValue()], ["grace@example.com", "", ""]);
  await field("template").selectOption("welcome");
  await field("to").fill("");
  assert.deepEqual(await value(), { tags: ["a"], template: "welcome" });
  await json.fill("{ broken");
  assert.equal(await field("to").isDisabled(), true, "a text that is no JSON is mended there");
  await json.fill('{ "to": "x" }');

  await page.getByLabel("When", { exact: true }).fill("in 2h");
  await page.getByRole("button", { name: /^Schedule in/ }).click();
  await page.locator("dialog.modal").waitFor({ state: "detached" });
  const { rows: made } = (await on.server.api("GET", "/scheduled?limit=10")) as { rows: { input: unknown }[] };
  assert.ok(made.some(({ input }) => JSON.stringify(input) === '{"to":"x"}'));
  assert.deepEqual(seriousComplaints(complaints), []);
});

test("so is the input that is edited; and where the schema cannot be had, there is the JSON", async () => {
  const { page, value, field } = await openForm();
  await rows(page).first().click();
  await page.getByRole("button", { name: "Edit input…" }).click();
  await field("to").fill("b");
  assert.deepEqual(await value(), { to: "b" });
  await page.getByRole("button", { name: "Cancel" }).click();
  await on.server.faults({ match: { pathContains: "/versions" }, then: { status: 404, body: {} } });
  await page.getByRole("button", { name: "Edit input…" }).click();
  await page.locator("dialog.modal textarea").fill('{ "to": "c" }');
  assert.equal(await page.locator(".input-fields").count(), 0);
  await page.getByRole("button", { name: "Change the input" }).click();
  await page.getByText("Changed the input of a run of formed").waitFor();
});
