import assert from "node:assert/strict";
import test from "node:test";

import { Temporal } from "temporal-polyfill";

import { fakeFetch, json, runOf, TOKEN } from "../support/fake.mjs";
import { ScheduledClient, ValidationError } from "../support/package.mjs";

const ZONES = [
  "Africa/Cairo",
  "Africa/Casablanca",
  "Africa/Monrovia",
  "America/Caracas",
  "America/New_York",
  "America/Sao_Paulo",
  "America/St_Johns",
  "Antarctica/Troll",
  "Asia/Gaza",
  "Asia/Kathmandu",
  "Asia/Tehran",
  "Australia/Lord_Howe",
  "Europe/Berlin",
  "Pacific/Apia",
  "Pacific/Chatham",
];
const FROM = Temporal.Instant.from("1970-01-01T00:00Z");
const TO = Temporal.Instant.from("2038-01-01T00:00Z");
const HOUR = 3_600_000;

const fetch = fakeFetch(({ body: { updates, triggerAt } }) =>
  json(updates ? { updatedIds: updates.map(({ id }) => id), errors: [] } : runOf({ triggerAt })),
);
const { requests } = fetch;
const client = new ScheduledClient({ token: TOKEN, fetch });

function id(number) {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}

/** What is sent for a time. */
async function sent(triggerAt) {
  requests.length = 0;
  await client.update(id(0), { triggerAt });
  assert.equal(requests.length, 1);
  return requests[0].body.triggerAt;
}

/** The error with which a time is refused, once it is sure that nothing was sent. */
async function refusal(triggerAt) {
  requests.length = 0;
  const error = await client.update(id(0), { triggerAt }).then(
    (run) => assert.fail(`${JSON.stringify(triggerAt)} was sent as ${run.triggerAt}`),
    (error) => error,
  );
  assert.ok(error instanceof ValidationError, String(error));
  assert.deepEqual(requests, []);
  return error;
}

