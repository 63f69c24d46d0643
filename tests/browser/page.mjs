/** A page that has the package by an import map, under a strict Content-Security-Policy, in headless Chromium. */
import { createHash } from "node:crypto";

import { chromium } from "playwright-core";

import { folder } from "../support/package.mjs";
import { serveSite } from "../support/site.mjs";

const importMap = JSON.stringify({ imports: { "hatchet-scheduled": "/package/dist/index.js" } });
const importMapHash = createHash("sha256").update(importMap).digest("base64");
const html = `<!doctype html>
<html lang="en">
<title>A page</title>
<link rel="icon" href="data:,">
<script type="importmap">${importMap}</script>
<script type="module" src="/page.js"></script>
</html>`;
const SCRIPT = 'import * as hatchet from "hatchet-scheduled"; globalThis.hatchet = hatchet;';
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/**
 * Serves the page and opens it. `api` lists the other origins that it may reach; `wasm` allows WebAssembly; `script` makes a
 * module `globalThis.hatchet`; `types` are what the site says of files by their ending. Gives the page, its origin, what was seen of it (console, uncaught errors, requests), and `close()`.
 */
export async function openPage({ api = "'none'", wasm = "'wasm-unsafe-eval'", script = SCRIPT, types } = {}) {
  const policy = [
    "default-src 'none'", `script-src 'self' 'sha256-${importMapHash}' ${wasm}`, `connect-src ${api}`, "img-src data:",
    "base-uri 'none'", "form-action 'none'",
  ].join("; ");
  const { origin, close: closeSite } = await serveSite({
    texts: { "/index.html": html, "/page.js": script },
    folders: { "/package/": folder },
    types,
    headers: { "content-security-policy": policy },
  });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: FLAGS });
  const page = await browser.newPage();
  const seen = { console: [], errors: [], requests: [] };
  page.on("console", (message) => seen.console.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("request", (request) => seen.requests.push(request.url()));
  await page.goto(origin);
  await page.waitForFunction(() => globalThis.hatchet);
  return {
    page,
    origin,
    seen,
    async close() {
      await browser.close();
      await closeSite();
    },
  };
}
