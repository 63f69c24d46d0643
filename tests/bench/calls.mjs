/**
 * How long calls take in one or several builds of the package, taken in turn in one run, so that they can be compared:
 *
 *     node tests/bench/calls.mjs pkg OTHER [--rows 10000] [--rounds 7]
 *
 * Each folder holds an unpacked package. The server is a function, so what is measured is the package and JSON.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { json, runOf, TOKEN } from "../support/fake.mjs";

const { values, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: { rows: { type: "string", default: "10000" }, rounds: { type: "string", default: "7" } },
});
const rows = Number(values.rows);
const rounds = Number(values.rounds);
if (folders.length === 0) throw new Error("which packages? e.g. node tests/bench/calls.mjs pkg");

const id = (number) => `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
const runs = Array.from({ length: rows }, (_, number) =>
  runOf({
    metadata: { ...runOf().metadata, id: id(number) },
    input: { to: "ada@example.com", subject: `Hello, wörld ${number}`, nested: { list: [1, 2.5, null, true] } },
    additionalMetadata: { team: "billing", n: number % 10, callback: "https://x.example/y" },
  }),
);
const listing = JSON.stringify({ rows: runs, pagination: { current_page: 1, next_page: 1, num_pages: 1 } });

/** Answers a listing, and that every change was made. */
async function fetch(_url, { body }) {
  return body ? json({ updatedIds: JSON.parse(body).updates.map(({ id }) => id), errors: [] }) : new Response(listing);
}

const CALLS = {
  "one small call": (client) => client.bulkUpdate([[id(1), { in: "1h" }]]),
  [`list ${rows}`]: (client) => client.list({ limit: rows }),
  [`iterate ${rows}, filtered here`]: (client) => all(client.iterate({ pageSize: rows, additionalMetadata: { n: 5 } })),
  [`bulkUpdate ${rows}`]: (client) => client.bulkUpdate(runs.map((run) => [run, "2031-06-01T00:00:00Z"])),
};

async function all(runs) {
  for await (const _ of runs);
}

async function taken(call) {
  const began = performance.now();
  const result = await call();
  return [performance.now() - began, result];
}

const median = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
const table = {};
const note = (name, times) => (table[name] = Object.fromEntries(folders.map((folder, index) => [folder, Number(times[index].toFixed(1))])));

const clients = [];
const [imports, firsts] = [[], []];
for (const folder of folders) {
  const [imported, { ScheduledClient }] = await taken(() => import(pathToFileURL(resolve(folder, "dist/index.js"))));
  const client = new ScheduledClient({ token: TOKEN, fetch });
  const [first] = await taken(() => CALLS["one small call"](client));
  clients.push(client);
  imports.push(imported);
  firsts.push(first);
}
note("import", imports);
note("first call", firsts);
for (const [name, call] of Object.entries(CALLS)) {
  const times = folders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, client] of clients.entries()) times[index].push((await taken(() => call(client)))[0]);
  }
  note(name, times.map(median));
}
console.log(`milliseconds, median of ${rounds} where it can be repeated`);
console.table(table);
