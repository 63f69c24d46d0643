/** Spans of time in words, as short as a row allows. */

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** "2 d 4 h", "3 h 12 m", "2 m 14 s", "8 s": at most two units, seconds only under an hour. */
export function formatSpan(span: number): string {
  const seconds = Math.floor(Math.abs(span) / SECOND);
  const pick = (size: number) => Math.floor((seconds * SECOND) / size);
  if (seconds * SECOND >= 60 * DAY) return `${pick(DAY)} d`;
  if (seconds * SECOND >= DAY) return join(pick(DAY), "d", pick(HOUR) % 24, "h");
  if (seconds * SECOND >= HOUR) return join(pick(HOUR), "h", pick(MINUTE) % 60, "m");
  if (seconds * SECOND >= MINUTE) return join(pick(MINUTE), "m", seconds % 60, "s");
  return `${seconds} s`;
}

function join(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second ? `${first} ${firstUnit} ${second} ${secondUnit}` : `${first} ${firstUnit}`;
}

/** "in 2 d 4 h", "now", "3 m 10 s ago". */
export function formatRelative(at: number, now: number): string {
  const span = at - now;
  if (Math.abs(span) < SECOND) return "now";
  return span > 0 ? `in ${formatSpan(span)}` : `${formatSpan(span)} ago`;
}

/** "+2 h", "−1 d 4 h": a shift, with a real minus sign. */
export function formatShift(span: number): string {
  return `${span < 0 ? "−" : "+"}${formatSpan(span)}`;
}

const UNITS: Record<string, number> = {
  s: SECOND, sec: SECOND, secs: SECOND, second: SECOND, seconds: SECOND,
  m: MINUTE, min: MINUTE, mins: MINUTE, minute: MINUTE, minutes: MINUTE,
  h: HOUR, hr: HOUR, hrs: HOUR, hour: HOUR, hours: HOUR,
  d: DAY, day: DAY, days: DAY,
  w: 7 * DAY, week: 7 * DAY, weeks: 7 * DAY,
};

/** Reads "90m", "2h 30m", "1.5 days"; undefined where it is no span. */
export function parseSpan(text: string): number | undefined {
  return readShift(text)?.by;
}

export interface Shift {
  by: number;
  /** How many whole days of it were asked for as days or weeks, with its sign: people mean the clock time to stay. */
  days: number;
}

function readShift(text: string): Shift | undefined {
  const trimmed = text.trim().toLowerCase();
  if (!/^(\d+(\.\d+)?\s*[a-z]+\s*)+$/.test(trimmed)) return undefined;
  let [total, calendar] = [0, 0];
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const size = UNITS[unit ?? ""];
    if (size === undefined) return undefined;
    const span = Number(amount) * size;
    total += span;
    if (size >= DAY) calendar += span;
  }
  return { by: Math.round(total), days: Math.floor(calendar / DAY) };
}

/** Reads a shift: a span with an optional sign, "+2h", "-30m", "−1 d". */
export function parseShift(text: string): Shift | undefined {
  const match = /^\s*([+\-−]?)\s*(.*)$/s.exec(text);
  const shift = readShift(match?.[2] ?? "");
  if (shift === undefined || !match?.[1] || match[1] === "+") return shift;
  return { by: 0 - shift.by, days: 0 - shift.days };
}
