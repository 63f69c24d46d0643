import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ScheduledClient } from "hatchet-scheduled";
import type { Browser, Page } from "playwright-core";
import { assertAccessible, launch, openConnected, seriousComplaints, waitForList } from "../support/browser.ts";
import { Server } from "../support/server.ts";

let browser: Browser;
let server: Server;
let client: ScheduledClient;
const hostile = '<img src=x onerror="globalThis.hit=1">';
const LISTING = /\/workflow-runs(\?|$)/;
const ANY = /\/workflow-runs(\/|\?|$)/;

interface Row {
  metadata: { id: string };
  status: string;
  errorMessage?: string;
  output?: unknown;
}

before(async () => {
  browser = await launch();
  server = await Server.start({});
  client = new ScheduledClient({ token: server.ready.token, serverUrl: server.ready.url });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Lets a page read of runs that started what a test makes of the server's rows. */
async function rewrite(page: Page, pattern: RegExp, change: (rows: Row[]) => object[]): Promise<void> {
  await page.route(pattern, async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as { rows?: Row[]; run?: Row };
    const json = answer.rows ? { ...answer, rows: change(answer.rows) } : { ...answer, run: change([answer.run as Row])[0] };
    await route.fulfill({ response, json });
  });
}

async function assertInert(page: Page): Promise<void> {
  assert.equal(await page.locator("img").count(), 0);
  assert.equal(await page.evaluate("globalThis.hit"), undefined);
}

test("of many that started so many are shown, counted by status, as text, and the rest by its number", { timeout: 60_000 }, async () => {
  await client.trigger(await client.create("simple", { triggerAt: { in: "1h" } }));
  const { page, close, complaints } = await openConnected(browser, server);
  try {
    const statuses = ["COMPLETED", "FAILED", "CANCELLED", "QUEUED", hostile];
    let slow: Promise<void> | undefined;
    await rewrite(page, LISTING, ([row]) => Array.from({ length: 250 }, (_, n) => ({ ...row, metadata: { ...row?.metadata, id: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}` }, workflowName: hostile, displayName: hostile, status: statuses[n % 5] })));
    await page.getByRole("button", { name: "Last hour" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("And 50 more.").waitFor();
    assert.equal(await dialog.locator("tbody tr").count(), 200);
    assert.equal(await dialog.getByRole("status").first().innerText(), `250 runs: 50 succeeded, 50 failed, 50 cancelled, 50 queued, 50 ${hostile.toLowerCase()}.`);
    await assertInert(page);
    await assertAccessible(page, "many that started");

    await page.route(LISTING, async (route) => {
      await slow;
      await route.fallback();
    });
    let go = () => {};
    slow = new Promise((resolve) => (go = resolve));
    await dialog.getByRole("button", { name: "Read again" }).click();
    await dialog.getByText("Reading…").waitFor();
    assert.equal(await dialog.getByRole("button", { name: "Read again" }).isDisabled(), true);
    assert.equal(await dialog.locator("tbody tr").count(), 200, "what was read stays meanwhile");
    go();
    await dialog.getByText("250 runs").waitFor();
    assert.deepEqual(seriousComplaints(complaints), []);
  } finally {
    await close();
  }
});

test("each state that a run can come to is shown as what it is, and why it failed is text", { timeout: 120_000 }, async () => {
  const { page, close, complaints } = await openConnected(browser, server);
  const deleted = await openConnected(browser, server);
  try {
    const gone = await client.create("typed", { triggerAt: { in: "1h" }, traceable: true });
    await deleted.page.getByText(gone.metadata.id.slice(0, 8)).first().click();
    await client.delete(gone);

    let change: Partial<Row> = { status: "QUEUED" };
    await rewrite(page, ANY, (rows) => rows.map((row) => ({ ...row, ...change })));
    const run = await client.create("simple", { triggerAt: { in: "6s" }, traceable: true });
    await waitForList(page);
    await page.getByText(run.metadata.id.slice(0, 8)).first().click();
    const panel = page.getByRole("dialog");
    const shows = (text: string) => panel.getByRole("status").getByText(text, { exact: true }).waitFor({ timeout: 60_000 });
    await shows("Queued");
    assert.equal(await panel.getByLabel("Output").count(), 0);
    change = { status: "FAILED", errorMessage: hostile };
    await shows("Failed");
    assert.equal(await panel.getByLabel("Error").innerText(), hostile);
    assert.equal(await panel.getByLabel("Output").count(), 0);
    await assertInert(page);
    await assertAccessible(page, "a run that failed");

    change = { status: "CANCELLED" };
    await panel.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "left the list" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "simple" }).click();
    await shows("Cancelled");
    assert.equal(await panel.getByLabel("Error").count(), 0);

    await deleted.page.getByText("No run of it has started: it was deleted, or replaced.").waitFor({ timeout: 60_000 });
    assert.deepEqual(seriousComplaints(complaints), []);
    // That it is not there is an answer, of which the browser complains.
    assert.deepEqual(seriousComplaints(deleted.complaints).filter((text) => !text.includes("404")), []);
  } finally {
    await close();
    await deleted.close();
  }
});

test("a pause that would fire many at once ends only once their number was typed", { timeout: 60_000 }, async () => {
  await client.pause("greeter", { scheduledRuns: "fire-late" });
  // The server takes a while to hold it.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  await server.makeRuns(120, { workflow: "greeter", triggerAt: new Date(Date.now() - 3_600_000), spacingMs: 0 });
  const { page, close, complaints } = await openConnected(browser, server);
  try {
    await page.getByRole("button", { name: "1 paused" }).click();
    await page.getByRole("button", { name: /^Unpause greeter/ }).click();
    const dialog = page.getByRole("dialog");
    const unpause = dialog.getByRole("button", { name: "Unpause greeter and fire 120 runs" });
    await unpause.waitFor();
    await dialog.getByText("And 70 more.").waitFor();
    assert.equal(await unpause.isDisabled(), true);
    const count = dialog.getByLabel("Type 120 to confirm");
    await count.fill("12");
    await count.press("Enter");
    assert.equal(await unpause.isDisabled(), true);
    assert.equal((await client.workflows({ name: "greeter" }))[0]?.isPaused, true);
    await assertAccessible(page, "the end of a pause that fires many");
    await count.fill("120");
    await unpause.click();
    await page.getByText("Unpaused greeter: 120 runs fire now.").waitFor();
    assert.equal((await client.workflows({ name: "greeter" }))[0]?.isPaused, false);
    assert.deepEqual(seriousComplaints(complaints), []);
  } finally {
    await close();
  }
});
