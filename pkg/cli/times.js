import { parseSpan } from "../../www/src/time/relative.ts";
import { parseTimeEntry } from "../../www/src/time/entry.ts";
import { ensureTemporal } from "../../www/src/time/temporal.ts";
import { findZone, formatTimeWithZone } from "../../www/src/time/zone.ts";
import { UsageError } from "./usage.js";

/** Options that say when, and in which zone times are said and shown. */
export const WHEN = { at: { type: "string" }, in: { type: "string" } };
export const ZONE = { zone: { type: "string" } };

/** The zone that was asked for, else this machine's. */
export async function zoneOf({ zone }) {
  await ensureTemporal();
  const found = findZone(zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone) ?? (zone === undefined ? findZone("UTC") : undefined);
  if (!found) throw new UsageError(`--zone: there is no zone ${JSON.stringify(zone)}: expected a name such as Europe/Berlin`);
  return found;
}

/** When, as the client takes it: a delay counts from the server's now. */
export async function triggerTimeOf({ at, in: delay }, zone) {
  if ((at === undefined) === (delay === undefined)) throw new UsageError('say when by --at or by --in, such as --at "tomorrow 09:00" or --in 90m');
  if (delay !== undefined) return { in: delay.trim() };
  const entry = parseTimeEntry(at, zone, Date.now());
  switch (entry.kind) {
    case "instant":
      return new Date(entry.at);
    case "twice":
      throw new UsageError(`--at: ${at} comes twice in ${zone.id}, as the clocks are put back: say ${new Date(entry.earlier).toISOString()} or ${new Date(entry.later).toISOString()}`);
    case "skipped":
      throw new UsageError(`--at: ${at} does not exist in ${zone.id}, as the clocks are put forward: say ${new Date(entry.before).toISOString()} or ${new Date(entry.after).toISOString()}`);
    default:
      throw new UsageError(`--at: ${entry.message ?? "it is empty"}`);
  }
}

/** By how much, in milliseconds: `2h`, or `-2h` for sooner. */
export function shiftOf(text) {
  const [, sign, span] = /^\s*([+-]?)(.*)$/.exec(text);
  const length = parseSpan(span);
  if (length === undefined) throw new UsageError(`--by: expected a length of time such as 2h, or -30m for sooner, got ${text}`);
  return sign === "-" ? -length : length;
}

/** An option that is a length of time, in milliseconds. */
export function spanOf(options, name) {
  const length = parseSpan(options[name]);
  if (length === undefined) throw new UsageError(`--${name}: expected a length of time such as 1h, got ${options[name]}`);
  return length;
}

/** A time for people. */
export function shownTime(time, zone) {
  return formatTimeWithZone(new Date(time).getTime(), zone, Date.now());
}
