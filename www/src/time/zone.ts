/** A time zone that can be asked quickly: offsets are kept, so that 100,000 runs can be placed in local time. */

const QUARTER_HOUR = 900_000;
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

export interface WallClock {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** 0 is Monday. */
  weekday: number;
}

/** What a wall-clock time means in a zone: one instant, two (the clock is put back), or none (it is put forward). */
export type WallInstant =
  | { kind: "exact"; at: number }
  | { kind: "twice"; earlier: number; later: number }
  | { kind: "skipped"; before: number; after: number };

export class Zone {
  readonly id: string;
  readonly #offsets = new Map<number, number>();
  readonly #names = new Map<number, string>();
  readonly #format: Intl.DateTimeFormat;

  /** Throws a RangeError for a name that is no IANA zone. */
  constructor(id: string) {
    this.#format = new Intl.DateTimeFormat("en-GB", { timeZone: id, timeZoneName: "short" });
    this.id = id;
  }

  /** Milliseconds to add to UTC at this instant. Zones change on quarter hours, so one answer serves each of them. */
  offsetAt(at: number): number {
    const quarter = Math.floor(at / QUARTER_HOUR);
    let offset = this.#offsets.get(quarter);
    if (offset === undefined) {
      const zoned = Temporal.Instant.fromEpochMilliseconds(quarter * QUARTER_HOUR).toZonedDateTimeISO(this.id);
      offset = zoned.offsetNanoseconds / 1e6;
      this.#offsets.set(quarter, offset);
    }
    return offset;
  }

  wall(at: number): WallClock {
    const shifted = new Date(at + this.offsetAt(at));
    return {
      year: shifted.getUTCFullYear(),
      month: shifted.getUTCMonth() + 1,
      day: shifted.getUTCDate(),
      hour: shifted.getUTCHours(),
      minute: shifted.getUTCMinutes(),
      second: shifted.getUTCSeconds(),
      weekday: (shifted.getUTCDay() + 6) % 7,
    };
  }

  /** "CET", "GMT+5:30": the zone's name at that instant. */
  nameAt(at: number): string {
    const quarter = Math.floor(at / QUARTER_HOUR);
    let name = this.#names.get(quarter);
    if (name === undefined) {
      name = this.#format.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? this.id;
      this.#names.set(quarter, name);
    }
    return name;
  }

  /** Resolves "2026-10-25T02:30" (seconds optional) and says when the zone has it twice or never. */
  resolve(local: string): WallInstant {
    const plain = Temporal.PlainDateTime.from(local, { overflow: "reject" });
    const earlier = plain.toZonedDateTime(this.id, { disambiguation: "earlier" });
    const later = plain.toZonedDateTime(this.id, { disambiguation: "later" });
    if (earlier.epochMilliseconds === later.epochMilliseconds) return { kind: "exact", at: earlier.epochMilliseconds };
    if (earlier.toPlainDateTime().equals(plain)) {
      return { kind: "twice", earlier: earlier.epochMilliseconds, later: later.epochMilliseconds };
    }
    return { kind: "skipped", before: earlier.epochMilliseconds, after: later.epochMilliseconds };
  }

  /** The instant of a wall clock, taking the later side of a gap and the earlier of an overlap, as Temporal does. */
  instant(wall: { year: number; month: number; day: number; hour?: number; minute?: number; second?: number; millisecond?: number }): number {
    return Temporal.PlainDateTime.from(wall).toZonedDateTime(this.id).epochMilliseconds;
  }
}

const zones = new Map<string, Zone>();

/** The zone of that name, or undefined where the name is unknown. */
export function findZone(id: string): Zone | undefined {
  const known = zones.get(id);
  if (known) return known;
  try {
    const zone = new Zone(id);
    zones.set(id, zone);
    return zone;
  } catch {
    return undefined;
  }
}

let localZone: string | undefined;

/** The browser's zone. Asking for it is slow, so it is asked once. */
export function localZoneId(): string {
  localZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return localZone;
}

const two = (n: number) => String(n).padStart(2, "0");

/** "09:00", or "09:00:30" where the seconds matter. */
export function formatClock(wall: WallClock): string {
  const clock = `${two(wall.hour)}:${two(wall.minute)}`;
  return wall.second ? `${clock}:${two(wall.second)}` : clock;
}

/** "Thu 26 Nov", with the year where it is not this one. */
export function formatDay(wall: WallClock, thisYear: number): string {
  const day = `${WEEKDAYS[wall.weekday]} ${wall.day} ${MONTHS[wall.month - 1]}`;
  return wall.year === thisYear ? day : `${day} ${wall.year}`;
}

export function formatMonth(wall: WallClock): string {
  return `${MONTHS[wall.month - 1]} ${wall.year}`;
}

/** "Thu 26 Nov 09:00", as short as it can be said without doubt. */
export function formatTime(at: number, zone: Zone, now: number): string {
  const wall = zone.wall(at);
  return `${formatDay(wall, zone.wall(now).year)} ${formatClock(wall)}`;
}

/** "Thu 26 Nov 09:00 – 09:30", "Thu 26 Nov 09:00 – Fri 27 Nov 09:00": a day that is the same is said once. */
export function formatTimeRange(from: number, to: number, zone: Zone, now: number): string {
  const [begins, ends] = [formatTime(from, zone, now), formatTime(to, zone, now)];
  const { year } = zone.wall(now);
  const sameDay = formatDay(zone.wall(from), year) === formatDay(zone.wall(to), year) && zone.offsetAt(from) === zone.offsetAt(to);
  return `${begins} – ${sameDay ? formatClock(zone.wall(to)) : ends}`;
}

const USUAL_LENGTH = "Thu 26 Nov 09:00".length;

/** How many characters the longest of these times takes: those of another year, and those with seconds, take more. */
export function timeLength(times: readonly number[], zone: Zone, year: number): number {
  const from = zone.instant({ year, month: 1, day: 1 });
  const to = zone.instant({ year: year + 1, month: 1, day: 1 });
  let [otherYear, seconds] = [0, 0];
  for (const at of times) {
    if (at < from || at >= to) otherYear = " 2027".length;
    if (Math.floor(at / 1000) % 60 !== 0) seconds = ":30".length;
  }
  return USUAL_LENGTH + otherYear + seconds;
}

/** "Thu 26 Nov 09:00 CET": the same with its zone. */
export function formatTimeWithZone(at: number, zone: Zone, now: number): string {
  return `${formatTime(at, zone, now)} ${zone.nameAt(at)}`;
}

/** The form native date-time inputs take: "2026-11-26T09:00", with seconds where there are any. */
export function toInputValue(at: number, zone: Zone): string {
  const wall = zone.wall(at);
  return `${String(wall.year).padStart(4, "0")}-${two(wall.month)}-${two(wall.day)}T${formatClock(wall)}`;
}

export const weekdayNames: readonly string[] = WEEKDAYS;
