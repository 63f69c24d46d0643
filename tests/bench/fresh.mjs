/** Measures of fresh processes: what importing costs, and how soon the first answer is there. */
import { entryOf, programOf } from "./contestants.mjs";
import { converse } from "./processes.mjs";
import { shuffled } from "./statistics.mjs";

/** Rounds of what each of `contestants`, by name, takes: `take()` gives milliseconds. */
export async function roundsOf(contestants, count) {
  const rounds = [];
  // The first round finds cold caches of files.
  for (let number = -1; number < count; number++) {
    const round = {};
    for (const [name, take] of shuffled(Object.entries(contestants))) round[name] = await take();
    if (number >= 0) rounds.push(round);
  }
  return rounds;
}

/** The CPU time of a process that imports a package and ends; `plain` imports nothing. */
export function importRounds(packages, peers, count) {
  const take = (...module) => async () => {
    const child = converse(process.execPath, [programOf("import"), ...module]);
    try {
      return (await child.hear()).ms;
    } finally {
      await child.stop();
    }
  };
  const contestants = { plain: take() };
  for (const { name, folder } of packages) contestants[name] = take(entryOf(folder));
  if (peers.typescript) contestants.typescript = take(peers.typescript);
  return roundsOf(contestants, count);
}

/** From the start of a process to its first answer. */
export function answerRounds(contestants, work, count) {
  const take = (open) => async () => {
    const began = performance.now();
    const agent = await open();
    try {
      await agent.ask({ prepare: { call: "get", work } });
      await agent.ask({ repeat: 1 });
      return performance.now() - began;
    } finally {
      await agent.stop();
    }
  };
  return roundsOf(Object.fromEntries(contestants.map(({ name, open }) => [name, take(open)])), count);
}
