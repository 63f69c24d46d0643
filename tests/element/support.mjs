/** Pages that hold the dashboard's element, over a handler and an embedded Hatchet. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after } from "node:test";

import { build } from "esbuild";
import { chromium } from "playwright-core";

import { createHandler, toNodeHandler } from "../server/support.mjs";
import { folder, repository } from "../support/package.mjs";
import { startServer } from "../support/server.mjs";
import { serveSite } from "../support/site.mjs";

const executablePath = process.env.CHROMIUM;
assert.ok(executablePath, "CHROMIUM is not set: run `cargo xtask test --only element`");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"] });
after(() => browser.close());

/** A policy that leaves no gap but the one for WebAssembly. */
export const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** The script of a host page, bundled as an app's. */
export async function bundled(source, plugins = []) {
  const { outputFiles } = await build({
    stdin: { contents: source, loader: "jsx", resolveDir: join(repository, "tests/element") },
    bundle: true, format: "esm", write: false, jsx: "automatic", plugins, conditions: ["browser"],
    // React's strict mode is one of development.
    define: { "process.env.NODE_ENV": '"development"', __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
    nodePaths: [dirname(folder), join(repository, "tests/node_modules")],
  });
  return outputFiles[0].text;
}

/** The element's script alone. */
export const element = await bundled('import "hatchet-scheduled/dashboard";');

/**
 * Opens a host page with this body, whose user may do what `access` says. Gives the page, what went wrong in it, the requests
 * that came to the handler, and a client with the tenant's token.
 */
export async function openHost(t, { body, style = "", script = element, access = { allow: "write" }, headers = {}, context = {}, options = {} }) {
  const server = await startServer();
  t.after(() => server.stop());
  const asked = [];
  const handler = createHandler({ access: () => access, client: { token: server.token }, ...options });
  const counted = (request) => (asked.push(`${request.method} ${new URL(request.url).pathname}`), handler(request));
  const texts = {
    "/index.html": `<!doctype html><html lang="en"><title>A host</title>${style && '<link rel="stylesheet" href="/host.css">'}<body>${body}<script type="module" src="/app.js"></script>`,
    "/app.js": script,
    "/host.css": style,
    "/favicon.ico": "",
  };
  const site = await serveSite({ texts, headers, api: toNodeHandler(counted) });
  t.after(() => site.close());
  const open = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...context });
  t.after(() => open.close());
  const page = await open.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
  return { page, problems, asked, server, go: (path = "/") => page.goto(site.origin + path) };
}

export const rowsOf = (locator) => locator.locator(".rows [role=row]");

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** No rule of WCAG 2.2 AA or of axe's best practices may be broken. */
export async function assertAccessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" ")}`), []);
}
