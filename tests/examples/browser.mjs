/** Chromium for the examples, and their pages with the package beside them. */
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { after } from "node:test";
import { chromium } from "playwright-core";

import { serveSite } from "../support/site.mjs";

export const installed = resolve(process.env.HATCHET_PACKAGE_DIR ?? "");

const executablePath = process.env.CHROMIUM;
assert.ok(executablePath, "CHROMIUM is not set: run `cargo xtask test --only examples`");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"] });
after(() => browser.close());

/** Opens `/` of a site whose pages find the token in their session. Gives the page and what went wrong in it. */
export async function openSite(t, { token, texts = {}, folders = {}, api }) {
  const site = await serveSite({ texts, folders: { "/hatchet-scheduled/": installed, ...folders }, api });
  t.after(() => site.close());
  const page = await browser.newPage({ timezoneId: "Europe/Berlin" });
  t.after(() => page.close());
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.addInitScript((given) => (sessionStorage.token = given), token);
  await page.goto(`${site.origin}/`);
  return { page, problems };
}
