import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { eventually, launch, open, openConnected, rows, waitForList } from "../support/browser.ts";
import { Server } from "../support/server.ts";

let browser: Browser;
let server: Server;
const HOUR = 3_600_000;

before(async () => {
  browser = await launch();
  server = await Server.start({ demo: false });
  await server.makeRuns(300, { workflow: "simple", triggerAt: new Date(Date.now() + 48 * HOUR), spacingMs: 60_000 });
  await server.makeRuns(300, { workflow: "greeter", triggerAt: new Date(Date.now() + 48 * HOUR), spacingMs: 60_000 });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Waits until the row that the keyboard is on has a number between the two. */
async function activeRowBetween(page: Page, first: number, last: number): Promise<void> {
  await page.waitForFunction(([from, to]) => {
    const id = inside().querySelector(".grid")?.getAttribute("aria-activedescendant");
    const index = Number(inside().getElementById(id ?? "")?.getAttribute("aria-rowindex"));
    return index >= (from as number) && index <= (to as number);
  }, [first, last]);
}

/** Presses Tab until the focus is where it should be, as someone without a mouse would. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if (await page.evaluate((wanted) => inside().activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab never reaches ${selector}`);
}

test("connect, filter, select a range, shift, confirm and read the result without a mouse", async () => {
  const before = await server.truth();
  const { page, close } = await open(browser, server.ready.url);
  await page.getByRole("heading", { name: "Connect to Hatchet" }).waitFor();
  await tabTo(page, "input[name=token]");
  await page.keyboard.insertText(server.ready.token);
  await page.keyboard.press("Enter");
  await waitForList(page);

  await page.keyboard.press("/");
  await page.keyboard.type("greeter");
  await page.locator(".summary .total", { hasText: "300 of 600" }).waitFor();
  await tabTo(page, ".grid");
  await page.keyboard.press("Home");
  await page.keyboard.press(" ");
  for (let steps = 0; steps < 4; steps += 1) await page.keyboard.press("Shift+ArrowDown");
  await page.getByText("5 selected").waitFor();
  await page.keyboard.press("r");
  await page.locator("dialog.move").waitFor();
  await tabTo(page, "#move-shift");
  await page.keyboard.type("+2h");
  await page.getByRole("button", { name: "Move 5 runs by +2 h", disabled: false }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("Moved 5 runs by +2 h").waitFor();
  await page.waitForFunction(() => inside().activeElement?.matches(".grid"));

  const now = await server.truth();
  assert.equal([...now].filter(([id, run]) => run.at === (before.get(id)?.at ?? 0) + 2 * HOUR && run.workflow === "greeter").length, 5);
  await close();
});

test("the list is a grid with arrows, pages, ends, and true counts", async () => {
  const { page, close } = await openConnected(browser, server);
  await waitForList(page);
  const grid = page.locator(".grid");
  await eventually(() => grid.getAttribute("aria-rowcount"), (count) => assert.equal(count, "601"));
  await grid.focus();
  await page.keyboard.press("ArrowDown");
  await activeRowBetween(page, 2, 2);
  await page.keyboard.press("End");
  await activeRowBetween(page, 601, 601);
  await page.keyboard.press("PageUp");
  await activeRowBetween(page, 570, 599);
  await page.keyboard.press("Home");
  await activeRowBetween(page, 2, 2);
  await page.keyboard.press("Enter");
  await page.locator("dialog.detail").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog.detail").waitFor({ state: "detached" });
  await page.waitForFunction(() => inside().activeElement?.matches(".grid"));
  await close();
});

for (const { layout, keys } of [
  { layout: "Russian", keys: { n: "т", r: "к", a: "ф", "/": ".", "?": "," } },
  { layout: "Greek", keys: { n: "ν", r: "ρ", a: "α", "/": "/", "?": "?" } },
  { layout: "Latin under Caps Lock", keys: { n: "N", r: "R", a: "A", "/": "/", "?": "?" } },
] as const) {
  test(`the shortcuts work on a keyboard that is ${layout}`, async () => {
    const { page, close } = await openConnected(browser, server);
    await waitForList(page);
    const codes = { n: "KeyN", r: "KeyR", a: "KeyA", "/": "Slash", "?": "Slash" };
    const press = (meant: keyof typeof codes, more: { ctrlKey?: true; shiftKey?: true } = {}) => page.evaluate((init) => {
      (inside().activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, composed: true, cancelable: true, ...init }));
    }, { key: keys[meant], code: codes[meant], ...more });
    const closeDialog = async () => {
      await page.keyboard.press("Escape");
      await page.locator("dialog.modal").waitFor({ state: "detached" });
    };
    await press("n");
    await page.locator("dialog.create").waitFor();
    await closeDialog();
    await press("?", { shiftKey: true });
    await page.locator("dialog.help").waitFor();
    await closeDialog();
    await page.locator(".grid").focus();
    await press("a", { ctrlKey: true });
    await page.getByText(/^\d+ selected$/).waitFor();
    await press("r");
    await page.locator("dialog.move").waitFor();
    await closeDialog();
    await press("/");
    await page.waitForFunction(() => inside().activeElement?.id === "search");
    await close();
  });
}

test("the focus goes back to what opened a dialog", async () => {
  const { page, close } = await openConnected(browser, server);
  await waitForList(page);
  const opener = page.getByRole("button", { name: "Schedule a run" });
  await opener.focus();
  await page.keyboard.press("Enter");
  await page.locator("dialog.create").waitFor();
  await page.waitForFunction(() => inside().activeElement?.matches("dialog.create input[name=workflow]"));
  await page.keyboard.press("Escape");
  await page.locator("dialog.create").waitFor({ state: "detached" });
  await page.waitForFunction(() => inside().activeElement?.textContent?.includes("Schedule a run"));
  await close();
});

test("at the change of the clocks a time is asked about or refused with a suggestion", async () => {
  for (const { zone, twice, never } of [
    { zone: "Europe/Berlin", twice: "2027-10-31 02:30", never: "2027-03-28 02:30" },
    { zone: "America/New_York", twice: "2027-11-07 01:30", never: "2027-03-14 02:30" },
  ]) {
    const { page, close } = await openConnected(browser, server, `?zone=${zone}`);
    await page.getByRole("button", { name: "Schedule a run" }).click();
    const dialog = page.locator("dialog.create");
    await dialog.getByLabel("Workflow").fill("typed");
    await dialog.getByLabel("When", { exact: true }).fill(never);
    await dialog.getByText("skips that time").waitFor();
    await dialog.getByRole("button", { name: /^Use / }).click();
    await eventually(() => dialog.getByLabel("When", { exact: true }).inputValue(), (text) => assert.match(text, /03:30$/));
    await dialog.getByLabel("When", { exact: true }).fill(twice);
    await dialog.getByText("has that time twice").waitFor();
    await eventually(() => dialog.getByRole("radio", { name: /The (earlier|later),/ }).count(), (choices) => assert.equal(choices, 2));
    await dialog.getByRole("radio", { name: /The later,/ }).check();
    await dialog.getByRole("button", { name: /^Schedule in/ }).click();
    await dialog.waitFor({ state: "detached" });
    const wanted = zone === "Europe/Berlin" ? "2027-10-31T01:30:00Z" : "2027-11-07T06:30:00Z";
    assert.ok([...(await server.truth()).values()].some((run) => run.workflow === "typed" && run.at === Date.parse(wanted)));
    await close();
  }
});

test("a move by days over a change of the clocks keeps the clock time, and offers days of 24 h", async () => {
  const mark = await server.create("typed", new Date("2030-03-30T08:00:00Z"));
  const { page, close } = await openConnected(browser, server, `?q=${mark}&zone=Europe/Berlin`);
  await rows(page).first().locator(".when").click();
  await page.getByRole("button", { name: "Reschedule…" }).click();
  const dialog = page.locator("dialog.move");
  await dialog.getByRole("button", { name: "Shift" }).click();
  await dialog.getByRole("button", { name: "+1w" }).click();
  const kept = dialog.getByRole("row", { name: /typed Sat 30 Mar 2030 09:00 Sat 6 Apr 2030 09:00 CEST \+6 d 23 h/ });
  await kept.waitFor();
  await dialog.getByRole("group", { name: "The clocks of Europe/Berlin change in between for 1 run" }).waitFor();
  await dialog.getByRole("radio", { name: /exactly 24 h/ }).check();
  await dialog.getByRole("row", { name: /Sat 6 Apr 2030 10:00 CEST \+7 d/ }).waitFor();
  await dialog.getByRole("radio", { name: /Keep the clock time/ }).check();
  await kept.waitFor();
  await dialog.getByRole("button", { name: /^Move 1 run by/ }).click();
  await eventually(() => server.truth(), (runs) => assert.equal(runs.get(mark)?.at, Date.parse("2030-04-06T07:00:00Z")));
  await close();
});
