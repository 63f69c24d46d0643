/** How much of a test that breaks things is played: its share in `cargo xtask test`, minutes of it in `cargo xtask soak`. */
import { seed as first } from "../support/random.mjs";

/** How many minutes `cargo xtask soak` gives a test; undefined in `cargo xtask test`. */
export const minutes = process.env.SOAK_MINUTES === undefined ? undefined : Number(process.env.SOAK_MINUTES);

/**
 * Plays `play(seed)` with one seed after the other: `share` times, or as many minutes as there are. The first that fails ends it,
 * and says how to play it again. Gives how many were played, and in how many seconds.
 *
 * @param name - the file's, as `cargo xtask soak --only` takes it.
 */
export async function rounds({ name, share }, play) {
  const started = performance.now();
  const passed = () => (performance.now() - started) / 1000;
  let played = 0;
  do {
    await replayable({ name, seed: (first + played) >>> 0 }, play);
    played += 1;
  } while (minutes === undefined ? played < share : passed() < minutes * 60);
  return { played, seconds: passed() };
}

/** Plays `play(seed)`. Where that fails, it says how to play it again. */
export async function replayable({ name, seed }, play) {
  try {
    return await play(seed);
  } catch (cause) {
    throw new Error(`with seed ${seed}, which \`cargo xtask soak 1 --only ${name} --seed ${seed}\` plays again:\n${cause?.stack ?? cause}`, { cause });
  }
}

/** Tells the figures of a test, as rows of one table. */
export function tell(t, test, figures) {
  t.diagnostic("| test | figure | value |");
  t.diagnostic("| --- | --- | --- |");
  for (const [figure, value] of Object.entries(figures)) t.diagnostic(`| ${test} | ${figure} | ${value} |`);
}
