import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTimeEntry } from "../../src/time/entry.ts";
import { formatRelative, formatSpan, parseShift, parseSpan } from "../../src/time/relative.ts";
import { ensureTemporal } from "../../src/time/temporal.ts";
import { findZone, formatTime, formatTimeRange, timeLength, toInputValue, type Zone } from "../../src/time/zone.ts";

await ensureTemporal();
const zone = (id: string) => findZone(id) as Zone;
const berlin = zone("Europe/Berlin");
/** A Monday. */
const now = Date.parse("2026-11-23T18:00:00Z");
const at = (text: string, inZone = berlin, from = now) => {
  const entry = parseTimeEntry(text, inZone, from);
  return entry.kind === "instant" ? new Date(entry.at).toISOString() : entry;
};

test("a span from now is read in every usual spelling", () => {
  for (const text of ["in 90m", "90m", "+90m", "in 1h 30m", "in 1.5 hours", "IN  90 min"]) assert.equal(at(text), "2026-11-23T19:30:00.000Z", text);
});

test("clock times are wall-clock times of the chosen zone", () => {
  assert.equal(at("tomorrow 09:00"), "2026-11-24T08:00:00.000Z");
  assert.equal(at("tomorrow at 9am", zone("America/New_York")), "2026-11-24T14:00:00.000Z");
  assert.equal(at("today 23:15:30"), "2026-11-23T22:15:30.000Z");
  assert.equal(at("2026-12-24 08:00"), "2026-12-24T07:00:00.000Z");
  assert.equal(at("2026-12-24T08:00"), "2026-12-24T07:00:00.000Z");
  assert.equal(at("24 dec 08:00"), "2026-12-24T07:00:00.000Z");
  assert.equal(at("jan 5 noon"), "2027-01-05T11:00:00.000Z");
});

test("a bare clock time and a weekday mean the next one that is still ahead", () => {
  assert.equal(at("20:00"), "2026-11-23T19:00:00.000Z");
  assert.equal(at("17:00"), "2026-11-24T16:00:00.000Z");
  assert.equal(at("fri 17:00"), "2026-11-27T16:00:00.000Z");
  assert.equal(at("monday 20:00"), "2026-11-23T19:00:00.000Z");
  assert.equal(at("mon 09:00"), "2026-11-30T08:00:00.000Z");
});

test("a time with Z or an offset means that instant whatever the zone", () => {
  assert.equal(at("2026-12-24T08:00:00Z"), "2026-12-24T08:00:00.000Z");
  assert.equal(at("2026-12-24 08:00+02:30"), "2026-12-24T05:30:00.000Z");
});

test("a time that the clocks have twice is asked about, one that they skip is refused with a way out", () => {
  assert.deepEqual(at("2026-10-25 02:30"), { kind: "twice", earlier: Date.parse("2026-10-25T00:30:00Z"), later: Date.parse("2026-10-25T01:30:00Z") });
  assert.deepEqual(at("2027-03-28 02:30"), { kind: "skipped", before: Date.parse("2027-03-28T00:30:00Z"), after: Date.parse("2027-03-28T01:30:00Z") });
  const newYork = zone("America/New_York");
  assert.deepEqual(at("2026-11-01 01:30", newYork), { kind: "twice", earlier: Date.parse("2026-11-01T05:30:00Z"), later: Date.parse("2026-11-01T06:30:00Z") });
  assert.equal((at("2027-03-14 02:30", newYork) as { kind: string }).kind, "skipped");
});

test("what is no time is refused with a reason", () => {
  for (const text of ["soon", "25:00", "tomorrow 9:75", "2026-02-30 09:00", "2026-12-24", "in 3 fortnights", "13pm", "in 99999999d"]) {
    const entry = parseTimeEntry(text, berlin, now);
    assert.equal(entry.kind, "unreadable", text);
    assert.ok(entry.kind === "unreadable" && entry.message.length > 10, text);
  }
  assert.deepEqual(parseTimeEntry("  ", berlin, now), { kind: "empty" });
});

