import assert from "node:assert/strict";
import { test } from "node:test";
import { openConnected, rows, waitForList } from "../support/browser.ts";
import { Server } from "../support/server.ts";
import { stage } from "../support/stage.ts";

const MINUTE = 60_000;

const on = stage();

for (const [relation, ahead] of [["ahead of", 10], ["behind", -10]] as const) {
  test(`on a computer whose clock is ten minutes ${relation} the server's, the page goes by the server's and says so`, async () => {
    on.server = await Server.start({ demo: false });
    await on.server.makeRuns(1, { workflow: "simple", triggerAt: new Date(Date.now() + 5 * MINUTE) });
    const { page, close } = await openConnected(on.browser, on.server, "", {}, (fresh) => fresh.clock.install({ time: Date.now() + ahead * MINUTE }));
    await waitForList(page);
    await page.getByText(new RegExp(`clock is (10 m|9 m 5\\d s).* ${relation} the server's`)).waitFor();
    await page.locator(".summary .next", { hasText: /next in 4 m/ }).waitFor();
    assert.doesNotMatch(await rows(page).first().innerText(), /overdue/i);

    const asked = Date.now();
    await page.getByRole("button", { name: "Schedule a run" }).first().click();
    await page.getByRole("dialog").getByLabel("Workflow").fill("greeter");
    await page.getByLabel("When", { exact: true }).fill("in 20m");
    await page.getByRole("button", { name: /^Schedule in/ }).click();
    await page.getByText(/^Scheduled greeter for/).waitFor();
    const [made] = [...(await on.server.truth()).values()].filter(({ workflow }) => workflow === "greeter");
    const delay = (made?.at ?? 0) - asked;
    assert.ok(delay > 19 * MINUTE && delay < 21 * MINUTE, `${delay / MINUTE} minutes`);
    await close();
  });
}
