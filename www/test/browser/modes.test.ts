import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { assertAccessible, launch, open, waitForList } from "../support/browser.ts";
import { Server } from "../support/server.ts";

let browser: Browser;
let server: Server;

before(async () => {
  browser = await launch();
  server = await Server.start({ seed: 300 });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** What a rule of the style sheet makes of an element, as the browser computes it. */
function style(page: Page, selector: string, property: string): Promise<string> {
  return page.locator(selector).first().evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
}

test("in forced colours the bars, the states and the selection can still be told apart", async () => {
  const { page, close } = await open(browser, server.ready.url, { forcedColors: "active" });
  try {
    await waitForList(page);
    const bars = await page.locator(".plot .bars").evaluateAll((paths) => paths.map((path) => getComputedStyle(path).fill));
    assert.ok(bars.length > 2);
    assert.equal(new Set(bars).size, bars.length, "each workflow keeps its colour");
    assert.notEqual(await style(page, ".rows .chip .dot", "border-top-width"), "0px");
    const first = page.locator(".rows .row").first();
    assert.equal(await first.evaluate((row) => getComputedStyle(row).outlineStyle), "none");
    await page.getByRole("checkbox", { name: /^Select all/ }).check();
    await page.locator(".rows .row.selected").first().waitFor();
    assert.equal(await style(page, ".rows .row.selected", "outline-style"), "solid");
    await assertAccessible(page, "selected, forced colours");
  } finally {
    await close();
  }
});

for (const { reducedMotion, moves } of [{ reducedMotion: "reduce", moves: false }, { reducedMotion: "no-preference", moves: true }] as const) {
  test(`with the wish "${reducedMotion}" ${moves ? "nothing moves for longer than 150 ms" : "nothing moves"}`, async () => {
    const { page, close } = await open(browser, server.ready.url, { reducedMotion });
    try {
      await waitForList(page);
      await page.getByRole("button", { name: "Schedule a run" }).click();
      await page.getByRole("heading", { name: "Schedule a run" }).waitFor();
      const durations = await page.locator("*").evaluateAll((elements) => elements.flatMap((element) => {
        const { transitionDuration, animationName, animationDuration } = getComputedStyle(element);
        return [transitionDuration, animationName === "none" ? "0s" : animationDuration];
      }));
      const longest = Math.max(...durations.flatMap((list) => list.split(",")).map((time) => Number.parseFloat(time)));
      assert.ok(moves ? longest > 0 && longest <= 0.15 : longest === 0, `${longest} s`);
    } finally {
      await close();
    }
  });
}
