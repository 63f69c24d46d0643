/** Whether what a long run holds on to stays level. */
import assert from "node:assert/strict";

/** Sampled so often, first and last among them. */
export const SAMPLES = 24;
/** What the first of them fill: code that is compiled, pools, what is remembered. */
const WARM_UP = 6;

const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The middle of a figure's first quarter after the warm-up, and of its last one. */
export function quarters(samples, figure) {
  const values = samples.slice(WARM_UP).map((sample) => sample[figure]);
  const quarter = Math.floor(values.length / 4);
  return { first: middle(values.slice(0, quarter)), last: middle(values.slice(-quarter)) };
}

/**
 * Fails where a figure's last quarter stands above its first one by more than `slack`, and `perStep` for each of the `steps`
 * that lie between the two: calls, or looks.
 */
export function assertLevel(samples, figure, { slack, perStep = 0, steps }) {
  const { first, last } = quarters(samples, figure);
  // The middles of two quarters are three quarters of what comes after the warm-up apart.
  const between = steps * (1 - WARM_UP / samples.length) * 0.75;
  const most = slack + perStep * between;
  const course = samples.map((sample) => Math.round(sample[figure])).join(" ");
  assert.ok(last - first <= most, `${figure} grew from ${first} to ${last}, by ${((last - first) / between).toFixed(1)} a step over ${Math.round(between)}: ${course}`);
}

/** How a figure went, in megabytes. */
export function inMegabytes(samples, figure) {
  const { first, last } = quarters(samples, figure);
  return `${(first / 2 ** 20).toFixed(2)} → ${(last / 2 ** 20).toFixed(2)} MB`;
}

/** How a count went. */
export function inAll(samples, figure) {
  const { first, last } = quarters(samples, figure);
  return `${first} → ${last}`;
}
