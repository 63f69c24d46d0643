import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { eventually, launch, open, openConnected, rows, seriousComplaints, waitForList } from "../support/browser.ts";
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

test("from a pasted token to a run that is scheduled, seen and fires", async () => {
  const { page, complaints, asked, close } = await open(browser, server.ready.url);
  await page.getByLabel("API token").fill(server.ready.token);
  await page.locator("#token-claims", { hasText: server.ready.tenantId }).waitFor();
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByRole("heading", { name: "Nothing is scheduled" }).waitFor();

  await page.locator(".empty").getByRole("button", { name: "Schedule a run" }).click();
  await page.getByRole("dialog").getByLabel("Workflow").fill("simple");
  await page.getByLabel("When", { exact: true }).fill("in 10s");
  await page.locator("textarea[name=input]").fill('{"greeting": "hello"}');
  await page.getByRole("button", { name: /^Schedule in/ }).click();
  const row = rows(page).filter({ hasText: "simple" });
  await row.waitFor();
  assert.equal((await server.truth()).size, 1);

  await row.waitFor({ state: "detached", timeout: 30_000 });
  await page.getByRole("button", { name: "1 left the list" }).click();
  await page.getByRole("cell", { name: "Fired" }).waitFor();
  assert.equal((await server.truth()).size, 0);
  assert.deepEqual(seriousComplaints(complaints), []);
  for (const url of asked) assert.equal(new URL(url).origin, new URL(server.ready.url).origin);
  await close();
});

test("one run is opened, rescheduled with undo, triggered and deleted", async () => {
  const inAWeek = new Date(Date.now() + 7 * 86_400_000);
  const [first, second, third] = [await server.create("simple", inAWeek), await server.create("greeter", inAWeek), await server.create("typed", inAWeek)];
  const { page, complaints, close } = await openConnected(browser, server);
  await waitForList(page);

  await rows(page).filter({ hasText: "simple" }).locator(".when").click();
  await page.getByRole("button", { name: "Reschedule…" }).click();
  await page.getByLabel("New time", { exact: true }).fill("2030-06-01 12:00");
  await page.getByRole("button", { name: "Move 1 run to Sat 1 Jun 2030 12:00" }).click();
  await page.getByText("Moved simple to Sat 1 Jun 2030 12:00").waitFor();
  assert.equal((await server.truth()).get(first)?.at, Date.parse("2030-06-01T10:00:00Z"));
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Moved simple back").waitFor();
  assert.equal((await server.truth()).get(first)?.at, inAWeek.getTime());

  await rows(page).filter({ hasText: "greeter" }).locator(".when").click();
  await page.getByRole("button", { name: "Trigger now" }).click();
  await page.getByText("Started greeter as run").waitFor();
  assert.equal((await server.truth()).has(second), false);

  await rows(page).filter({ hasText: "typed" }).locator(".when").click();
  await page.locator("dialog.detail").getByRole("button", { name: "Delete" }).click();
  await rows(page).filter({ hasText: "typed" }).waitFor({ state: "detached" });
  assert.equal((await server.truth()).has(third), true, "nothing is sent while it can be undone");
  await page.getByText(/^Deleting a run of typed in [1-8] s$/).waitFor();
  assert.equal(await page.getByText("Deleted a run").count(), 0);
  await page.getByText("Deleted a run of typed.").waitFor({ timeout: 20_000 });
  assert.equal(await page.getByText("Deleting").count(), 0);
  await eventually(() => server.truth(), (runs) => assert.equal(runs.has(third), false));
  assert.deepEqual(complaints, []);
  await close();
});
