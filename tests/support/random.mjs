/** The seed of a random test: that of the variable SEED, to play one again. */
export const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32));

/** Whole numbers below a limit, the same ones for the same seed. */
export function random(state) {
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
