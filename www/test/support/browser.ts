/** Headless Chromium, and a page that remembers what it complained about. */

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath, args: flags });
}

export interface Opened {
  page: Page;
  /** Console errors, uncaught exceptions and refused resources so far. */
  complaints: string[];
  /** Every address that the page asked for. */
  asked: string[];
  close: () => Promise<void>;
}

const usual: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, timezoneId: "Europe/Berlin", locale: "en-GB", reducedMotion: "reduce" };

declare global {
  /** In a page: what is inside of its dashboard. */
  var inside: () => ShadowRoot;
}

/** A fresh context: no storage, its own clock and zone. */
export async function open(browser: Browser, url: string, options: BrowserContextOptions = {}, prepare?: (page: Page) => Promise<void>): Promise<Opened> {
  return openIn(await browser.newContext({ ...usual, ...options }), url, prepare);
}

/** A browser of its own in which cookies and site data are blocked, as its settings offer. */
export async function openWithoutStorage(url: string): Promise<Opened> {
  const profile = mkdtempSync(join(tmpdir(), "blocked-"));
  mkdirSync(join(profile, "Default"));
  writeFileSync(join(profile, "Default", "Preferences"), JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }));
  const opened = await openIn(await chromium.launchPersistentContext(profile, { executablePath, args: flags, ...usual }), url);
  const close = async () => {
    await opened.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { ...opened, close };
}

async function openIn(context: BrowserContext, url: string, prepare?: (page: Page) => Promise<void>): Promise<Opened> {
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => asked.push(request.url()));
  await page.addInitScript(() => (globalThis.inside = () => document.querySelector("scheduled-runs")?.shadowRoot as ShadowRoot));
  if (prepare) await prepare(page);
  await page.goto(url);
  return { page, complaints, asked, close: () => context.close() };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[];
}

/** No rule of WCAG 2.2 AA or of axe's best practices may be broken. */
export async function assertAccessible(page: Page, state: string): Promise<void> {
  await page.evaluate(axeSource);
  const { violations } = (await page.evaluate(
    `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })`,
  )) as AxeResult;
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`).join("\n    ")}`);
  assert.deepEqual(found, [], `${state} has accessibility problems`);
}

export async function assertNoSidewaysScroll(page: Page, state: string): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${state} is ${over} px wider than the window`);
}

/** Complaints, less that no demo hands a token over: the page has to ask to know. */
export function seriousComplaints(complaints: readonly string[]): string[] {
  return complaints.filter((text) => !text.endsWith("/embedded/session.json"));
}

/** The page with the server's token in its session, as after connecting. */
export async function openConnected(
  browser: Browser, server: { ready: { url: string; token: string } }, query = "", options: BrowserContextOptions = {}, prepare?: (page: Page) => Promise<void>,
): Promise<Opened> {
  const { url, token } = server.ready;
  const opened = await open(browser, `${url}/${query}`, options, async (page) => {
    await page.addInitScript((saved) => sessionStorage.setItem("hatchet-scheduled.connection", saved), JSON.stringify({ token }));
    await prepare?.(page);
  });
  await opened.page.getByRole("heading", { name: "Scheduled runs" }).waitFor();
  return opened;
}

/**
 * Reads until what was read passes the check, and fails as the check does: the page draws a moment after each event,
 * and a server knows a moment after the page has asked.
 */
export async function eventually<T>(read: () => Promise<T> | T, check: (value: T) => void, timeoutMs = 15_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    try {
      return check(value);
    } catch (failure) {
      if (Date.now() > end) throw failure;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until so many rows are in sight. */
export function waitForRows(page: Page, count: number): Promise<void> {
  return eventually(() => rows(page).count(), (shown) => assert.equal(shown, count));
}

/** The rows in sight, as text. */
export function rows(page: Page) {
  return page.locator(".rows [role=row]");
}

/** Waits until the whole list is there and says how many it holds. */
export async function waitForList(page: Page, timeout = 15_000): Promise<void> {
  await page.locator(".summary .total").filter({ hasNotText: "loading" }).waitFor({ timeout });
}

/** The number that the title shows first. */
export async function shownCount(page: Page): Promise<number> {
  const text = await page.locator(".summary .total").innerText();
  return Number(/[\d,]+/.exec(text)?.[0].replaceAll(",", ""));
}

/** The text of the file that an action saves. */
export async function downloaded(page: Page, save: () => Promise<void>): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent("download"), save()]);
  return Buffer.concat(await (await file.createReadStream()).toArray()).toString();
}
