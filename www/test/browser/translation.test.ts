import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { eventually, launch, type Opened, openConnected, waitForList } from "../support/browser.ts";
import { Server } from "../support/server.ts";
import { type Translator, translateWith, translators, lettersOf } from "../support/translation.ts";

const NOW = new Date("2027-01-13T09:20:00Z");
const HOUR = 3_600_000;

let browser: Browser;
let server: Server;

before(async () => {
  browser = await launch();
  server = await Server.start({ demo: false, clock: NOW });
  const first = NOW.getTime() + 24 * HOUR;
  for (const [index, workflow] of ["simple", "greeter", "typed"].entries()) {
    await server.makeRuns(70, { workflow, triggerAt: new Date(first + index * 1_000), spacingMs: 600_000, additionalMetadata: { customer: `acme-${index}` } });
  }
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const opened: Opened[] = [];
afterEach(async () => {
  for (const { close } of opened.splice(0)) await close();
});

async function openTranslated(translator?: Translator): Promise<Opened> {
  const tab = await openConnected(browser, server, "?zone=UTC", {}, async (fresh) => {
    await fresh.clock.setFixedTime(NOW);
    if (translator) await translateWith(translator)(fresh);
  });
  opened.push(tab);
  await waitForList(tab.page);
  await eventually(() => tab.page.locator("h1").innerText(), (title) => assert.equal(title, translator ? "⟦Scheduled runs⟧" : "Scheduled runs"));
  return tab;
}

const grid = (page: Page) => page.locator(".grid");
const row = (page: Page, index: number) => page.locator(`[data-index="${index}"]`);
const press = (page: Page, selector: string) => page.locator(selector).first().click();

/** What someone does on the page, step by step; most of it changes words that stand there already. */
const steps: readonly { name: string; act: (page: Page) => Promise<unknown> }[] = [
  { name: "scroll", act: (page) => grid(page).evaluate((element) => element.scrollTo(0, 2_000)) },
  { name: "select one", act: (page) => row(page, 50).locator(".select").click() },
  { name: "select another", act: (page) => row(page, 52).locator(".select").click() },
  { name: "open the menu of exports", act: (page) => press(page, ".title-row summary") },
  { name: "close it", act: (page) => page.keyboard.press("Escape") },
  { name: "search", act: (page) => page.locator("#search").fill("greeter") },
  { name: "search for nothing", act: (page) => page.locator("#search").fill("nothing at all") },
  { name: "search for what most have", act: (page) => page.locator("#search").fill("acme") },
  { name: "scroll back", act: (page) => grid(page).evaluate((element) => element.scrollTo(0, 0)) },
  { name: "open a run", act: (page) => row(page, 3).locator(".when").click() },
  { name: "walk to the next", act: (page) => press(page, "dialog.detail header button:nth-of-type(2)") },
  { name: "close the run", act: (page) => press(page, "dialog.detail header button:nth-of-type(3)") },
  { name: "the week", act: (page) => press(page, ".picture-head .segments button:nth-of-type(2)") },
  { name: "as a table", act: (page) => press(page, ".picture-head > button") },
  { name: "the timeline again", act: (page) => press(page, ".picture-head .segments button:nth-of-type(1)") },
  { name: "sort by workflow", act: (page) => press(page, ".head .workflow button") },
  { name: "move", act: (page) => press(page, ".action-bar button:not(.quiet, .danger)") },
  { name: "move by two hours", act: (page) => page.locator("#move-shift").fill("+2h") },
  { name: "move by what is no time", act: (page) => page.locator("#move-shift").fill("+2x") },
  { name: "move to one time", act: (page) => press(page, "dialog.move .segments button:nth-of-type(2)") },
  { name: "move to a time that is there twice", act: (page) => page.locator("#move-when").fill("2027-10-31 02:30") },
  { name: "close the move", act: (page) => press(page, "dialog.move footer button") },
  { name: "schedule", act: (page) => press(page, ".title-row .primary") },
  { name: "schedule at a time", act: (page) => page.locator("#create-when").fill("in 2h") },
  { name: "schedule what is no JSON", act: (page) => page.locator("textarea[name=input]").fill("{") },
  { name: "schedule many", act: (page) => press(page, "dialog.create .segments button:nth-of-type(2)") },
  { name: "close the form", act: (page) => press(page, "dialog.create footer button") },
  { name: "drop the selection", act: (page) => press(page, ".action-bar button.quiet.square") },
  { name: "change the zone", act: (page) => page.locator("header select").selectOption("local") },
];

for (const translator of Object.keys(translators) as Translator[]) {
  test(`translated as by ${translator}, the page says what it says untranslated, step by step`, async () => {
    const { page: plain } = await openTranslated();
    const { page: translated, complaints } = await openTranslated(translator);
    for (const { name, act } of steps) {
      await act(plain);
      await act(translated);
      await eventually(async () => [await lettersOf(translated), await lettersOf(plain)], ([one, other]) => assert.equal(one, other, `after: ${name}`), 5_000);
    }
    if (translator === "Chrome") assert.deepEqual(complaints, [], "nothing had to be made anew");
    assert.match(await translated.locator(".head").innerText(), /⟦/);
    assert.doesNotMatch(await translated.locator(".rows").innerText(), /⟦/, "runs are not words");
  });

  test(`translated as by ${translator}, the list keeps its place and the keyboard its focus`, async () => {
    const { page } = await openTranslated(translator);
    await grid(page).focus();
    await grid(page).evaluate((element) => element.scrollTo(0, 2_000));
    await row(page, 50).locator(".select").click();
    await eventually(() => lettersOf(page, ".action-bar .selected"), (letters) => assert.equal(letters, "1selected"));
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press(" ");
    await eventually(() => lettersOf(page, ".action-bar .selected"), (letters) => assert.equal(letters, "2selected"));
    assert.equal(await grid(page).evaluate((element) => element.scrollTop), 2_000);
  });
}

test("translated, the run that is pressed is the one that is deleted", async () => {
  const { page } = await openTranslated("Chrome");
  const before = await server.truth();
  await grid(page).evaluate((element) => element.scrollTo(0, 3_000));
  const pressed = row(page, 72);
  const shown = await pressed.locator(".id").innerText();
  const workflow = await pressed.locator(".workflow").innerText();
  await pressed.locator(".select").click();
  await page.locator(".action-bar .danger").click();
  await page.clock.setFixedTime(new Date(NOW.getTime() + 10_000));
  await eventually(() => server.truth(), (runs) => assert.equal(runs.size, before.size - 1), 20_000);
  const left = await server.truth();
  const [gone] = [...before].filter(([id]) => !left.has(id));
  assert.equal(gone?.[0].slice(0, 8), shown);
  assert.equal(gone?.[1].workflow, workflow);
});