/** Sends every time, and holds each to the instant it is to be. */
async function holds(expected) {
  requests.length = 0;
  await client.bulkUpdate(expected.map(([triggerAt], index) => [id(index), triggerAt]));
  const times = new Map(requests.flatMap(({ body }) => body.updates.map(({ id, triggerAt }) => [id, triggerAt])));
  assert.equal(times.size, expected.length);
  const wrong = expected.flatMap(([triggerAt, epochMilliseconds], index) => {
    const text = times.get(id(index));
    const right = text?.endsWith("Z") && Date.parse(text) === epochMilliseconds;
    return right ? [] : [{ triggerAt, sent: text, expected: new Date(epochMilliseconds).toISOString() }];
  });
  assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} of ${expected.length} times are wrong`);
}

/** What Temporal says that a wall-clock time means. */
function meanings(local, timeZone) {
  const wall = Temporal.PlainDateTime.from(local);
  const by = (disambiguation) => wall.toZonedDateTime(timeZone, { disambiguation }).epochMilliseconds;
  return { compatible: by("compatible"), earlier: by("earlier"), later: by("later") };
}

/** The times to hold for a wall-clock time; one that could be two instants goes to `ambiguous` too. */
function everyMeaning(local, timeZone, ambiguous) {
  const meant = meanings(local, timeZone);
  const times = Object.entries(meant).map(([disambiguation, at]) => [{ local, timeZone, disambiguation }, at]);
  times.push([{ local, timeZone }, meant.compatible]);
  if (meant.earlier === meant.later) times.push([{ local, timeZone, disambiguation: "reject" }, meant.later]);
  else ambiguous.push({ local, timeZone, ...meant });
  return times;
}

/** Every change of a zone's clocks: the wall-clock times of the moment by the clock before and the clock after. */
function* changes(timeZone) {
  let at = FROM.toZonedDateTimeISO(timeZone).getTimeZoneTransition("next");
  while (at && Temporal.Instant.compare(at.toInstant(), TO) < 0) {
    const before = at.subtract({ nanoseconds: 1 }).toPlainDateTime().add({ nanoseconds: 1 });
    yield [before, at.toPlainDateTime()];
    at = at.getTimeZoneTransition("next");
  }
}

/** The same numbers in every run. */
function* random(seed) {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

for (const timeZone of ZONES) {
  test(`wall-clock times around every change in ${timeZone} mean what Temporal says`, async () => {
    const locals = new Set();
    for (const walls of changes(timeZone)) {
      for (const wall of walls) {
        for (let minutes = -180; minutes <= 180; minutes += 30) locals.add(wall.add({ minutes }).toString());
        for (const seconds of [-1, 1]) locals.add(wall.add({ seconds }).toString());
      }
    }
    assert.ok(locals.size > 0, "no change was found");
    const ambiguous = [];
    await holds([...locals].flatMap((local) => everyMeaning(local, timeZone, ambiguous)));
    for (const { local, timeZone, earlier, later } of ambiguous) {
      const error = await refusal({ local, timeZone, disambiguation: "reject" });
      for (const at of [earlier, later]) {
        const text = new Date(at).toISOString().replace(".000Z", "Z");
        assert.ok(error.message.includes(text), `${error.message} does not name ${text}`);
      }
    }
  });
}

test("wall-clock times in every zone mean what Temporal says", async () => {
  const numbers = random(20261025);
  const times = Intl.supportedValuesOf("timeZone").flatMap((timeZone) =>
    Array.from({ length: 12 }, () => {
      const local = new Date(numbers.next().value * TO.epochMilliseconds).toISOString().slice(0, -1);
      return everyMeaning(local, timeZone, []);
    }),
  );
  await holds(times.flat());
});

test("the first and the last year are as Temporal says", async () => {
  const locals = ["0001-01-03T00:00", "0001-01-31T23:59:59.999", "1582-10-10T12:00", "9999-12-29T00:00"];
  await holds(locals.flatMap((local) => ZONES.flatMap((zone) => everyMeaning(local, zone, []))));
});

test("a fixed offset is a time zone", async () => {
  assert.equal(await sent({ local: "2026-07-01T09:00", timeZone: "+05:45" }), "2026-07-01T03:15:00Z");
});

test("Temporal objects and what they print are the instants they are", async () => {
  const numbers = random(7);
  const expected = Array.from({ length: 2_000 }, (_, index) => {
    const at = Math.floor(numbers.next().value * TO.epochMilliseconds);
    const instant = Temporal.Instant.fromEpochMilliseconds(at);
    const zoned = instant.toZonedDateTimeISO(ZONES[index % ZONES.length]);
    return [instant, zoned, instant.toString(), zoned.toString(), new Date(at)].map((time) => [time, at]);
  });
  await holds(expected.flat());
});

test("milliseconds and Dates are sent as UTC", async () => {
  assert.equal(await sent(1_792_895_400_250), "2026-10-25T02:30:00.25Z");
  assert.equal(await sent(new Date("2026-10-25T02:30:00+02:00")), "2026-10-25T00:30:00Z");
  assert.equal(await sent(new Date(0)), "1970-01-01T00:00:00Z", "a Date is exact, and never looks like seconds");
  assert.equal(await sent(Temporal.Instant.fromEpochMilliseconds(5000)), "1970-01-01T00:00:05Z");
});

test("the offset of a text is not lost", async () => {
  assert.equal(await sent("2026-10-25T02:30:00+02:30"), "2026-10-25T00:00:00Z");
  assert.equal(await sent("2026-10-25 02:30z"), "2026-10-25T02:30:00Z");
  assert.equal(await sent("2026-10-25T02:30:00.123999999Z"), "2026-10-25T02:30:00.124Z");
});

test("a delay counts from now", async () => {
  const delays = { "90s": 90_000, "15m": 0.25 * HOUR, "2h": 2 * HOUR, "1d": 24 * HOUR, "1h30m": 1.5 * HOUR };
  const durations = { PT15M: 0.25 * HOUR, P1DT2H: 26 * HOUR, P2W: 14 * 24 * HOUR };
  for (const [delay, expected] of [...Object.entries({ ...delays, ...durations }), [1500, 1500], [0, 0]]) {
    const before = Date.now();
    const at = Date.parse(await sent({ in: delay }));
    const after = Date.now();
    assert.ok(at >= before + expected && at <= after + expected, `${delay}: ${at - before}`);
  }
});

const REFUSED = {
  "a time without an offset": ["2026-10-25T02:30", /has no offset.*"2026-10-25T02:30Z".*timeZone/],
  "a date alone": ["2026-10-25", /no time of day.*"2026-10-25T09:00Z"/],
  "an empty text": ["", /is empty.*ISO 8601/],
  "a word": ["tomorrow", /"tomorrow" is not a time/],
  "a bare delay": ["15m", /pass \{ in: "15m" \}/],
  "an impossible date": ["2026-02-30T09:00Z", /01 to 28/],
  "24:00": ["2026-10-25T24:00Z", /00:00 of the next day/],
  "a leap second": ["2016-12-31T23:59:60Z", /leap second/],
  "a year past 9999": ["9999-12-31T23:59-01:00", /0001 to 9999/],
  seconds: [1_792_895_400, /multiply by 1000 \(1792895400000\)/],
  microseconds: [1_792_895_400_000_000, /divide by 1000 \(1792895400000\)/],
  "a small number": [5000, /\{ in: 5000 \}/],
  "an invalid Date": [new Date("soon"), /invalid Date/],
  NaN: [NaN, /finite/],
  null: [null, /\{ local, timeZone \}/],
  "a boolean": [true, /\{ local, timeZone \}/],
  nothing: [undefined, /missing/],
  "an unknown zone": [{ local: "2026-07-01T09:00", timeZone: "Mars/Olympus" }, /"Mars\/Olympus" is not a known time zone/, "timeZone"],
  "an empty zone": [{ local: "2026-07-01T09:00", timeZone: "" }, /not a known time zone/, "timeZone"],
  "a local time with an offset": [{ local: "2026-07-01T09:00Z", timeZone: "Europe/Berlin" }, /"2026-07-01T09:00"/, "local"],
  "a misspelt disambiguation": [
    { local: "2026-07-01T09:00", timeZone: "Europe/Berlin", disambiguation: "latest" },
    /compatible.*earlier.*later.*reject/,
    "disambiguation",
  ],
  "a negative delay": [{ in: "-15m" }, /negative/, "in"],
  "a delay without a unit": [{ in: "90" }, /no unit/, "in"],
  "a delay in months": [{ in: "P1M" }, /no fixed length/, "in"],
  "a delay past the year 9999": [{ in: "4000000d" }, /0001 to 9999/, "in"],
};

for (const [what, [triggerAt, reason, inside]] of Object.entries(REFUSED)) {
  test(`${what} is refused with the reason, before anything is sent`, async () => {
    const error = await refusal(triggerAt);
    assert.match(error.message, reason);
    assert.ok(error.path?.endsWith(inside ? `triggerAt.${inside}` : "triggerAt"), `path ${error.path}`);
  });
}
