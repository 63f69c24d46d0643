import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

import { ScheduledClient } from "../support/package.mjs";
import { startServer } from "../support/server.mjs";
import { installed, openSite } from "./browser.mjs";

const here = dirname(fileURLToPath(import.meta.url));

async function start(t) {
  const server = await startServer();
  t.after(() => server.stop());
  return { token: server.token, client: new ScheduledClient({ token: server.token }) };
}

test("the script in Node schedules a reminder, once", async (t) => {
  const { token, client } = await start(t);
  const folder = mkdtempSync(join(dirname(installed), ".example-"));
  after(() => rmSync(folder, { recursive: true }));
  cpSync(join(here, "node"), folder, { recursive: true });
  const run = async () => {
    const env = { ...process.env, HATCHET_CLIENT_TOKEN: token };
    return (await promisify(execFile)("node", [join(folder, "remind.mjs"), "7"], { env })).stdout;
  };
  const first = await run();
  assert.match(first, /^[0-9a-f-]{36} fires at \S+Z\n$/);
  assert.equal(await run(), first);
  assert.equal((await client.list({ workflowName: "send-reminder" })).rows.length, 1);
});

test("the page lists what is scheduled, and refuses a time that the clocks skip", async (t) => {
  const { token, client } = await start(t);
  await client.create("greeter", { triggerAt: "2031-01-01T00:00:00Z" });
  const { page, problems } = await openSite(t, { token, folders: { "/": join(here, "page") } });
  const items = () => page.locator("li").allInnerTexts();
  await page.locator("li").first().waitFor();
  await page.getByRole("button", { name: "Schedule" }).click();
  await page.locator("output", { hasText: "does not exist in Europe/Berlin" }).waitFor();
  await page.locator("input").fill("2031-03-30T09:00");
  await page.getByRole("button", { name: "Schedule" }).click();
  await page.locator("output", { hasText: "Scheduled." }).waitFor();
  assert.deepEqual(await items(), ["2031-01-01T00:00:00Z greeter", "2031-03-30T07:00:00Z greeter"]);
  assert.deepEqual(problems, []);
});

test("the worker counts what waits, at first and from then on", async (t) => {
  const { token, client } = await start(t);
  const triggerAt = "2031-01-01T00:00:00Z";
  const run = await client.create("greeter", { triggerAt });
  // A worker has no import map of its own: a bundler puts the package into it.
  const { outputFiles } = await build({ entryPoints: [join(here, "worker/worker.mjs")], bundle: true, format: "esm", write: false, alias: { "hatchet-scheduled": installed } });
  const texts = { "/index.html": "<!doctype html><title>A page with a worker</title>", "/worker.js": outputFiles[0].text };
  const { page } = await openSite(t, { token, texts });
  await page.evaluate(() => {
    globalThis.counts = [];
    globalThis.worker = new Worker("/worker.js", { type: "module" });
    worker.onmessage = ({ data }) => counts.push(data.waiting);
    worker.postMessage({ token: sessionStorage.token, query: { workflowName: "greeter" } });
  });
  const counted = (number) => page.waitForFunction((wanted) => globalThis.counts.at(-1) === wanted, number, { timeout: 20_000 });
  await counted(1);
  await client.create("greeter", { triggerAt });
  await counted(2);
  await client.delete(run);
  await counted(1);
});

test("the hooks show the runs, soonest first, and keep them current", async (t) => {
  const { token, client } = await start(t);
  const late = await client.create("greeter", { triggerAt: "2032-01-01T00:00:00Z" });
  const options = { bundle: true, format: "esm", write: false, jsx: "automatic", nodePaths: [dirname(installed), join(here, "../node_modules")] };
  const { outputFiles } = await build({ entryPoints: [join(here, "react/app.jsx")], define: { "process.env.NODE_ENV": '"production"' }, ...options });
  const texts = { "/index.html": `<!doctype html><title>React</title><body><script type="module" src="/app.js"></script>`, "/app.js": outputFiles[0].text };
  const { page, problems } = await openSite(t, { token, texts });
  const shows = (...times) => page.waitForFunction((wanted) => [...document.querySelectorAll("li")].map((li) => li.firstChild.textContent).join() === wanted, times.join(), { timeout: 20_000 });
  await shows("2032-01-01T00:00:00Z");
  await client.create("greeter", { triggerAt: "2031-01-01T00:00:00Z" });
  await shows("2031-01-01T00:00:00Z", "2032-01-01T00:00:00Z");
  await client.update(late, { triggerAt: "2030-01-01T00:00:00Z" });
  await shows("2030-01-01T00:00:00Z", "2031-01-01T00:00:00Z");
  assert.deepEqual(problems, []);
});
