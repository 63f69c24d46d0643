import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { downloaded, eventually, open, openConnected, waitForList } from "../support/browser.ts";
import { Server } from "../support/server.ts";
import { stage } from "../support/stage.ts";

const RUNS = 10_000;
const HOUR = 3_600_000;
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const count = RUNS.toLocaleString("en");

const on = stage();

const startOfHour = () => Math.floor(Date.now() / HOUR) * HOUR;
const idsIn = (body: string | null): string[] => (body ?? "").match(UUID) ?? [];

/** The ids that the page sends to a path from now on, in the order sent. */
function watchIds(page: Page, path: string): string[] {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (new URL(request.url()).pathname.endsWith(path)) sent.push(...idsIn(request.postData()));
  });
  return sent;
}

async function openMove(page: Page): Promise<void> {
  await page.getByRole("checkbox", { name: `Select all ${count} runs shown` }).check();
  await page.getByRole("button", { name: `Move ${count} runs…` }).click();
}

async function confirmMove(page: Page, description: string): Promise<void> {
  await page.getByLabel(`Type ${count} to confirm`).fill(String(RUNS));
  await page.getByRole("button", { name: `Move ${count} runs ${description}` }).click();
  await page.getByText(`Moved ${count} runs ${description}`).waitFor({ timeout: 60_000 });
}

test("10,000 runs are moved earlier, later and into their own midst: all as planned, each written once", async () => {
  on.server = await Server.start({ demo: false });
  // Off the full minute, so that no run is at the time that all are moved to.
  const first = startOfHour() + 7 * 24 * HOUR + 3_000;
  await on.server.makeRuns(RUNS, { workflow: "simple", triggerAt: new Date(first), spacingMs: 10_000 });
  const middle = startOfHour() + 7 * 24 * HOUR + 14 * HOUR;
  const { page, complaints, close } = await openConnected(on.browser, on.server, "?zone=UTC");
  await waitForList(page);
  const written = watchIds(page, "/bulk-update");

  const assertMoved = async (plan: ReadonlyMap<string, number>) => {
    const now = await on.server.truth();
    assert.deepEqual(new Map([...now].map(([id, { at }]) => [id, at])), plan);
    assert.equal(new Set(written).size, RUNS, "every run was written");
    assert.equal(written.length, RUNS, "none was written twice");
    written.length = 0;
  };
  let plan = new Map([...(await on.server.truth())].map(([id, { at }]) => [id, at]));
  for (const [shift, by, description] of [["-1h", -HOUR, "by −1 h"], ["+2h", 2 * HOUR, "by +2 h"]] as const) {
    await openMove(page);
    await page.getByLabel("By how much").fill(shift);
    await confirmMove(page, description);
    plan = new Map([...plan].map(([id, at]) => [id, at + by]));
    await assertMoved(plan);
  }
  await openMove(page);
  await page.getByRole("button", { name: "Set one time" }).click();
  const time = new Date(middle).toISOString();
  await page.getByLabel("New time", { exact: true }).fill(`${time.slice(0, 10)} ${time.slice(11, 16)}`);
  await confirmMove(page, "to ");
  await assertMoved(new Map([...plan.keys()].map((id) => [id, middle])));
  assert.deepEqual(complaints, []);
  await close();
});

test("10,000 are deleted while some fire, a chunk answers 500 and the server goes away: the account is the truth, and only the rest is sent again", async () => {
  on.server = await Server.start({ demo: false });
  const soon = await on.server.makeRuns(40, { workflow: "greeter", triggerAt: new Date(startOfHour() + 2 * HOUR) });
  const later = await on.server.makeRuns(RUNS - soon.length, { workflow: "simple", triggerAt: new Date(startOfHour() + 7 * 24 * HOUR), spacingMs: 1_000 });
  const { page, close } = await openConnected(on.browser, on.server);
  await waitForList(page);
  await page.getByRole("checkbox", { name: `Select all ${count} runs shown` }).check();
  await on.server.moveClock({ advanceMs: 4 * HOUR });
  await eventually(async () => (await on.server.truth()).size, (left) => assert.equal(left, later.length, "forty have fired"));

  const refused = later[1_000] as string;
  const lookedUp = new Set<string>();
  page.on("response", (response) => lookedUp.add(response.url().slice(-36)));
  let inRefusedChunk: string[] = [];
  let sends = 0;
  // Once, as the server answers while its faults are changed.
  let gone: Promise<void> | undefined;
  const goAway = async () => {
    // The client looks at each run of a chunk that failed.
    await eventually(() => inRefusedChunk.filter((id) => !lookedUp.has(id)), (open) => assert.deepEqual(open, []), 30_000);
    await on.server.faults({ match: { pathContains: "/scheduled" }, then: { drop: "before" } });
  };
  await page.route("**/bulk-delete", async (route) => {
    const ids = idsIn(route.request().postData());
    sends += 1;
    if (ids.includes(refused)) {
      inRefusedChunk = ids;
      return route.fulfill({ status: 500, json: { message: "not this chunk" } });
    }
    if (sends > 10) await (gone ??= goAway());
    await route.continue();
  });
  await page.getByRole("button", { name: `Delete ${count} runs` }).click();
  await page.getByLabel(`Type ${count} to confirm`).fill(String(RUNS));
  await page.locator("dialog.delete").getByRole("button", { name: `Delete ${count} runs` }).click();
  await page.locator("dialog.outcome").waitFor({ timeout: 90_000 });
  await on.server.faults();

  const file = await downloaded(page, () => page.getByRole("button", { name: "Export the outcome" }).click());
  const fates = new Map(file.trim().split("\r\n").slice(1).map((line) => [line.slice(0, 36), line.split(",")[2]]));
  const left = await on.server.truth();
  const withFate = (...wanted: string[]) => [...fates].filter(([, fate = ""]) => wanted.includes(fate)).map(([id]) => id);
  assert.deepEqual([...fates.keys()].sort(), [...soon, ...later].sort(), "each run is accounted for once");
  assert.deepEqual(withFate("done", "gone").filter((id) => left.has(id)), [], "what is said to be gone is gone");
  assert.deepEqual(withFate("failed", "not-attempted").filter((id) => later.includes(id) && !left.has(id)), [], "what is said to be left is left");
  assert.equal(fates.get(refused), "failed");
  for (const fate of ["done", "failed", "not-attempted"]) assert.ok(withFate(fate).length >= 100, `${fate}: ${withFate(fate).length}`);
  const shown = await page.locator("dialog.outcome table.counts td").allInnerTexts();
  const [all, ...parts] = shown.map((text) => Number(text.replaceAll(",", ""))).reverse();
  assert.equal(all, RUNS);
  assert.equal(parts.reduce((sum, part) => sum + part, 0), RUNS);

  await page.unroute("**/bulk-delete");
  const again = withFate("failed", "unknown", "not-attempted");
  const sent = watchIds(page, "/bulk-delete");
  await page.getByRole("button", { name: `Retry ${again.length.toLocaleString("en")} runs` }).click();
  await page.getByText(/^Deleted [\d,]+ runs/).waitFor({ timeout: 60_000 });
  assert.equal((await on.server.truth()).size, 0);
  assert.deepEqual(sent.sort(), again.sort());
  await close();
});

