import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, eventually, openConnected, rows, waitForList } from "../support/browser.ts";
import { Server } from "../support/server.ts";
import { stage } from "../support/stage.ts";

const on = stage();

test("the picker for a new run offers every workflow, also where nothing is scheduled, and names one that is not there", async () => {
  on.server = await Server.start({ demo: false });
  for (let index = 0; index < 300; index += 1) await on.server.makeWorkflow(`nightly-${index}`);
  const { page, complaints, close } = await openConnected(on.browser, on.server);
  await page.locator(".empty").getByRole("button", { name: "Schedule a run" }).click();
  const field = page.getByRole("dialog").getByLabel("Workflow");
  const offered = () => page.locator("#workflow-names option").evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  await eventually(offered, (names) => assert.equal(names.length, 100));
  await field.fill("LY-29");
  await eventually(offered, (names) => assert.deepEqual(names, ["nightly-29", ...Array.from({ length: 10 }, (_, index) => `nightly-29${index}`)]));
  await field.fill("nobody");
  await page.getByText("The server knows no workflow of this name.").waitFor();
  await assertAccessible(page, "an unknown workflow");
  assert.deepEqual(complaints, []);
  await close();
});

test("columns are hidden by the keyboard too, leave no gap, and stay hidden on the next visit", async () => {
  on.server = await Server.start({ demo: false });
  await on.server.makeRuns(3, { workflow: "simple", triggerAt: new Date(Date.now() + 86_400_000) });
  const { page, close } = await openConnected(on.browser, on.server);
  await waitForList(page);
  const headers = () => page.locator(".head [role=columnheader]:visible").allInnerTexts();
  assert.equal((await headers()).length, 9);
  await page.locator("summary", { hasText: "Columns" }).focus();
  await page.keyboard.press("Enter");
  for (const name of ["Metadata", "Created"]) {
    await page.getByRole("checkbox", { name }).focus();
    await page.keyboard.press("Space");
  }
  await page.keyboard.press("Escape");
  const check = async () => {
    await eventually(headers, (shown) => assert.deepEqual(shown.map((text) => text.trim()), ["", "Fires", "Time", "State", "Workflow", "Priority", "Id"]));
    assert.equal(await page.locator(".grid").getAttribute("aria-colcount"), "7");
    const [head, row] = await Promise.all([page.locator(".head .id").boundingBox(), rows(page).first().locator(".id").boundingBox()]);
    assert.equal(head?.x, row?.x, "heads stand over their columns");
    const grid = await page.locator(".grid").boundingBox();
    assert.ok((head?.x ?? 0) + (head?.width ?? 0) > (grid?.width ?? 0) - 40, "the others take the room");
  };
  await check();
  await page.reload();
  await waitForList(page);
  await check();
  assert.doesNotMatch(await page.evaluate(() => Object.values(localStorage).join()), /eyJ/);
  await close();
});

test("workflows and started runs are linked to Hatchet's own pages", async () => {
  on.server = await Server.start({ demo: false });
  await on.server.makeRuns(1, { workflow: "simple", triggerAt: new Date(Date.now() + 86_400_000) });
  const { page, close } = await openConnected(on.browser, on.server);
  await waitForList(page);
  await rows(page).first().click();
  const link = page.locator("dialog.detail").getByRole("link", { name: "simple" });
  const { url, tenantId } = on.server.ready;
  assert.match((await link.getAttribute("href")) ?? "", new RegExp(`^${url}/tenants/${tenantId}/workflows/[0-9a-f-]{36}$`));
  assert.equal(await link.getAttribute("rel"), "noopener noreferrer");
  await assertAccessible(page, "a link in the panel");
  await page.getByRole("button", { name: "Trigger now" }).click();
  const run = page.locator(".toast").getByRole("link");
  assert.match((await run.getAttribute("href")) ?? "", new RegExp(`^${url}/tenants/${tenantId}/runs/[0-9a-f-]{36}$`));
  await close();
});
