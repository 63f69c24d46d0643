import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { eventually, launch, openConnected, rows, shownCount, waitForList } from "../support/browser.ts";
import { Server } from "../support/server.ts";

let browser: Browser;
let server: Server;

before(async () => {
  browser = await launch();
  server = await Server.start({ demo: false });
});

afterEach(async () => {
  await server.faults();
  const left = [...(await server.truth()).keys()];
  if (left.length) await server.api("POST", "/scheduled/bulk-delete", { scheduledWorkflowRunIds: left });
  await server.forgetRequests();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const HOUR = 3_600_000;
const inAWeek = () => new Date(Math.floor(Date.now() / HOUR) * HOUR + 7 * 24 * HOUR);
const seen = async (path: string) => (await server.requests()).filter((request) => request.path.endsWith(path)).length;
const number = (text: string | null) => Number((text ?? "").replace(/\D/g, ""));

/** Selects what is shown, asks for a shift and confirms it. */
async function shiftShown(page: Page, shift: string, label: string, count: number): Promise<void> {
  await page.getByRole("checkbox", { name: /^Select all/ }).check();
  await page.getByRole("button", { name: /^Move .* runs…$/ }).click();
  await page.getByLabel("By how much").fill(shift);
  if (count >= 100) await page.getByLabel(`Type ${count.toLocaleString("en")} to confirm`).fill(String(count));
  await page.getByRole("button", { name: `Move ${count.toLocaleString("en")} runs by ${label}` }).click();
}

/** The outcome dialog's table, by label. */
async function readOutcome(page: Page): Promise<Record<string, number>> {
  await page.locator("dialog.outcome").waitFor();
  const lines = await page.locator("dialog.outcome table.counts tr").all();
  return Object.fromEntries(await Promise.all(lines.map(async (line) => [await line.locator("th").innerText(), number(await line.locator("td").innerText())] as const)));
}

test("runs can be moved again at once: messages of the moves before do not lie over the dialog's buttons", async () => {
  await server.makeRuns(120, { workflow: "simple", triggerAt: inAWeek(), spacingMs: 1_000 });
  const { page, close } = await openConnected(browser, server, "?zone=UTC");
  await waitForList(page);
  for (const [shift, label] of [["+1h", "+1 h"], ["+2h", "+2 h"], ["+3h", "+3 h"]] as const) {
    await shiftShown(page, shift, label, 120);
    await page.getByText(`Moved 120 runs by ${label}`).waitFor();
  }
  await page.getByRole("checkbox", { name: /^Select all/ }).check();
  await page.getByRole("button", { name: /^Move .* runs…$/ }).click();
  await page.getByRole("button", { name: "Set one time" }).click();
  await page.getByLabel("New time", { exact: true }).fill(`${inAWeek().toISOString().slice(0, 10)} 23:30`);
  await page.getByLabel("Type 120 to confirm").fill("120");
  assert.ok(await page.getByText("Moved 120 runs by +3 h").isVisible());
  await page.getByRole("button", { name: "Move 120 runs to " }).click({ timeout: 3_000 });
  await page.getByText("Moved 120 runs to ").waitFor();
  await close();
});

test("1,200 of 50,000 runs are moved by two hours, each written once and none lost", async () => {
  const triggerAt = inAWeek();
  const moved = new Set(await server.makeRuns(1_200, { workflow: "simple", triggerAt, spacingMs: 1_000 }));
  const others = new Set(await server.makeRuns(48_800, { workflow: "greeter", triggerAt, spacingMs: 1_000 }));
  const before = await server.truth();
  const { page, complaints, close } = await openConnected(browser, server, "?workflow=simple");
  await waitForList(page);
  assert.equal(await shownCount(page), 1_200);
  await server.forgetRequests();
  await shiftShown(page, "+2h", "+2 h", 1_200);
  await page.getByText("Moved 1,200 runs by +2 h").waitFor();

  const now = await server.truth();
  assert.equal(now.size, 50_000);
  for (const [id, run] of before) {
    assert.equal(now.get(id)?.at, run.at + (moved.has(id) ? 2 * HOUR : 0));
    assert.ok(moved.has(id) || others.has(id));
  }
  assert.equal(await seen("/bulk-update"), 3, "chunks of up to 500");

  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Moved 1,200 runs back").waitFor();
  assert.deepEqual(await server.truth(), before);
  assert.deepEqual(complaints, []);
  await close();
});

test("cancelled midway, no further request starts and the totals are true", async () => {
  const before = (await server.makeRuns(6_000, { workflow: "simple", triggerAt: inAWeek(), spacingMs: 1_000 })).length;
  const at = new Map([...(await server.truth())].map(([id, run]) => [id, run.at]));
  const { page, close } = await openConnected(browser, server);
  await waitForList(page);
  await server.faults({ match: { pathContains: "bulk-update" }, then: { delayMs: 400 } });
  await server.forgetRequests();
  await shiftShown(page, "-1h", "−1 h", before);
  await page.waitForFunction(() => (inside().querySelector("progress")?.value ?? 0) >= 1_000);
  await page.getByRole("button", { name: "Cancel" }).click();
  const outcome = await readOutcome(page);
  const started = await seen("/bulk-update");
  await page.waitForTimeout(1_500);
  assert.equal(await seen("/bulk-update"), started);
  assert.ok(started < 12);

  const moved = [...(await server.truth())].filter(([id, run]) => run.at === (at.get(id) ?? 0) - HOUR).length;
  assert.equal(outcome["In all"], before);
  assert.equal(outcome.Done, moved);
  assert.equal((outcome.Done ?? 0) + (outcome["Not attempted"] ?? 0) + (outcome["Unknown: the answer was lost"] ?? 0), before);
  await close();
});

test("undone within eight seconds, a deletion sends nothing", async () => {
  await server.makeRuns(50, { workflow: "simple", triggerAt: inAWeek() });
  const { page, complaints, close } = await openConnected(browser, server);
  await waitForList(page);
  await server.forgetRequests();
  await page.getByRole("checkbox", { name: /^Select all/ }).check();
  await page.getByRole("button", { name: "Delete 50 runs" }).click();
  await page.getByRole("heading", { name: "Nothing is scheduled" }).waitFor();
  await page.waitForTimeout(2_000);
  await page.getByRole("button", { name: /^Undo/ }).click();
  await page.locator(".summary .total", { hasText: /^50 runs/ }).waitFor();
  await page.waitForTimeout(8_000);
  assert.equal((await server.requests()).filter(({ method }) => method !== "GET").length, 0);
  assert.equal((await server.truth()).size, 50);
  assert.deepEqual(complaints, []);
  await close();
});

test("a run that would fire before Undo ran out is deleted at once, and that is said", async () => {
  const id = await server.create("simple", new Date(Date.now() + 14_000));
  const { page, close } = await openConnected(browser, server);
  await rows(page).first().locator(".when").click();
  await page.locator("dialog.detail").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Deleting at once: it would fire before Undo ran out").waitFor();
  await eventually(() => server.truth(), (runs) => assert.equal(runs.has(id), false), 3_000);
  await close();
});

const hide = (page: Page) => page.evaluate(() => {
  Object.defineProperty(document, "hidden", { value: true });
  document.dispatchEvent(new Event("visibilitychange"));
});

for (const { how, ends } of [
  { how: "left", ends: (page: Page) => page.goto("about:blank") },
  { how: "closed", ends: (page: Page) => page.close({ runBeforeUnload: true }) },
  { how: "hidden", ends: hide },
  { how: "disconnected", ends: async (page: Page) => {
    await page.locator(".connection summary").click();
    await page.getByRole("button", { name: "Disconnect" }).click();
  } },
]) {
  test(`what waits for its undo is deleted when the page is ${how}`, async () => {
    await server.makeRuns(600, { workflow: "simple", triggerAt: inAWeek(), spacingMs: 1_000 });
    const kept = await server.create("greeter", new Date(inAWeek().getTime() + HOUR));
    const { page, close } = await openConnected(browser, server);
    await waitForList(page);
    await rows(page).first().locator(".select").click();
    await page.getByRole("button", { name: "Delete 1 run" }).click();
    await page.getByText(/^Deleting a run of simple in \d s$/).waitFor();
    await page.getByRole("searchbox").fill("simple");
    await page.getByRole("checkbox", { name: "Select all 599 runs shown" }).check();
    await page.getByRole("button", { name: "Delete 599 runs" }).click();
    await page.getByLabel("Type 599 to confirm").fill("599");
    await page.locator("dialog").getByRole("button", { name: "Delete 599 runs" }).click();
    await page.getByText(/^Deleting 599 runs in \d s$/).waitFor();
    assert.equal((await server.truth()).size, 601, "nothing is sent before");
    await ends(page);
    await eventually(() => server.truth(), (runs) => assert.deepEqual([...runs.keys()], [kept]), 3_000);
    await close();
  });
}

test("more than fits into requests that outlive their page is deleted as well when it is hidden, each chunk sent once", async () => {
  await server.makeRuns(2_600, { workflow: "simple", triggerAt: inAWeek(), spacingMs: 1_000 });
  const { page, complaints, close } = await openConnected(browser, server);
  await waitForList(page);
  await page.getByRole("checkbox", { name: "Select all 2,600 runs shown" }).check();
  await page.getByRole("button", { name: "Delete 2,600 runs" }).click();
  await page.getByLabel("Type 2,600 to confirm").fill("2600");
  await page.locator("dialog").getByRole("button", { name: "Delete 2,600 runs" }).click();
  await page.getByText(/^Deleting 2,600 runs in \d s$/).waitFor();
  await server.forgetRequests();
  await hide(page);
  await page.getByText("Deleted 2,600 runs.").waitFor();
  assert.equal((await server.truth()).size, 0);
  assert.equal(await seen("/bulk-delete"), 6);
  assert.deepEqual(complaints, []);
  await close();
});

test("changes wait behind a pill while someone is selecting", async () => {
  await server.makeRuns(5, { workflow: "simple", triggerAt: inAWeek(), spacingMs: 1000 });
  const { page, close } = await openConnected(browser, server);
  await waitForList(page);
  await page.mouse.move(0, 0);
  await rows(page).nth(2).locator(".select").click();
  await server.create("greeter", new Date(Date.now() + HOUR));
  await page.getByRole("button", { name: "1 change, show" }).waitFor();
  assert.equal(await rows(page).count(), 5);
  await page.getByRole("button", { name: "1 change, show" }).click();
  await rows(page).filter({ hasText: "greeter" }).waitFor();
  await page.getByText("1 selected").waitFor();
  await close();
});

// Last, because no call of the API removes these runs again.
test("runs made in code are left out up front, with the reason", async () => {
  await server.makeRuns(3, { workflow: "simple", triggerAt: inAWeek() });
  await server.makeRuns(2, { workflow: "greeter", triggerAt: inAWeek(), method: "DEFAULT" });
  const { page, close } = await openConnected(browser, server);
  await page.getByRole("checkbox", { name: "Select all 3 runs shown" }).check();
  await page.getByText("2 runs made in code left out").waitFor();
  await page.getByRole("button", { name: "Delete 3 runs" }).waitFor();
  await close();
});
