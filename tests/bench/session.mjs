/** One run of the benchmark: a server, the contestants, and one measure after the other. */
import { TENANT, tokenOf } from "../support/fake.mjs";
import { contestantsOf, programOf } from "./contestants.mjs";
import { answerRounds, importRounds } from "./fresh.mjs";
import { openLive } from "./live.mjs";
import { cannedMeasures } from "./measures.mjs";
import { heldByIterating, heldByLists } from "./memory.mjs";
import { PEERS, chosen } from "./options.mjs";
import { installPeers } from "./peers.mjs";
import { converse } from "./processes.mjs";
import { judged, resultOf } from "./results.mjs";
import { PACES, sitFor } from "./sittings.mjs";

const EXTENTS = {
  full: { starts: 20, pages: 12, lists: 1000, live: 5000 },
  quick: { starts: 2, pages: 2, lists: 10, live: 2000 },
};
/** The kinds of measures in which the official clients take part. */
const WITH_PEERS = ["call", "import", "answer"];
/** Whatever else is set must not change what is measured. */
const FOREIGN = /^HATCHET_CLIENT_|_proxy$/i;

/** Measures against the canned server; gives the results. */
export async function measureCanned(options) {
  const { rows, measures: all } = cannedMeasures(options);
  const measures = chosen(options.without.includes("chromium") ? all.filter(({ kind }) => !isInPage(kind)) : all, options.only);
  if (measures.some(({ kind }) => isInPage(kind)) && !process.env.CHROMIUM) {
    throw new Error("CHROMIUM does not name its program: run `cargo xtask bench`, or leave it out by `--without chromium`");
  }
  const peers = await installPeers(options.scratch, measures.some(({ kind }) => WITH_PEERS.includes(kind)) ? options.without : PEERS);
  for (const name of Object.keys(process.env)) if (FOREIGN.test(name)) delete process.env[name];
  const server = converse(process.execPath, [programOf("server"), String(rows)]);
  let browser;
  try {
    const url = `http://127.0.0.1:${(await server.hear()).port}`;
    const claims = { sub: TENANT, server_url: url, grpc_broadcast_address: "127.0.0.1:1", exp: 4_102_444_800 };
    const settings = { server: url, tenant: TENANT, token: tokenOf(claims) };
    const openBrowserOnce = async () => (browser ??= await (await import("./browser.mjs")).openBrowser({ packages: options.packages, settings }));
    const requestsSoFar = async () => (await server.ask({})).requests;
    return await resultsOf(measures, { options, settings, peers, requestsSoFar, openBrowser: openBrowserOnce });
  } finally {
    await browser?.close();
    await server.stop();
  }
}

const isInPage = (kind) => kind.startsWith("page");

/** Measures against the server of HATCHET_CLIENT_TOKEN; gives the results. An interrupt, too, deletes the runs. */
export async function measureLive(options) {
  const settings = liveSettings();
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort(new Error("interrupted")));
  const peers = await installPeers(options.scratch, options.without);
  const { folder } = options.packages[0];
  const { measures, clear } = await openLive(settings, folder, extentOf(options).live, interrupted.signal);
  try {
    return await resultsOf(chosen(measures, options.only), { options, settings, peers, signal: interrupted.signal });
  } finally {
    console.error("deleting the runs");
    await clear();
  }
}

function liveSettings() {
  const { HATCHET_CLIENT_TOKEN: token, HATCHET_CLIENT_SERVER_URL, HATCHET_CLIENT_API_URL, HATCHET_CLIENT_TENANT_ID } = process.env;
  if (!token) throw new Error("HATCHET_CLIENT_TOKEN is not set: --live needs a token of the server to measure");
  const { sub, server_url } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url"));
  const server = (HATCHET_CLIENT_SERVER_URL || HATCHET_CLIENT_API_URL || server_url).replace(/\/+$/, "");
  return { server, tenant: HATCHET_CLIENT_TENANT_ID || sub, token };
}

const extentOf = ({ quick }) => (quick ? EXTENTS.quick : EXTENTS.full);

async function resultsOf(measures, { options, signal, ...means }) {
  const results = [];
  for (const [index, measure] of measures.entries()) {
    signal?.throwIfAborted();
    console.error(`${index + 1}/${measures.length} ${measure.name}`);
    results.push(...(await KINDS[measure.kind](measure, { ...means, packages: options.packages, extent: extentOf(options), pace: paceOf(options) })));
  }
  return results;
}

const paceOf = ({ live, quick }) => PACES[live ? "live" : quick ? "quick" : "full"];

const KINDS = {
  async call({ work, ...measure }, { settings, packages, peers, pace, requestsSoFar }) {
    const contestants = contestantsOf(settings, packages, peers);
    return [resultOf({ ...measure, ...(await sitFor({ call: measure.call, work: work() }, contestants, pace, requestsSoFar)) }, packages)];
  },
  async import(measure, { packages, peers, extent }) {
    return [resultOf({ ...measure, rounds: await importRounds(packages, peers, extent.starts) }, packages)];
  },
  async answer({ work, ...measure }, { settings, packages, peers, extent }) {
    const rounds = await answerRounds(contestantsOf(settings, packages, peers), work(), extent.starts);
    return [resultOf({ ...measure, rounds }, packages)];
  },
  async memory(measure, { settings, packages, extent }) {
    const rows = await heldByLists(packages, settings, extent.lists);
    return rows.map((row) => judged({ ...measure, ...row }, packages));
  },
  async iterateMemory({ work, ...measure }, { settings, packages }) {
    const rows = await heldByIterating(packages, settings, work());
    return rows.map((row) => judged({ ...measure, ...row }, packages));
  },
  async pageCall({ work, ...measure }, { packages, pace, openBrowser, requestsSoFar }) {
    const { contestants } = await openBrowser();
    return [resultOf({ ...measure, ...(await sitFor({ call: measure.call, work: work() }, contestants, pace, requestsSoFar)) }, packages)];
  },
  async pageImport(measure, { packages, extent, openBrowser }) {
    const browser = await openBrowser();
    return [resultOf({ ...measure, rounds: await browser.importRounds(extent.pages) }, packages)];
  },
  async pageAnswer({ work, ...measure }, { packages, extent, openBrowser }) {
    const browser = await openBrowser();
    return [resultOf({ ...measure, rounds: await browser.answerRounds(work(), extent.pages) }, packages)];
  },
};
