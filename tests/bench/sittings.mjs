/**
 * Measures of calls. Each contestant has a process of its own, so that none pays for another's garbage, and makes the call in turn
 * with the others, in a new order in each round, so that all meet the same noise. A process may be lucky in where its
 * memory lies, so there are several sittings, each with new processes.
 */
import { isDeepStrictEqual } from "node:util";

import { shuffled } from "./statistics.mjs";

/** How long what takes. A sample is so many calls as take plain fetch `sampleMs`. */
export const PACES = {
  full: { sittings: 4, warmMs: 300, sampleMs: 40, sittingMs: 2000, rounds: [3, 20] },
  quick: { sittings: 1, warmMs: 50, sampleMs: 10, sittingMs: 400, rounds: [2, 5] },
  // One call a sample: somebody's server has to do it all.
  live: { sittings: 1, warmMs: 150, sampleMs: 0, sittingMs: 4000, rounds: [4, 40] },
};

/**
 * Takes samples of a call of `contestants`. Gives its `rounds`, each the milliseconds of one call by the contestant's name, and,
 * where the server can be asked how many there were (`requestsSoFar()`), the `requests` that one call makes.
 */
export async function sitFor({ call, work }, contestants, pace, requestsSoFar) {
  const rounds = [];
  let requests;
  for (let sitting = 0; sitting < pace.sittings; sitting++) {
    // Peers are there to be seen beside the others: a third of the sittings shows them.
    const present = contestants.filter(({ peer }) => !peer || sitting < pace.sittings / 3);
    const sat = await sit({ call, work }, present, pace, requestsSoFar);
    rounds.push(...sat.rounds);
    requests ??= sat.requests;
  }
  return { rounds, requests };
}

async function sit(prepare, contestants, { warmMs, sampleMs, sittingMs, rounds: [fewest, most] }, requestsSoFar) {
  const agents = [];
  try {
    const start = async ({ name, open, peer }) => agents.push({ name, peer, spent: 0, ...(await open()) });
    await Promise.all(contestants.map(start));
    const calls = {};
    for (const agent of agents) calls[agent.name] = await warm(agent, prepare, warmMs, requestsSoFar);
    agree(calls);
    const repeat = Math.min(Math.max(Math.round(sampleMs / calls.plain.ms), 1), 1000);
    const rounds = [];
    const began = performance.now();
    while (rounds.length < fewest || (rounds.length < most && performance.now() - began < sittingMs)) {
      const round = {};
      for (const agent of shuffled(agents.filter((agent) => !sitsOut(agent, rounds.length, sittingMs)))) {
        const before = performance.now();
        round[agent.name] = (await agent.ask({ repeat })).ms;
        agent.spent += performance.now() - before;
      }
      rounds.push(round);
    }
    return { rounds, requests: requestsSoFar && Object.fromEntries(agents.map(({ name }) => [name, calls[name].requests])) };
  } finally {
    await Promise.all(agents.map((agent) => agent.stop()));
  }
}

/** Where a peer takes long, two rounds show it as well. */
const sitsOut = ({ peer, spent }, round, sittingMs) => peer && round >= 2 && spent > sittingMs / 4;

/** Calls until a contestant has had time to be compiled; gives the last call. */
async function warm({ ask }, prepare, warmMs, requestsSoFar) {
  await ask({ prepare });
  const began = performance.now();
  let last;
  do {
    const before = await requestsSoFar?.();
    last = await ask({ repeat: 1 });
    last.requests = (await requestsSoFar?.()) - before;
  } while (performance.now() - began < warmMs);
  return last;
}

/** Whoever does less work than plain fetch is not compared with it. */
function agree({ plain, ...others }) {
  for (const [name, { did }] of Object.entries(others)) {
    if (!isDeepStrictEqual(did, plain.did)) {
      throw new Error(`${name} did ${JSON.stringify(did)}, and plain fetch ${JSON.stringify(plain.did)}`);
    }
  }
}
