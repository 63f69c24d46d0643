/** Time as people type it: a small grammar whose reading is always echoed back before anything is sent. */

import { DAY, parseSpan } from "./relative.ts";
import type { WhenDraft } from "./when.ts";
import type { Zone } from "./zone.ts";

export type TimeEntry =
  | { kind: "empty" }
  | { kind: "instant"; at: number }
  | { kind: "twice"; earlier: number; later: number }
  | { kind: "skipped"; before: number; after: number }
  | { kind: "unreadable"; message: string };

/** Shown where a text cannot be read. */
export const EXAMPLES = "in 90m · tomorrow 09:00 · fri 17:00 · 2026-12-24 08:00";

const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

interface PlainDay {
  year: number;
  month: number;
  day: number;
}

/**
 * Reads "in 90m", "+2h", "17:00" (the next one), "tomorrow 09:00", "fri 17:00" (the next Friday whose 17:00 is
 * still ahead), "24 dec 08:00", "2026-12-24 08:00", and RFC 3339 with Z or an offset. All but the last are
 * wall-clock times of `zone`.
 */
export function parseTimeEntry(input: string, zone: Zone, now: number): TimeEntry {
  const text = input.trim().toLowerCase().replace(/\s+/g, " ");
  if (!text) return { kind: "empty" };
  if (text === "now") return instant(now);

  const span = parseSpan(text.replace(/^(in |\+ ?)/, ""));
  if (span !== undefined) return instant(now + span);

  if (/^\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s?(z|[+-]\d{2}:?\d{2})$/.test(text)) return parseAbsolute(text);

  const [dayPart, clockPart] = splitClock(text);
  if (clockPart === undefined) return unreadable(text);
  const clock = parseClock(clockPart);
  if (!clock) return { kind: "unreadable", message: `“${clockPart}” is no time of day. Say 09:00, 17:30 or 5pm.` };
  return resolveDay(dayPart, clock, zone, now) ?? unreadable(text);
}

function unreadable(text: string): TimeEntry {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return { kind: "unreadable", message: `Which time on that day? For example ${text} 09:00.` };
  }
  return { kind: "unreadable", message: `Not a time this page can read. Try: ${EXAMPLES}` };
}

function instant(at: number): TimeEntry {
  if (!Number.isFinite(at) || at > LAST_INSTANT || at < 0) {
    return { kind: "unreadable", message: "The server takes the years up to 9999 only." };
  }
  return { kind: "instant", at };
}

function parseAbsolute(text: string): TimeEntry {
  const at = Date.parse(text.toUpperCase().replace(/^(.{10})[T ]/, "$1T").replace(" ", ""));
  return Number.isNaN(at) ? { kind: "unreadable", message: "There is no such date and time." } : instant(at);
}

/** "tomorrow at 09:00" → ["tomorrow", "09:00"]; "17:00" → ["", "17:00"]. */
function splitClock(text: string): [string, string | undefined] {
  const match = /^(?:(.*?)(?:,| at)?[ t])?(\d{1,2}(?::\d{2}){1,2}|\d{1,2} ?[ap]m|\d{1,2}:\d{2} ?[ap]m|noon|midnight)$/.exec(text);
  return [match?.[1]?.trim() ?? "", match?.[2]];
}

function parseClock(text: string): string | undefined {
  if (text === "noon") return "12:00:00";
  if (text === "midnight") return "00:00:00";
  const match = /^(\d{1,2})(?::(\d{2}))?(?::(\d{2}))? ?([ap]m)?$/.exec(text);
  if (!match) return undefined;
  let hour = Number(match[1]);
  const [minute, second] = [Number(match[2] ?? 0), Number(match[3] ?? 0)];
  if (match[4]) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (match[4] === "pm" ? 12 : 0);
  }
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return [hour, minute, second].map((n) => String(n).padStart(2, "0")).join(":");
}

function resolveDay(text: string, clock: string, zone: Zone, now: number): TimeEntry | undefined {
  const today = zone.wall(now);
  if (text === "") return nextFrom(0, 1, today, clock, zone, now);
  if (text === "today") return resolve(addDays(today, 0), clock, zone);
  if (text === "tomorrow") return resolve(addDays(today, 1), clock, zone);

  const weekday = /^(?:next |on )?([a-z]{3,9})$/.exec(text)?.[1];
  const index = weekday ? DAYS.findIndex((name) => name === weekday || (weekday.length < 5 && name.startsWith(weekday))) : -1;
  if (index >= 0) return nextFrom((index - today.weekday + 7) % 7, 7, today, clock, zone, now);

  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (iso) return resolve({ year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) }, clock, zone);

  const dayMonth = /^(\d{1,2}) ([a-z]{3,9})(?: (\d{4}))?$/.exec(text) ?? swap(/^([a-z]{3,9}) (\d{1,2})(?:,? (\d{4}))?$/.exec(text));
  const month = MONTHS.indexOf(dayMonth?.[2]?.slice(0, 3) ?? "") + 1;
  if (!dayMonth || !month) return undefined;
  const day = Number(dayMonth[1]);
  if (dayMonth[3]) return resolve({ year: Number(dayMonth[3]), month, day }, clock, zone);
  const passed = month < today.month || (month === today.month && day < today.day);
  return resolve({ year: today.year + (passed ? 1 : 0), month, day }, clock, zone);
}

function swap(match: RegExpExecArray | null): (string | undefined)[] | null {
  return match && [match[0], match[2], match[1], match[3]];
}

/** The clock time `days` from today, or `step` days later where that has passed. */
function nextFrom(days: number, step: number, today: PlainDay, clock: string, zone: Zone, now: number): TimeEntry {
  const first = resolve(addDays(today, days), clock, zone);
  const last = first.kind === "instant" ? first.at : first.kind === "twice" ? first.later : Number.POSITIVE_INFINITY;
  return last > now ? first : resolve(addDays(today, days + step), clock, zone);
}

function addDays({ year, month, day }: PlainDay, days: number): PlainDay {
  const date = new Date(Date.UTC(year, month - 1, day) + days * DAY);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

function resolve({ year, month, day }: PlainDay, clock: string, zone: Zone): TimeEntry {
  const local = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}T${clock}`;
  try {
    const wall = zone.resolve(local);
    return wall.kind === "exact" ? instant(wall.at) : wall;
  } catch {
    return { kind: "unreadable", message: "There is no such date." };
  }
}

export interface WhenReading {
  entry: TimeEntry;
  /** Set once the time is one instant beyond doubt. */
  at: number | undefined;
}

export function readWhen(draft: WhenDraft, zone: Zone, now: number): WhenReading {
  const entry = parseTimeEntry(draft.text, zone, now);
  if (entry.kind === "instant") return { entry, at: entry.at };
  if (entry.kind === "twice" && draft.choice) return { entry, at: entry[draft.choice] };
  return { entry, at: undefined };
}
