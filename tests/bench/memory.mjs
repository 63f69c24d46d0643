/** Measures of memory: whether it stays flat over many calls, and what an iteration holds. */
import { entryOf, programOf } from "./contestants.mjs";
import { converse } from "./processes.mjs";
import { quartiles } from "./statistics.mjs";

const MEGABYTE = 1_000_000;
const LISTED = 10_000;
/** What counts as flat, in MB: the noise of the engine's own caches, and less than one WebAssembly page. */
const FLAT = { heap: 1, wasm: 0.06 };
/** In MB: a page as text and as runs, and the ids of all runs that were seen. All of the runs would be over 150. */
const ITERATING = 24;

/** What is held after `lists` lists of 10,000 runs, over what is held after a tenth of them. */
export async function heldByLists(packages, settings, lists) {
  const rows = { heap: {}, wasm: {} };
  for (const { name, folder } of packages) {
    await inProcess(folder, settings, async ({ ask }) => {
      const early = await ask({ list: { times: lists / 10, limit: LISTED } });
      const late = await ask({ list: { times: lists - lists / 10, limit: LISTED } });
      for (const part of ["heap", "wasm"]) rows[part][name] = [late[part], late[part] - early[part]];
    });
  }
  const title = `after ${lists.toLocaleString("en")} lists of 10,000, over ${(lists / 10).toLocaleString("en")}`;
  return [
    { name: "memory-heap", title: `JavaScript memory ${title}`, goal: FLAT.heap, ...figured(rows.heap) },
    { name: "memory-wasm", title: `WebAssembly memory ${title}`, goal: FLAT.wasm, ...figured(rows.wasm) },
  ];
}

/** The most that is held while iterating, over what is held before. */
export async function heldByIterating(packages, settings, work) {
  const row = {};
  for (const { name, folder } of packages) {
    await inProcess(folder, settings, async ({ ask }) => {
      const sum = ({ heap, wasm }) => heap + wasm;
      const before = sum(await ask({ list: { times: 1, limit: 1 } }));
      const most = sum(await ask({ iterate: work }));
      row[name] = [most, most - before];
    });
  }
  const title = `most memory while iterating over ${work.runs.toLocaleString("en")}, over before`;
  return [{ name: "iterate-memory", title, goal: ITERATING, ...figured(row) }];
}

async function inProcess(folder, settings, use) {
  const child = converse(process.execPath, ["--expose-gc", programOf("memory")]);
  try {
    await child.ask({ ...settings, entry: entryOf(folder) });
    await use(child);
  } finally {
    await child.stop();
  }
}

function figured(row) {
  const each = (place) => Object.fromEntries(Object.entries(row).map(([name, bytes]) => [name, quartiles([bytes[place] / MEGABYTE])]));
  return { figures: each(0), versus: each(1) };
}
