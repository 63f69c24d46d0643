import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ScheduledClient } from "hatchet-scheduled";
import type { Browser } from "playwright-core";
import { assertAccessible, launch, openConnected, rows, seriousComplaints, waitForList } from "../support/browser.ts";
import { Server } from "../support/server.ts";

let browser: Browser;
let server: Server;
let client: ScheduledClient;

before(async () => {
  browser = await launch();
  server = await Server.start({});
  client = new ScheduledClient({ token: server.ready.token, serverUrl: server.ready.url });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("a run that fired while it was open shows what became of it, with a link; one without a key says why not", { timeout: 120_000 }, async () => {
  const { page, close, complaints } = await openConnected(browser, server);
  try {
    const run = await client.create("simple", { triggerAt: { in: "8s" }, traceable: true, input: { a: 1 } });
    const keyless = await client.create("greeter", { triggerAt: { in: "20s" } });
    await page.getByText(run.metadata.id.slice(0, 8)).first().click();
    const panel = page.getByRole("dialog");
    await panel.getByText("No longer scheduled").waitFor({ timeout: 60_000 });
    await panel.getByText("Succeeded").waitFor({ timeout: 30_000 });
    assert.match(await panel.getByLabel("Output").innerText(), /"ok": true/);
    assert.match((await panel.getByRole("link").getAttribute("href")) ?? "", /\/tenants\/[0-9a-f-]+\/runs\/[0-9a-f-]+$/);
    await assertAccessible(page, "what became of a run");
    await panel.getByRole("button", { name: "Close" }).click();
    await page.getByText(keyless.metadata.id.slice(0, 8)).first().click();
    await panel.getByText("as traceable, can be followed").waitFor({ timeout: 60_000 });
    assert.deepEqual(seriousComplaints(complaints), []);
  } finally {
    await close();
  }
});

test("a run that is started from here is followed whether it has a key or not, and one that left is opened from the list of those", { timeout: 120_000 }, async () => {
  const { page, close, complaints } = await openConnected(browser, server);
  const panel = page.getByRole("dialog").filter({ hasText: "No longer scheduled" });
  try {
    const keyless = await client.create("greeter", { triggerAt: { in: "1h" } });
    await page.getByText(keyless.metadata.id.slice(0, 8)).first().click();
    await page.getByRole("button", { name: "Trigger now" }).click();
    await panel.getByText("has been started ahead of its time").waitFor();
    await panel.getByText("Succeeded").waitFor({ timeout: 30_000 });
    await assertAccessible(page, "a run that was started from here");
    await panel.getByRole("button", { name: "Close" }).click();

    const traced = await client.create("typed", { triggerAt: { in: "6s" }, traceable: true });
    const row = page.getByText(traced.metadata.id.slice(0, 8)).first();
    await row.waitFor();
    await row.waitFor({ state: "detached", timeout: 60_000 });
    await page.getByRole("button", { name: "1 left the list" }).click();
    await assertAccessible(page, "runs that left");
    await page.getByRole("dialog").getByRole("button", { name: "typed" }).click();
    await panel.getByText("Succeeded").waitFor({ timeout: 30_000 });
    assert.match(page.url(), new RegExp(traced.metadata.id));
    assert.deepEqual(seriousComplaints(complaints), []);
  } finally {
    await close();
  }
});

test("what started in the last hour is listed, and its names are inert", { timeout: 60_000 }, async () => {
  await client.create("simple", { triggerAt: { in: 0 } });
  await client.create("greeter", { triggerAt: { in: 0 } });
  await new Promise((resolve) => setTimeout(resolve, 7_000));
  const { page, close, complaints } = await openConnected(browser, server);
  try {
    await page.getByRole("button", { name: "Last hour" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("table").waitFor();
    assert.match(await dialog.getByRole("status").first().innerText(), /^\d+ runs: \d+ succeeded/);
    assert.ok((await dialog.getByRole("link").count()) >= 2);
    await assertAccessible(page, "started in the last hour");
    await page.keyboard.press("Escape");
    assert.deepEqual(seriousComplaints(complaints), []);
  } finally {
    await close();
  }
});

test("a paused workflow is said to be paused, and its pause ends once it is told what fires", { timeout: 120_000 }, async () => {
  const run = await client.create("simple", { triggerAt: { in: "1h" } });
  const { page, close, complaints } = await openConnected(browser, server);
  try {
    await waitForList(page);
    await rows(page).first().click();
    await page.getByRole("button", { name: "Pause…" }).click();
    const dialog = page.getByRole("dialog").filter({ hasText: "held back" });
    await assertAccessible(page, "pausing");
    await dialog.getByRole("button", { name: "Pause simple" }).click();
    await page.getByText("Paused simple.").waitFor();
    assert.equal((await client.workflows({ name: "simple" }))[0]?.isPaused, true);
    // The server takes a while to hold it.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    await client.update(run, { triggerAt: new Date(Date.now() - 60_000) });
    await page.getByText("its workflow is paused, and it fires when the pause ends").waitFor({ timeout: 60_000 });
    await page.getByRole("button", { name: "1 paused" }).click();
    await assertAccessible(page, "paused workflows");
    await page.getByRole("button", { name: /^Unpause simple/ }).click();
    const unpause = page.getByRole("button", { name: "Unpause simple and fire 1 run" });
    await unpause.waitFor();
    await assertAccessible(page, "unpausing");
    assert.equal((await client.workflows({ name: "simple" }))[0]?.isPaused, true, "looking changes nothing");
    await unpause.click();
    await page.getByText("Unpaused simple: 1 run fires now.").waitFor();
    assert.equal((await client.workflows({ name: "simple" }))[0]?.isPaused, false);
    assert.deepEqual(seriousComplaints(complaints), []);
  } finally {
    await close();
  }
});

test("a workflow that someone else has paused is not offered to be paused, though none of its runs is late", { timeout: 60_000 }, async () => {
  const { metadata } = await client.create("simple", { triggerAt: { in: "2h" } });
  await client.pause("simple", { scheduledRuns: "queue", ttl: "1h" });
  const { page, close, complaints } = await openConnected(browser, server);
  try {
    await page.getByText(metadata.id.slice(0, 8)).first().click();
    const panel = page.getByRole("dialog");
    await panel.getByText("Paused", { exact: true }).waitFor();
    await panel.getByRole("button", { name: "Unpause…" }).waitFor();
    assert.equal(await panel.getByRole("button", { name: "Pause…", exact: true }).count(), 0);
    await client.unpause("simple");
    await panel.getByRole("button", { name: "Pause…", exact: true }).waitFor({ timeout: 30_000 });
    assert.deepEqual(seriousComplaints(complaints), []);
  } finally {
    await client.delete(metadata.id);
    await close();
  }
});

test("a run with a key of one's own is kept, moved or replaced, as was chosen", { timeout: 60_000 }, async () => {
  const { page, close, complaints } = await openConnected(browser, server);
  const schedule = async (when: string, choice?: string) => {
    await page.getByRole("button", { name: "Schedule a run" }).first().click();
    await page.getByLabel("Workflow", { exact: true }).fill("greeter");
    await page.getByLabel("When", { exact: true }).fill(when);
    await page.getByLabel("Key optional").fill("own");
    if (choice) await page.getByRole("radio", { name: choice }).check();
    await assertAccessible(page, "a key of one's own");
    await page.locator("dialog.create button[type=submit]").click();
  };
  const runs = async () => (await client.list({ workflowName: "greeter", additionalMetadata: { idempotencyKey: "own" } })).rows;
  try {
    await schedule("2031-01-01 09:00");
    await page.getByText(/^Scheduled greeter/).waitFor();
    const [first] = await runs();
    await schedule("2031-01-02 09:00");
    await page.getByText("with this key is there already, and stays as it is").waitFor();
    assert.equal((await runs())[0]?.triggerAt, first?.triggerAt);
    await schedule("2031-01-03 09:00", "Move it");
    await page.getByText(/^Scheduled greeter for Fri 3 Jan/).waitFor();
    assert.deepEqual((await runs()).map(({ metadata }) => metadata.id), [first?.metadata.id]);
    assert.deepEqual(seriousComplaints(complaints), []);
  } finally {
    await close();
  }
});

test("a set of keyed runs is compared, seen, and made what the lines say", { timeout: 60_000 }, async () => {
  const wanted = (hours: Record<string, number>) => Object.entries(hours).map(([idempotencyKey, hour]) => JSON.stringify({ workflowName: "typed", triggerAt: new Date(Date.UTC(2031, 0, 1, hour)).toISOString(), idempotencyKey })).join("\n");
  await client.bulkCreate([{ workflowName: "typed", triggerAt: Date.UTC(2031, 0, 1, 1), idempotencyKey: "a" }, { workflowName: "typed", triggerAt: Date.UTC(2031, 0, 1, 1), idempotencyKey: "gone: 1" }]);
  const outside = await client.create("typed", { triggerAt: Date.UTC(2031, 0, 1, 1) });
  const { page, close, complaints } = await openConnected(browser, server);
  try {
    await page.getByRole("button", { name: "Schedule a run" }).first().click();
    await page.getByRole("button", { name: "Many, as JSON lines" }).click();
    await page.locator("textarea[name=lines]").fill(wanted({ a: 2, b: 3 }));
    await page.getByText("These are all keyed runs of typed").click();
    await page.getByRole("button", { name: "Compare with what is scheduled…" }).click();
    await page.getByText("3 runs to change: create 1, move 1, delete 1.").waitFor();
    await assertAccessible(page, "the plan of a set");
    assert.equal((await client.list({ workflowName: "typed" })).rows.length, 3, "looking changes nothing");
    await page.getByRole("button", { name: "Change 3 runs" }).click();
    await page.getByText("The keyed runs of typed are as wanted: 3 changed.").waitFor();
    const { rows } = await client.list({ workflowName: "typed", orderByField: "triggerAt", orderByDirection: "ASC" });
    assert.deepEqual(rows.map(({ triggerAt }) => triggerAt), ["2031-01-01T01:00:00Z", "2031-01-01T02:00:00Z", "2031-01-01T03:00:00Z"]);
    assert.equal(rows[0]?.metadata.id, outside.metadata.id, "one without a key is left alone");
    assert.deepEqual(seriousComplaints(complaints), []);
  } finally {
    await close();
  }
});
