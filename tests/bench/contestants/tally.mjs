/** What a call did, for all contestants to agree on. */

/** Reads each run, so that a client that leaves work for the moment when a run is read is not ahead. */
export function tallyOf() {
  const tally = { runs: 0, characters: 0 };
  return {
    add({ metadata, triggerAt, additionalMetadata, input }) {
      if (!metadata.id || !triggerAt || !additionalMetadata) throw new Error("a run is not whole");
      tally.runs += 1;
      tally.characters += input.subject.length;
    },
    tally,
  };
}

/** The tally of some runs. */
export function tallied(runs) {
  const { add, tally } = tallyOf();
  for (const run of runs) add(run);
  return tally;
}

/** The tally of runs that were created: how many, and how many there are by their ids. */
export const talliedIds = (runs) => ({ runs: runs.length, ids: new Set(runs.map(({ metadata }) => metadata.id)).size });