test("fifty fire and fifty are added with every page that is read: none is missed, none is there twice", async () => {
  on.server = await Server.start({ demo: false });
  const first = startOfHour() + 2 * HOUR;
  const minute = HOUR / 60;
  const original = await on.server.makeRuns(2 * RUNS, { workflow: "simple", triggerAt: new Date(first), spacingMs: minute });
  await on.server.moveClock({ set: new Date(first - minute / 2).toISOString() });
  const added: string[] = [];
  let pages = 0;
  let churning = true;
  const { page, close } = await openConnected(on.browser, on.server, "", {}, async (fresh) => {
    await fresh.route((url) => url.pathname.endsWith("/workflows/scheduled"), async (route) => {
      if (churning) {
        pages += 1;
        await on.server.moveClock({ advanceMs: 50 * minute });
        const after = new Date(first + ((pages * 4_321) % (2 * RUNS)) * minute + minute / 2);
        added.push(...(await on.server.makeRuns(50, { workflow: "greeter", triggerAt: after, spacingMs: minute })));
      }
      await route.continue();
    });
  });
  // Each page waits for its churn, and what moved is looked for once more.
  await waitForList(page, 180_000);
  churning = false;
  const exported = async () => {
    await page.locator("summary", { hasText: "Export" }).click();
    const text = await downloaded(page, () => page.getByRole("button", { name: /as JSON$/ }).click());
    return (JSON.parse(text) as { metadata: { id: string } }[]).map((row) => row.metadata.id);
  };
  const shown = await exported();
  const truth = await on.server.truth();
  const listed = new Set(shown);
  assert.ok(pages >= 5, `${pages} pages were read`);
  assert.equal(listed.size, shown.length, "none twice");
  assert.deepEqual(original.filter((id) => truth.has(id) && !listed.has(id)), [], "none missed");
  const known = new Set([...original, ...added]);
  assert.deepEqual(shown.filter((id) => !known.has(id)), []);
  assert.ok(original.filter((id) => !truth.has(id)).length >= 50 * (pages - 1), "runs fired meanwhile");

  await eventually(exported, (now) => assert.deepEqual(now.sort(), [...truth.keys()].sort()), 120_000);
  await close();
});

test("a letter typed among 100,000 runs takes less than a page by hand takes to look through them", async () => {
  on.server = await Server.start({ seed: 100_000 });
  const { page, close } = await open(on.browser, on.server.ready.url);
  await waitForList(page, 120_000);
  const { url, token, tenantId } = on.server.ready;
  const { typed, byHand } = await page.evaluate<{ typed: number[]; byHand: number }>(`(async () => {
    const paint = (change) => new Promise((resolve) => {
      const began = performance.now();
      change();
      requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = () => resolve(performance.now() - began); channel.port2.postMessage(0); });
    });
    const search = inside().querySelector("#search");
    const typed = [];
    for (const text of ["a", "ac", "acm", "acme", "acme p", "acme", "a", ""]) {
      typed.push(await paint(() => { search.value = text; search.dispatchEvent(new Event("input", { bubbles: true })); }));
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
    const response = await fetch(${JSON.stringify(`${url}/api/v1/tenants/${tenantId}/workflows/scheduled?limit=100000`)}, { headers: { authorization: "Bearer ${token}" } });
    const { rows } = await response.json();
    const began = performance.now();
    const found = rows.filter((row) => JSON.stringify(row).toLowerCase().includes("acme"));
    const byHand = found.length > 0 ? performance.now() - began : NaN;
    return { typed, byHand };
  })()`);
  const told = `${typed.map(Math.round).join(", ")} ms; by hand ${Math.round(byHand)} ms`;
  console.log(`# a letter among 100,000 runs, to the frame that shows it: ${told}`);
  assert.ok((typed.sort((a, b) => a - b)[typed.length / 2] as number) < byHand, told);
  await close();
});
