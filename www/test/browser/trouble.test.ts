import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { launch, open, openConnected, rows, waitForList, waitForRows } from "../support/browser.ts";
import { Server } from "../support/server.ts";

let browser: Browser;
let server: Server;
let strict: Server;

before(async () => {
  browser = await launch();
  server = await Server.start({ demo: false });
  strict = await Server.start({ demo: false, allowedOrigins: "https://dash.example.com" });
  await server.makeRuns(5, { workflow: "simple", spacingMs: 1000 });
});

afterEach(() => server.faults());

after(async () => {
  await browser?.close();
  await server?.stop();
  await strict?.stop();
});

const kinds = [
  { name: "403", then: { status: 403, body: { errors: [{ description: "not yours" }] } }, says: ["does not accept this token", "not yours"] },
  { name: "429", then: { status: 429, body: { errors: [{ description: "limit reached" }] } }, says: ["asks to slow down", "limit reached"] },
  { name: "500", then: { status: 500, body: { errors: [{ description: "Internal error" }] } }, says: ["The server failed (500)"] },
  { name: "a gateway's page", then: { status: 502, body: "<html><h1>Bad gateway</h1></html>", headers: { "content-type": "text/html" } }, says: ["The server failed (502)"] },
  { name: "a lost connection", then: { drop: "before" as const }, says: ["Cannot reach", "SERVER_ALLOWED_ORIGINS"] },
  { name: "nonsense", then: { status: 200, body: { hello: "world" } }, says: ["not what a Hatchet server sends"] },
];

for (const { name, then, says } of kinds) {
  test(`${name} keeps the rows, says what happened, and the page recovers by itself`, async () => {
    const { page, close } = await openConnected(browser, server);
    await waitForList(page);
    await server.faults({ match: { pathContains: "/scheduled" }, then });
    const alert = page.getByRole("alert");
    await alert.waitFor({ timeout: 30_000 });
    for (const text of says) await alert.filter({ hasText: text }).waitFor();
    await waitForRows(page, 5);
    await server.faults();
    await page.getByRole("button", { name: /^Try again/ }).click();
    await alert.waitFor({ state: "detached" });
    await close();
  });
}

test("a server that does not allow the page's origin is told apart from nothing, and both causes are named", async () => {
  const { page, close } = await open(browser, server.ready.url);
  await page.getByLabel("API token").fill(strict.ready.token);
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByRole("alert").filter({ hasText: "SERVER_ALLOWED_ORIGINS" }).filter({ hasText: new URL(server.ready.url).origin }).waitFor();
  await close();
});

test("a trigger that fails is told, and the row stays", async () => {
  const { page, close } = await openConnected(browser, server);
  await rows(page).first().locator(".when").click();
  await server.faults({ match: { method: "POST" }, then: { status: 500, body: { errors: [{ description: "no engine" }] } } });
  await page.getByRole("button", { name: "Trigger now" }).click();
  await page.getByText(/Not started: .*no engine/).waitFor();
  await waitForRows(page, 5);
  await close();
});

test("a create whose answer is lost schedules the run once", async () => {
  const before = (await server.truth()).size;
  const { page, close } = await openConnected(browser, server);
  await page.getByRole("button", { name: "Schedule a run" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Workflow").fill("typed");
  await dialog.getByLabel("When", { exact: true }).fill("in 3d");
  await server.faults({ match: { method: "POST", times: 1 }, then: { drop: "after" } });
  await dialog.getByRole("button", { name: /^Schedule in/ }).click();
  await rows(page).filter({ hasText: "typed" }).waitFor({ timeout: 30_000 });
  assert.equal((await server.truth()).size, before + 1);
  await close();
});

test("a refused create keeps what was typed and says the server's words", async () => {
  const { page, close } = await openConnected(browser, server);
  await waitForList(page);
  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Workflow").fill("No-Such-Workflow");
  await dialog.getByLabel("When", { exact: true }).fill("in 3d");
  await dialog.getByRole("button", { name: /^Schedule in/ }).click();
  await dialog.getByRole("alert").filter({ hasText: /workflow/i }).waitFor();
  assert.equal(await dialog.getByLabel("Workflow").inputValue(), "No-Such-Workflow");
  await close();
});