test("spans use at most two units and show seconds only under an hour", () => {
  assert.deepEqual([8_000, 134_000, 120_000, 11_520_000, 187_200_000, 92 * 86_400_000].map(formatSpan), ["8 s", "2 m 14 s", "2 m", "3 h 12 m", "2 d 4 h", "92 d"]);
  assert.equal(formatRelative(now + 400, now), "now");
  assert.equal(formatRelative(now - 61_000, now), "1 m 1 s ago");
});

test("shifts take a sign, also the typographic minus", () => {
  assert.deepEqual(parseShift("+2h"), { by: 7_200_000, days: 0 });
  assert.deepEqual(parseShift("−30 min"), { by: -1_800_000, days: 0 });
  assert.deepEqual(parseShift("-1d 12h"), { by: -129_600_000, days: -1 });
  assert.deepEqual(parseShift("1w 1.5d"), { by: 734_400_000, days: 8 });
  assert.deepEqual(parseShift("24h"), { by: 86_400_000, days: 0 });
  assert.equal(parseShift("two hours"), undefined);
  assert.equal(parseSpan("1x"), undefined);
});

test("offsets are exact on both sides of a change of the clocks", () => {
  for (const id of ["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns", "Pacific/Chatham"]) {
    for (let day = 0; day < 366; day += 1) {
      for (const hour of [0, 1, 2.5, 13, 14, 15.25, 16]) {
        const instant = Date.UTC(2026, 0, 1 + day, 0, hour * 60);
        const expected = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(id).offsetNanoseconds / 1e6;
        assert.equal(zone(id).offsetAt(instant), expected, `${id} ${new Date(instant).toISOString()}`);
      }
    }
  }
});

test("a time shown can be typed back", () => {
  const instant = Date.parse("2027-07-01T06:05:09Z");
  assert.equal(formatTime(instant, berlin, now), "Thu 1 Jul 2027 08:05:09");
  assert.equal(toInputValue(instant, berlin), "2027-07-01T08:05:09");
  assert.equal(at(toInputValue(instant, berlin)), new Date(instant).toISOString());
});

test("an unknown zone is no zone", () => {
  assert.equal(findZone("Mars/Olympus"), undefined);
});

test("a range says a day once that it begins and ends on, unless the clocks change in between", () => {
  const say = (from: string, to: string) => formatTimeRange(Date.parse(from), Date.parse(to), berlin, now);
  assert.equal(say("2026-11-26T08:00:00Z", "2026-11-26T08:30:00Z"), "Thu 26 Nov 09:00 – 09:30");
  assert.equal(say("2027-01-05T08:00:00Z", "2027-01-05T08:30:00Z"), "Tue 5 Jan 2027 09:00 – 09:30");
  assert.equal(say("2026-11-26T08:00:00Z", "2026-11-27T08:00:00Z"), "Thu 26 Nov 09:00 – Fri 27 Nov 09:00");
  assert.equal(say("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"), "Sun 25 Oct 02:30 – Sun 25 Oct 02:30");
});

test("the column of times has room for the longest of them", () => {
  const auckland = zone("Pacific/Auckland");
  const times = ["2026-12-31T10:59:00Z", "2026-12-31T10:59:30Z", "2026-12-31T11:00:00Z", "2027-12-29T11:00:30Z"].map((time) => Date.parse(time));
  for (let count = 1; count <= times.length; count += 1) {
    const shown = times.slice(0, count);
    const longest = Math.max(...shown.map((at) => formatTime(at, auckland, now).length));
    assert.ok(timeLength(shown, auckland, 2026) >= longest, String(count));
  }
  assert.equal(timeLength(times.slice(0, 1), auckland, 2026), 16);
  assert.equal(timeLength(times, auckland, 2026), "Wed 30 Dec 2027 00:00:30".length);
});
