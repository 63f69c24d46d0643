/** How fast the page is, as a median of seven rounds, beside a plain table of the same runs: `npm run bench -- [RUNS] [ROUNDS]`. */

import type { Browser, Page } from "playwright-core";
import { launch, open, waitForList } from "./support/browser.ts";
import { Server } from "./support/server.ts";

const RUNS = Number(process.argv[2] ?? 10_000);
const ROUNDS = Number(process.argv[3] ?? 7);

interface Figures {
  "first row, ms": number;
  "all usable, ms": number;
  "keystroke to paint, ms": number;
  "scroll frame p95, ms": number;
  "DOM nodes": number;
}

/** Runs in the page: the time from a change to the next frame that shows it. */
const paint = `(change) => new Promise((resolve) => {
  const began = performance.now();
  change();
  requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = () => resolve(performance.now() - began); channel.port2.postMessage(0); });
})`;

async function measure(browser: Browser, server: Server): Promise<Figures> {
  const began = performance.now();
  const { page, close } = await open(browser, server.ready.url);
  await page.locator(".rows .row").first().waitFor();
  const first = performance.now() - began;
  await waitForList(page);
  const all = performance.now() - began;
  const keys = await page.evaluate<number[]>(`(async () => {
    const paint = ${paint};
    const search = inside().querySelector("#search");
    const times = [];
    for (const text of ["a", "ac", "acm", "acme", "acme p", "acme pr", ""]) {
      times.push(await paint(() => { search.value = text; search.dispatchEvent(new Event("input", { bubbles: true })); }));
    }
    return times;
  })()`);
  const frames = await page.evaluate<number[]>(`(async () => {
    const paint = ${paint};
    const grid = inside().querySelector(".grid");
    const times = [];
    for (let step = 0; step < 100; step += 1) times.push(await paint(() => { grid.scrollTop = step * 1777; }));
    return times;
  })()`);
  const nodes = await countNodes(page);
  await close();
  return {
    "first row, ms": first, "all usable, ms": all, "keystroke to paint, ms": Math.max(...keys),
    "scroll frame p95, ms": frames.sort((a, b) => a - b)[94] as number, "DOM nodes": nodes,
  };
}

/** The baseline: the same rows fetched by one call and put into one table, as simple pages do. */
async function measureTable(browser: Browser, server: Server): Promise<Pick<Figures, "first row, ms" | "DOM nodes">> {
  const { page, close } = await open(browser, `${server.ready.url}/plain.html`, {}, async (fresh) => {
    await fresh.route("**/plain.html", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>A plain table</title>" }));
  });
  const { url, token, tenantId } = server.ready;
  const time = await page.evaluate<number>(`(async () => {
    const began = performance.now();
    const response = await fetch(${JSON.stringify(`${url}/api/v1/tenants/${tenantId}/workflows/scheduled?limit=1000000`)}, { headers: { authorization: "Bearer ${token}" } });
    const { rows } = await response.json();
    const table = document.createElement("table");
    for (const row of rows) {
      const line = table.insertRow();
      for (const text of [row.triggerAt, row.workflowName, JSON.stringify(row.additionalMetadata), row.priority, row.metadata.createdAt, row.metadata.id]) line.insertCell().textContent = text;
    }
    await (${paint})(() => document.body.append(table));
    return performance.now() - began;
  })()`);
  const nodes = await countNodes(page);
  await close();
  return { "first row, ms": time, "DOM nodes": nodes };
}

function countNodes(page: Page): Promise<number> {
  return page.evaluate(() => (inside() ?? document).querySelectorAll("*").length);
}

function median(values: number[]): number {
  return Math.round(values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number);
}

const browser = await launch();
const server = await Server.start({ seed: RUNS });
try {
  const rounds: Figures[] = [];
  const tables: Awaited<ReturnType<typeof measureTable>>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push(await measure(browser, server));
    tables.push(await measureTable(browser, server));
  }
  console.log(`${RUNS.toLocaleString("en")} runs, median of ${ROUNDS}`);
  for (const name of Object.keys(rounds[0] as Figures) as (keyof Figures)[]) {
    const table = name === "first row, ms" || name === "DOM nodes" ? `   (a plain table: ${median(tables.map((figures) => figures[name]))})` : "";
    console.log(`${name.padEnd(24)} ${String(median(rounds.map((figures) => figures[name]))).padStart(7)}${table}`);
  }
} finally {
  await browser.close();
  await server.stop();
}
