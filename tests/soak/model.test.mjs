/** Random programs of calls over a bad network: nothing lost, nothing twice, nothing that is not told, and all of it ends. */
import assert from "node:assert/strict";
import { after, test } from "node:test";

import fc from "fast-check";

import { weigh } from "./model/memory.mjs";
import { rounds, tell } from "./share.mjs";

// The package after what sees its memories made.
const { play } = await import("./model/play.mjs");
const { program } = await import("./model/program.mjs");
const { verify } = await import("./model/verify.mjs");

/** Programs in a round. */
const PROGRAMS = 50;
/** Rounds after which everything that is kept for good is there. */
const WARM = 3;
/** Megabytes by which the heap and the WebAssembly may grow after that: tables keep the room that they took at their fullest. */
const GROWTH = { heap: 8, wasm: 8 };
/** A program that failed is made shorter for so long. */
const SHRINKING = 60_000;

const figures = { programs: 0, calls: 0, "calls that failed": 0, "calls that were aborted": 0, requests: 0, faults: 0 };
const operations = new Set();
const kinds = new Set();

const stray = [];
const astray = (reason) => stray.push(reason);
process.on("unhandledRejection", astray);
after(() => process.off("unhandledRejection", astray));

/** The same chances for the same program: the client draws its waits. */
function withChance(seed, work) {
  const { random } = Math;
  let state = seed;
  // Mulberry32.
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return work().finally(() => (Math.random = random));
}

async function holds(commands) {
  const world = await play(commands);
  try {
    await verify(world);
    assert.deepEqual(stray.splice(0), [], "a rejection that nobody was given");
    count(world);
  } finally {
    await world.hatchet.stop();
  }
}

function count({ records, network }) {
  figures.programs += 1;
  figures.calls += records.length;
  figures["calls that failed"] += records.filter(({ outcome }) => "error" in outcome).length;
  figures["calls that were aborted"] += records.filter(({ aborted }) => aborted).length;
  figures.requests += network.requests.length;
  for (const { operation } of records) operations.add(operation);
  for (const [kind, times] of Object.entries(network.struck)) {
    kinds.add(kind);
    figures.faults += times;
  }
}

test("whatever goes wrong, nothing is lost, nothing is done twice, every call ends, and says what became of it", { timeout: 4 * 3_600_000 }, async (t) => {
  let round = 0;
  let warm;
  const { seconds } = await rounds({ name: "model", share: 6 }, async (seed) => {
    const property = fc.asyncProperty(program, fc.nat(), (commands, chance) => withChance(chance, () => holds(commands)));
    await fc.assert(property, { seed, numRuns: PROGRAMS, includeErrorInReport: true, interruptAfterTimeLimit: SHRINKING, markInterruptAsFailure: true });
    if (++round === WARM) warm = await weigh();
  });
  assert.ok(figures["calls that failed"] > figures.calls / 50, `only ${figures["calls that failed"]} of ${figures.calls} calls met a fault`);
  tell(t, "model", { ...figures, operations: operations.size, "kinds of faults": kinds.size, seconds: seconds.toFixed(1), "programs a minute": Math.round((figures.programs / seconds) * 60) });
  // One round alone, as a seed is played again, has nothing to compare with.
  if (!warm || round <= WARM) return;
  const end = await weigh();
  tell(t, "model", { "heap, MB": `${warm.heap.toFixed(1)}, then ${end.heap.toFixed(1)}`, "WebAssembly, MB": `${warm.wasm.toFixed(1)}, then ${end.wasm.toFixed(1)}` });
  assert.ok(end.memories >= 2, "the client's memory and the server's are seen");
  for (const [what, most] of Object.entries(GROWTH)) assert.ok(end[what] - warm[what] < most, `${what} grew from ${warm[what].toFixed(1)} to ${end[what].toFixed(1)} MB`);
});
