/** What each call costs with few runs and with many: how it grows is the rule, not how long it takes. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";

import { ScheduledClient, repository } from "../support/package.mjs";
import { logLogPlot } from "../support/plot.mjs";
import { startServer } from "../support/server.mjs";
import { minutes, tell } from "./share.mjs";

const SHARE = [1_000, 3_000, 30_000];
const SOAK = [1_000, 10_000, 100_000, 1_000_000];
/** What the largest size takes at least. */
const ENOUGH = 3;
const SIZES = minutes === undefined ? SHARE : minutes < ENOUGH ? SOAK.slice(0, -1) : SOAK;

const NOW = "2027-01-13T09:20:00.000Z";
const LATER = Date.parse("2028-01-01T00:00:00Z");
const MANY = 1_000;

/** A call of one run, or for one page, costs about the same with any number of runs. */
const ONE = { rounds: minutes === undefined ? 6 : 15, most: 4, since: 0, of: () => 1 };
/** A call of many writes to as many places of a database, which lie apart where there is more of it. */
const BULK = { ...ONE, rounds: minutes === undefined ? 2 : 4, most: 8 };
/** What goes through all runs costs about as much for each of many as for each of some: the smallest size is but one page. */
const ALL = { rounds: 2, most: 5, since: 1, of: (size) => size };

const soonest = { orderByField: "triggerAt", orderByDirection: "ASC" };
const latest = { orderByField: "triggerAt", orderByDirection: "DESC" };

const FIGURES = {
  "list, the first page": { ...ONE, play: ({ client }) => client.list({ ...soonest, limit: 50 }) },
  "list, the last page": { ...ONE, play: ({ client, size }) => client.list({ ...soonest, limit: 50, offset: size - 50 }) },
  "list, the last page, latest first": { ...ONE, play: ({ client, size }) => client.list({ ...latest, limit: 50, offset: size - 50 }) },
  "list, filtered by workflow": { ...ONE, play: ({ client, workflowId }) => client.list({ ...soonest, limit: 50, workflowId }) },
  "list, filtered by metadata": { ...ONE, play: ({ client }) => client.list({ ...soonest, limit: 50, additionalMetadata: { team: "billing", env: "prod" } }) },
  "iterate, until the first 200 are read": { ...ONE, play: ({ client }) => firstOf(client.iterate({ ...soonest, pageSize: 200 }), 200) },
  get: { ...ONE, play: ({ client, ids }, round) => client.get(ids[(round * 7_919) % ids.length]) },
  create: { ...ONE, play: ({ client }, round) => client.create("simple", { triggerAt: LATER + round, additionalMetadata: { round: String(round) } }) },
  [`bulkUpdate of ${MANY}`]: { ...BULK, play: ({ client, ids }, round) => client.bulkUpdate(ids.slice(0, MANY).map((id, at) => ({ id, triggerAt: LATER + ((at * 7_919 + round) % 100_000) }))) },
  [`bulkDelete of ${MANY}`]: { ...BULK, before: added, play: ({ client, added }) => client.bulkDelete({ scheduledIds: added }) },
  [`firing of ${MANY} that are due`]: { ...BULK, before: (site) => due(site), play: ({ server }) => server.clock({ advanceMs: 30_000 }), after: ({ server }) => server.clock({ set: NOW }) },
  "iterate to the end": { ...ALL, play: ({ client, size }) => countOf(client.iterate(soonest), size) },
  "iterate to the end, filtered by workflow": { ...ALL, play: ({ client, workflowId }) => countOf(client.iterate({ ...soonest, workflowId }), 10) },
};

async function firstOf(runs, count) {
  for await (const run of runs) if (--count === 0) return run;
  assert.fail("the runs ended before");
}

async function countOf(runs, least) {
  let count = 0;
  for await (const run of runs) count += run ? 1 : 0;
  assert.ok(count >= least, `only ${count} runs were read`);
}

async function added(site) {
  ({ ids: site.added } = await site.server.insertRuns({ count: MANY, triggerAt: new Date(LATER).toISOString(), spacingMs: 1_000 }));
}

/** Before any of the runs that were there, so that these alone fire. */
async function due({ server }) {
  await server.insertRuns({ count: MANY, triggerAt: new Date(Date.parse(NOW) + 20_000).toISOString(), spacingMs: 1 });
}

