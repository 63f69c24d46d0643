import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launch, open, rows, waitForList } from "../support/browser.ts";
import { unreadable } from "../support/measure.ts";
import { Server } from "../support/server.ts";

const NOW = new Date("2026-12-23T21:10:25Z");
const HOUR = 3_600_000;
const LONG_NAME = `nightly-${"customer-".repeat(7)}invoices`.padEnd(80, "x");
const LONG_ZONE = "America/Argentina/Buenos_Aires";

let browser: Browser;
let server: Server;

/** The longest of everything: names, times of another year with seconds, many keys, far ahead and far behind. */
before(async () => {
  browser = await launch();
  server = await Server.start({ clock: NOW });
  const metadata = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`key-${index}`, `the value of the key number ${index}`]));
  for (const name of [LONG_NAME, "send-email"]) await server.makeWorkflow(name);
  const at = (hours: number) => new Date(NOW.getTime() + hours * HOUR);
  await server.makeRuns(30, { workflow: LONG_NAME, triggerAt: new Date(at(20).getTime() + 30_000), spacingMs: 19 * HOUR, additionalMetadata: metadata });
  await server.makeRuns(2, { workflow: LONG_NAME, triggerAt: at(14), method: "DEFAULT", additionalMetadata: { customer: "acme" } });
  await server.makeRuns(1_200, { workflow: "send-email", triggerAt: at(17), spacingMs: 1_000 });
  await server.makeRuns(8, { workflow: "simple", triggerAt: at(400 * 24), spacingMs: 300 * 24 * HOUR });
  await server.makeRuns(4, { workflow: "greeter", triggerAt: at(1), spacingMs: 777_000 });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const pick = (page: Page, label: RegExp) => page.getByRole("button", { name: label }).first().click();
const openMove = async (page: Page) => {
  await page.getByRole("checkbox", { name: /^Select all/ }).check();
  await pick(page, /^Move /);
};

/** What someone comes to see, each with what leads there. */
const views: readonly { name: string; query?: string; reach: (page: Page) => Promise<unknown> }[] = [
  { name: "the list", reach: async () => {} },
  { name: "the list of next year", query: "from=2027-01-01T12:00:00Z&sort=-created", reach: async () => {} },
  { name: "one workflow", query: `workflow=${LONG_NAME}&sort=-priority`, reach: async () => {} },
  { name: "far off", query: "workflow=simple", reach: async () => {} },
  { name: "the week", query: "view=week", reach: async () => {} },
  { name: "a bar under the pointer", reach: (page) => page.locator(".plot").hover({ position: { x: 120, y: 40 } }) },
  { name: "a run", query: `workflow=${LONG_NAME}`, reach: (page) => rows(page).nth(3).locator(".when").click() },
  { name: "the times to filter by", query: "from=2027-01-01T12:00:05Z", reach: (page) => page.locator(".filters summary", { hasText: "Time" }).click() },
  { name: "the selection", reach: (page) => page.getByRole("checkbox", { name: /^Select all/ }).check() },
  { name: "a shift", reach: async (page) => {
    await openMove(page);
    await page.locator("#move-shift").fill("+9d 1s");
    await page.getByLabel("Preview").waitFor();
  } },
  { name: "one time", reach: async (page) => {
    await openMove(page);
    await pick(page, /^Set one time/);
    await page.locator("#move-when").fill("2027-01-25 23:10:25");
  } },
  { name: "the form", reach: async (page) => {
    await pick(page, /^Schedule a run/);
    await page.locator("#create-when").fill("2027-01-25 23:10:25");
    await page.getByText("Mon 25 Jan 2027 23:10:25").first().waitFor();
  } },
];

/** A window at 200 % is one of half the width, in which each pixel is four. */
const windows = [
  ...[320, 360, 480, 640, 768, 1024, 1280, 1920].map((width) => ({ width, zoom: 1 })),
  ...[640, 1280].map((width) => ({ width, zoom: 2 })),
];

for (const { width, zoom } of windows) {
  for (const { name, query, reach } of views) {
    test(`${name}: nothing is cut off at ${width} px${zoom > 1 ? `, ${zoom * 100} %` : ""}`, async () => {
      const { page, close } = await open(browser, `${server.ready.url}/?${query ?? ""}`, {
        viewport: { width: width / zoom, height: 800 / zoom }, deviceScaleFactor: zoom, locale: "en-US", timezoneId: LONG_ZONE,
      }, (fresh) => fresh.clock.setFixedTime(NOW));
      try {
        await waitForList(page);
        await reach(page);
        await page.waitForTimeout(50);
        assert.deepEqual(await unreadable(page), []);
      } finally {
        await close();
      }
    });
  }
}
