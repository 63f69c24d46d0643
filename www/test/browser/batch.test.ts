import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { eventually, launch, openConnected, rows, waitForList } from "../support/browser.ts";
import { Server } from "../support/server.ts";

let browser: Browser;
let server: Server;

before(async () => {
  browser = await launch();
  server = await Server.start({ demo: false });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

interface Listed {
  rows: { workflowName: string; triggerAt: string; input: object; additionalMetadata: object; priority: number }[];
}

test("JSON lines are checked, scheduled as they say, and the ones that the server refuses stay to be mended", async () => {
  const { page, complaints, close } = await openConnected(browser, server);
  await waitForList(page);
  await page.getByRole("button", { name: "Schedule a run" }).first().click();
  await page.getByRole("button", { name: "Many, as JSON lines" }).click();
  const lines = page.locator("textarea[name=lines]");

  await lines.fill('{"workflowName": "simple", "triggerAt": "2031-01-02T03:04:05Z"}\n{"workflowName": "simple", "triggerAt": "someday"}');
  await page.getByText("Line 2: triggerAt").waitFor();
  assert.equal(await page.locator("dialog.create button[type=submit]").isDisabled(), true);

  const many = Array.from({ length: 120 }, (_, n) =>
    JSON.stringify({ workflowName: "simple", triggerAt: new Date(Date.UTC(2031, 0, 2, 3, 0, n)).toISOString(), input: { n }, additionalMetadata: { batch: "b:1", n }, priority: 1 + (n % 3) }),
  );
  const mistaken = '{"workflowName": "no-such-workflow", "triggerAt": "2031-06-01 12:00"}';
  await lines.fill([...many.slice(0, 60), "", mistaken, ...many.slice(60)].join("\n"));
  await page.getByRole("button", { name: "Schedule 121 runs" }).click();
  await page.getByText("Scheduled 120 runs; 1 run not").waitFor();
  await eventually(() => lines.inputValue(), (left) => assert.equal(left, mistaken));
  await page.locator("dialog.create [role=alert]", { hasText: "workflow not found" }).waitFor();
  assert.equal((await server.truth()).size, 120);

  await lines.fill(mistaken.replace("no-such-workflow", "greeter"));
  await page.getByRole("button", { name: "Schedule 1 run", exact: true }).click();
  await page.getByText("Scheduled 1 run.").waitFor();
  await page.locator(".summary .total", { hasText: /^121 runs/ }).waitFor();

  const { rows: listed } = (await server.api("GET", "/scheduled?limit=1000&orderByField=triggerAt&orderByDirection=ASC")) as Listed;
  const withoutKey = listed.map(({ workflowName, triggerAt, input, additionalMetadata, priority }) => {
    const { idempotencyKey, ...metadata } = additionalMetadata as Record<string, unknown>;
    assert.ok(idempotencyKey, "each line has a key, so that no repeat schedules it twice");
    return { workflowName, triggerAt: new Date(triggerAt).toISOString(), input, additionalMetadata: metadata, priority };
  });
  assert.deepEqual(withoutKey.slice(0, 120), many.map((line) => JSON.parse(line)));
  assert.deepEqual(withoutKey[120], { workflowName: "greeter", triggerAt: "2031-06-01T10:00:00.000Z", input: {}, additionalMetadata: {}, priority: 1 });
  await rows(page).filter({ hasText: "batch b:1" }).first().waitFor();
  assert.deepEqual(complaints.filter((text) => !text.includes("400")), []);
  await close();
});
