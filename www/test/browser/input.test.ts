import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { assertAccessible, openConnected, rows, waitForList } from "../support/browser.ts";
import { Server } from "../support/server.ts";
import { stage } from "../support/stage.ts";

const triggerAt = new Date(Date.now() + 86_400_000);
const at = triggerAt.getTime();

const on = stage();

type Row = { metadata: { id: string }; input: object; additionalMetadata: Record<string, unknown>; triggerAt: string; priority: number };

const listed = async () => ((await on.server.api("GET", "/scheduled?limit=100")) as { rows: Row[] }).rows;

async function edit(metadata: Record<string, string>, reach: (page: Page, id: string) => Promise<void>) {
  on.server = await Server.start({ demo: false });
  const [id] = await on.server.makeRuns(1, { workflow: "simple", triggerAt, additionalMetadata: metadata });
  const { page, close } = await openConnected(on.browser, on.server);
  await waitForList(page);
  await rows(page).first().click();
  await page.getByRole("button", { name: "Edit input…" }).click();
  await page.locator("dialog.modal textarea[name=edited-input]").fill('{ "edited": true }');
  await reach(page, id as string);
  await close();
}

for (const metadata of [{ team: "a" }, { team: "a", idempotencyKey: "order-7" }]) {
  test(`another input takes the old one's place, at its time${"idempotencyKey" in metadata ? " and under its key" : ""}`, async () => {
    await edit(metadata, async (page, id) => {
      await assertAccessible(page, "edit input");
      await page.getByRole("button", { name: "Change the input" }).click();
      await page.getByText("Changed the input of a run of simple").waitFor();
      const [run, another] = await listed();
      assert.equal(another, undefined);
      assert.notEqual(run?.metadata.id, id);
      assert.deepEqual([run?.input, Date.parse(run?.triggerAt ?? ""), run?.additionalMetadata.team], [{ edited: true }, at, "a"]);
      if ("idempotencyKey" in metadata) assert.equal(run?.additionalMetadata.idempotencyKey, "order-7");
      await page.locator("dialog.detail pre", { hasText: "edited" }).waitFor();
    });
  });
}

test("one that has fired meanwhile is not scheduled a second time", async () => {
  await edit({}, async (page) => {
    await on.server.moveClock({ set: new Date(at + 60_000).toISOString() });
    await page.getByRole("button", { name: "Change the input" }).click();
    await page.getByRole("alert").getByText("There is nothing to change any more").waitFor();
    assert.deepEqual(await listed(), []);
  });
});

test("where the old one cannot be taken away, both are told, and it can be tried again", async () => {
  await edit({}, async (page) => {
    await on.server.faults({ match: { method: "DELETE" }, then: { status: 400, body: { errors: [{ description: "not now" }] } } });
    await page.getByRole("button", { name: "Change the input" }).click();
    await page.getByText(/the old one is still there: .*not now/).waitFor();
    assert.equal((await listed()).length, 2);
    await on.server.faults();
    await page.getByRole("button", { name: "Delete the old one" }).click();
    await page.getByText("Changed the input of a run of simple").waitFor();
    assert.deepEqual((await listed()).map(({ input }) => input), [{ edited: true }]);
  });
});

test("where the new one is refused, the old one stays and what was typed too", async () => {
  await edit({}, async (page, id) => {
    await on.server.faults({ match: { method: "POST" }, then: { status: 400, body: { errors: [{ description: "no such input" }] } } });
    await page.getByRole("button", { name: "Change the input" }).click();
    await page.getByRole("alert").getByText(/no such input/).waitFor();
    assert.equal(await page.locator("dialog.modal textarea[name=edited-input]").inputValue(), '{ "edited": true }');
    assert.deepEqual((await listed()).map(({ metadata }) => metadata.id), [id]);
  });
});

test("where the answer to the new one is lost, there is one in the end", async () => {
  await edit({}, async (page) => {
    await on.server.faults({ match: { method: "POST", times: 1 }, then: { drop: "after" } });
    await page.getByRole("button", { name: "Change the input" }).click();
    await page.getByText("Changed the input of a run of simple").waitFor({ timeout: 30_000 });
    assert.deepEqual((await listed()).map(({ input }) => input), [{ edited: true }]);
  });
});
