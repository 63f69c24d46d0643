/** The same in Chromium: each contestant in a page, and a process, of its own. */
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

import { serveSite } from "../support/site.mjs";
import { roundsOf } from "./fresh.mjs";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const HTML = '<!doctype html><html lang="en"><title>A benchmark</title><link rel="icon" href="data:,">';

/** Opens Chromium. Gives `contestants`, as those in Node are, rounds of what is fresh, and `close()`. */
export async function openBrowser({ packages, settings }) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
  const site = await serveSite({
    texts: { "/index.html": HTML, "/empty.mjs": "" },
    folders: {
      "/contestants/": fileURLToPath(new URL("contestants", import.meta.url)),
      ...Object.fromEntries(packages.map(({ folder }, index) => [`/package${index}/`, folder])),
    },
  });
  const entries = packages.map(({ name }, index) => ({ name, entry: `/package${index}/dist/index.js` }));
  const sides = [
    { name: "plain", module: "/contestants/plain.mjs" },
    ...entries.map(({ name, entry }) => ({ name, module: "/contestants/package.mjs", entry })),
  ];

  /** A context of its own has caches of its own. */
  async function openPage() {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(site.origin);
    return page;
  }

  async function withPage(use) {
    const page = await openPage();
    try {
      return await use(page);
    } finally {
      await page.context().close();
    }
  }

  const open = ({ module, entry }) => async () => {
    const page = await openPage();
    await page.evaluate(connect, { module, settings: { ...settings, entry } });
    return { ask: (message) => page.evaluate((given) => globalThis.agent(given), message), stop: () => page.context().close() };
  };

  return {
    contestants: sides.map((side) => ({ name: side.name, open: open(side) })),
    importRounds(count) {
      const take = (module) => () => withPage((page) => page.evaluate(imported, module));
      const sides = [["plain", take("/empty.mjs")], ...entries.map(({ name, entry }) => [name, take(entry)])];
      return roundsOf(Object.fromEntries(sides), count);
    },
    answerRounds(work, count) {
      const take = ({ module, entry }) => () =>
        withPage((page) => page.evaluate(answered, { module, settings: { ...settings, entry }, work }));
      return roundsOf(Object.fromEntries(sides.map((side) => [side.name, take(side)])), count);
    },
    async close() {
      await browser.close();
      await site.close();
    },
  };
}

// What follows runs in pages.

async function connect({ module, settings }) {
  const [{ agentOf }, contestant] = await Promise.all([import("/contestants/agent.mjs"), import(module)]);
  globalThis.agent = agentOf(await contestant.connect(settings));
}

async function imported(module) {
  const began = performance.now();
  await import(module);
  return performance.now() - began;
}

/** The module around the package is there before. */
async function answered({ module, settings, work }) {
  const contestant = await import(module);
  const began = performance.now();
  await (await contestant.connect(settings)).get(work);
  return performance.now() - began;
}
