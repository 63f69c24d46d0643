/** How much of a test that breaks things is played: its share in `cargo xtask test`, minutes of it in `cargo xtask soak`. */
import { random, seed as first } from "../support/random.mjs";

/** How many minutes `cargo xtask soak` gives a test; undefined in `cargo xtask test`. */
const minutes = process.env.SOAK_MINUTES === undefined ? undefined : Number(process.env.SOAK_MINUTES);

/**
 * Plays `play(draw)` with what one seed after the other draws, as `random` does: `share` times, or as many minutes as there are. The first that fails ends
 * it, and says how to play it again. Gives how many were played, and in how many seconds.
 *
 * @param name - the file's, as `cargo xtask soak --only` takes it.
 */
export async function rounds({ name, share }, play) {
  const started = performance.now();
  const passed = () => (performance.now() - started) / 1000;
  let played = 0;
  do {
    const seed = (first + played) >>> 0;
    try {
      await play(drawing(seed));
    } catch (cause) {
      throw new Error(`with seed ${seed}, which \`cargo xtask soak 1 --only ${name} --seed ${seed}\` plays again:\n${cause?.stack ?? cause}`, { cause });
    }
    played += 1;
  } while (minutes === undefined ? played < share : passed() < minutes * 60);
  return { played, seconds: passed() };
}

/** Neighbouring seeds draw alike at first: they are spread, and the first draws left out. */
function drawing(seed) {
  const draw = random(Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d));
  for (let early = 0; early < 8; early++) draw(2);
  return draw;
}

/** Tells the figures of a test, as rows of one table. */
export function tell(t, test, figures) {
  t.diagnostic("| test | figure | value |");
  t.diagnostic("| --- | --- | --- |");
  for (const [figure, value] of Object.entries(figures)) t.diagnostic(`| ${test} | ${figure} | ${value} |`);
}
