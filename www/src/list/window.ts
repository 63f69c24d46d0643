/** Which rows of a long list are worth having in the document. */

export const ROW_HEIGHT = 44;
const OVERSCAN = 6;

export interface Window {
  first: number;
  last: number;
}

/** Rows `first` up to, not including, `last`. */
export function windowOf(scrollTop: number, height: number, count: number): Window {
  const first = Math.max(0, Math.floor(scrollTop / ROW_HEIGHT) - OVERSCAN);
  const last = Math.min(count, Math.ceil((scrollTop + height) / ROW_HEIGHT) + OVERSCAN);
  return { first: Math.min(first, count), last: Math.max(last, 0) };
}

/** Where to scroll so that a row is wholly in sight, or undefined where it is already. */
export function scrollToRow(index: number, scrollTop: number, height: number): number | undefined {
  const top = index * ROW_HEIGHT;
  if (top < scrollTop) return top;
  if (top + ROW_HEIGHT > scrollTop + height) return top + ROW_HEIGHT - height;
  return undefined;
}