/** A server with so many runs; how long it took to be ready, and what it has in memory. */
async function siteOf(t, size, folder) {
  const options = ["--seed", String(size), "--clock", NOW, ...(folder ? ["--data", folder] : [])];
  const begun = performance.now();
  const server = await startServer(options);
  const startMs = performance.now() - begun;
  t.after(() => server.stop());
  const client = new ScheduledClient({ token: server.token, serverUrl: server.url });
  const { rows } = await client.list({ ...latest, limit: 1_500, offset: Math.max(0, Math.floor(size / 2) - 750) });
  const ids = rows.filter(({ method }) => method === "API").map(({ metadata }) => metadata.id);
  assert.ok(ids.length > Math.min(size, MANY) * 0.9, `only ${ids.length} runs were found`);
  const [workflow] = await client.workflows({ name: "weekly-digest" });
  return { server, client, size, ids, workflowId: workflow.metadata.id, startMs };
}

/** What a process has in memory, in MB. */
const residentOf = ({ pid }) => Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) / 1024;

/** The least that each figure took with each size, in milliseconds: sizes take turns, so that a busy moment befalls all alike. */
async function measure(sites) {
  const least = {};
  for (const [name, { rounds, before, play, after }] of Object.entries(FIGURES)) {
    least[name] = sites.map(() => Number.POSITIVE_INFINITY);
    for (let round = 0; round < rounds; round += 1) {
      for (const [at, site] of sites.entries()) {
        await before?.(site);
        const begun = performance.now();
        await play(site, round);
        least[name][at] = Math.min(least[name][at], performance.now() - begun);
        await after?.(site);
      }
    }
  }
  return least;
}

/** What a figure costs, for one call or for each run, may be so many times as much at the largest size. */
function assertGrowth(name, costs, { most, since, of }) {
  const each = costs.map((cost, at) => cost / of(SIZES[at]));
  const growth = each.at(-1) / each[since];
  assert.ok(growth <= most, `${name} costs ${growth.toFixed(1)} times as much at ${SIZES.at(-1)} runs as at ${SIZES[since]}: ${costs.map(shown).join(" · ")} ms`);
}

const shown = (value) => (value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString("en"));
const row = (values, unit) => `${values.map(shown).join(" · ")} ${unit}`;

async function play(t, where, folders) {
  const sites = [];
  for (const [at, size] of SIZES.entries()) sites.push(await siteOf(t, size, folders?.[at]));
  const starts = sites.map(({ startMs }) => startMs);
  const resident = sites.map(({ server }) => residentOf(server));
  const least = await measure(sites);
  const further = {};
  if (folders) {
    // The largest alone: what the others take is mostly the start of a process.
    for (const site of sites) await site.server.stop();
    const begun = performance.now();
    const again = await startServer(["--data", folders.at(-1), "--clock", NOW]);
    further[`${where}: start with the ${SIZES.at(-1).toLocaleString("en")} that are there`] = `${shown(performance.now() - begun)} ms`;
    await again.stop();
  }
  tell(t, "scale", {
    [`${where}: runs`]: SIZES.map((size) => size.toLocaleString("en")).join(" · "),
    [`${where}: start with new runs`]: row(starts, "ms"),
    ...further,
    [`${where}: memory of the process`]: row(resident, "MB"),
    ...Object.fromEntries(Object.entries(least).map(([name, costs]) => [`${where}: ${name}`, row(costs, "ms")])),
  });
  if (!folders) draw({ starts, least });
  for (const [name, costs] of Object.entries(least)) assertGrowth(`${where}: ${name}`, costs, FIGURES[name]);
  assertGrowth(`${where}: the start`, starts, ALL);
}

/** The picture of it, which tests/README.md shows: `target/xtask/scale.svg`. */
function draw({ starts, least }) {
  const line = (name, costs, unit = 1) => ({ name, points: costs.map((cost, at) => [SIZES[at], cost / unit]) });
  const ones = Object.keys(FIGURES).filter((name) => FIGURES[name].of(2) === 1);
  const alls = Object.keys(FIGURES).filter((name) => FIGURES[name].of(2) === 2);
  const svg = logLogPlot([
    { title: "One call", x: "runs on the server", y: "milliseconds", lines: ones.map((name) => line(name, least[name])) },
    { title: "All of it", x: "runs on the server", y: "seconds", lines: [line("start with new runs", starts, 1_000), ...alls.map((name) => line(name, least[name], 1_000))] },
  ]);
  const folder = join(repository, "target/xtask");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "scale.svg"), svg);
}

test("calls cost the same with many runs as with few, and reading all of them as much for each", { timeout: 3_600_000 }, async (t) => {
  await play(t, "in memory");
});

test("as much is true of a server that keeps its runs in a folder", { timeout: 3_600_000 }, async (t) => {
  const folders = SIZES.map(() => mkdtempSync(join(tmpdir(), "scale-")));
  t.after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
  await play(t, "in a folder", folders);
});
