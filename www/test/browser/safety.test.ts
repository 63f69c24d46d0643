import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { downloaded, launch, open, openConnected, openWithoutStorage, rows, seriousComplaints, waitForList, waitForRows } from "../support/browser.ts";
import { makeRandom } from "../support/runs.ts";
import { Server } from "../support/server.ts";

let browser: Browser;
let server: Server;
const hostile = '<img src=x onerror="globalThis.hit=1">';

before(async () => {
  browser = await launch();
  server = await Server.start({ demo: false });
  await server.makeWorkflow(hostile);
  await server.create(hostile, new Date(Date.now() + 86_400_000), {
    input: { html: hostile },
    additionalMetadata: { [hostile]: hostile, callback: "https://x" },
  });
  await server.create("simple", new Date(Date.now() + 86_400_000), { additionalMetadata: { n: 5, none: null } });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("names, metadata and input are text, wherever they are shown", async () => {
  const { page, complaints, close } = await openConnected(browser, server);
  await waitForList(page);
  await rows(page).filter({ hasText: "onerror" }).locator(".when").click();
  await page.locator("dialog.detail pre").waitFor();
  await page.locator(".filters summary", { hasText: "Workflow" }).click();
  await page.getByText(hostile).first().waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Clone…" }).click();
  await page.locator("dialog.create").waitFor();
  assert.equal(await page.locator("img").count(), 0);
  assert.equal(await page.evaluate("globalThis.hit"), undefined);
  assert.deepEqual(complaints, []);
  await close();
});

test("the token is in the tab's session storage and nowhere else", async () => {
  const { page, complaints, close } = await open(browser, server.ready.url);
  await page.getByLabel("API token").fill(server.ready.token);
  await page.getByRole("button", { name: "Connect" }).click();
  await waitForList(page);
  const places = await page.evaluate(() => ({
    session: Object.values(sessionStorage).join(), local: Object.values(localStorage).join(), cookie: document.cookie, address: location.href,
    document: document.documentElement.outerHTML + inside().innerHTML, values: [...inside().querySelectorAll("input, textarea")].map((field) => (field as HTMLInputElement).value).join(),
  }));
  const { session, ...others } = places;
  assert.ok(session.includes(server.ready.token));
  for (const [place, text] of Object.entries({ ...others, console: complaints.join() })) assert.ok(!text.includes(server.ready.token), place);

  await page.getByRole("button", { name: "Export" }).or(page.locator("summary", { hasText: "Export" })).first().click();
  const exported = await downloaded(page, () => page.getByRole("button", { name: /as JSON$/ }).click());
  assert.equal(JSON.parse(exported).length, 2);
  assert.ok(!exported.includes(server.ready.token));

  await page.locator(".connection summary").click();
  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("heading", { name: "Connect to Hatchet" }).waitFor();
  assert.ok(!(await page.evaluate(() => JSON.stringify(sessionStorage))).includes(server.ready.token));
  assert.deepEqual(seriousComplaints(complaints), []);
  await close();
});

test("where cookies and site data are blocked the page works, and says once what is not kept", async () => {
  const { page, complaints, close } = await openWithoutStorage(server.ready.url);
  await assert.rejects(page.evaluate(() => sessionStorage.length), /denied/);
  await page.getByLabel("API token").fill(server.ready.token);
  await page.getByRole("button", { name: "Connect" }).click();
  await waitForRows(page, 2);
  const said = page.getByText("This browser keeps nothing for this page");
  await said.waitFor();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await page.getByRole("button", { name: "Theme: as the system" }).click();
  await page.locator(".dashboard[data-theme=light]").waitFor();
  assert.equal(await said.count(), 0);
  await page.locator(".connection summary").click();
  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("heading", { name: "Connect to Hatchet" }).waitFor();
  assert.deepEqual(seriousComplaints(complaints), []);
  await close();
});

test("the strict policy is in force: no inline script or style runs", async () => {
  const { page, close } = await openConnected(browser, server);
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "globalThis.hit = 2";
    document.head.append(script);
    const style = document.createElement("style");
    style.textContent = "body { display: none !important }";
    document.head.append(style);
  });
  assert.equal(await page.evaluate("globalThis.hit"), undefined);
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).display), "none");
  await close();
});

test("200 fuzzed addresses are opened without an error", async () => {
  const { page, complaints, close } = await openConnected(browser, server);
  const random = makeRandom(2026);
  const pieces = ["q=", "meta.", "has=", "from=", "to=", "sort=", "run=", "zone=", "state=", "view=week", "&", "%", "%zz", "💥", "<img onerror=alert(1)>", "2026-01-01T00:00:00Z", "-time", "workflow=", "x".repeat(700)];
  for (let round = 0; round < 200; round += 1) {
    const search = `?${Array.from({ length: 10 }, () => pieces[Math.floor(random() * pieces.length)]).join("")}`;
    await page.evaluate((query) => {
      history.pushState(null, "", query);
      dispatchEvent(new PopStateEvent("popstate"));
    }, search);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    assert.ok(await page.locator(".grid").count(), search);
  }
  assert.deepEqual(complaints, []);
  await close();
});

test("a view is shared by its address: filter, order, zone and the open run", async () => {
  const first = await openConnected(browser, server, "?meta.n=5&sort=-created&zone=America/New_York");
  await first.page.locator(".summary .total", { hasText: "1 of 2" }).waitFor();
  await rows(first.page).first().locator(".when").click();
  await first.page.locator("dialog.detail").waitFor();
  await first.page.waitForURL(/[?&]run=/);
  const address = new URL(first.page.url());
  await first.close();
  const second = await openConnected(browser, server, address.search);
  await second.page.locator("dialog.detail h2", { hasText: "simple" }).waitFor();
  await waitForRows(second.page, 1);
  assert.equal(new URL(second.page.url()).search, address.search);
  await second.close();
});

test("a link to a run that is gone says so", async () => {
  const { page, complaints, close } = await openConnected(browser, server, "?run=11111111-1111-4111-8111-111111111111");
  await page.getByRole("heading", { name: "No longer scheduled" }).waitFor();
  assert.equal(complaints.filter((text) => !text.includes("404")).length, 0);
  await close();
});
