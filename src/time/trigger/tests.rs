use chrono::TimeDelta;
use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::time::{UnknownZone, to_wire};

/// Central Europe in the summer of 2026 and the winter around it; `Test/Monrovia` is 44 min 30 s behind UTC.
struct TestZones;

impl Zones for TestZones {
    fn offset(&self, zone: &str, at: DateTime<Utc>) -> Result<i32, UnknownZone> {
        let summer = instant("2026-03-29T01:00:00Z")..instant("2026-10-25T01:00:00Z");
        match zone {
            "Europe/Berlin" => Ok(if summer.contains(&at) { 7200 } else { 3600 }),
            "Test/Monrovia" => Ok(-2670),
            _ => Err(UnknownZone),
        }
    }
}

fn instant(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect(text).to_utc()
}

/// What is sent for a time, or why it is refused.
fn sent(time: TriggerTime) -> Result<String, String> {
    let now = instant("2026-11-23T12:00:00.250Z");
    time.resolve(now, &TestZones).map(to_wire).map_err(|refusal| refusal.to_string())
}

fn text(text: &str) -> Result<String, String> {
    sent(TriggerTime::Text(text.to_owned()))
}

fn millis(millis: f64) -> Result<String, String> {
    sent(TriggerTime::EpochMillis(millis))
}

fn local_in(local: &str, zone: &str, disambiguation: Disambiguation) -> Result<String, String> {
    sent(TriggerTime::Local { local: local.to_owned(), time_zone: zone.to_owned(), disambiguation })
}

fn berlin(local: &str) -> Result<String, String> {
    local_in(local, "Europe/Berlin", Disambiguation::Compatible)
}

fn delay(text: &str) -> Result<String, String> {
    sent(TriggerTime::In(Delay::Text(text.to_owned())))
}

fn ok(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

/// The text of a refusal.
fn refusal(time: Result<String, String>) -> String {
    time.expect_err("a refusal")
}

#[test]
fn an_offset_is_turned_into_utc_because_the_server_would_drop_it() {
    for (said, expected) in [
        ("2026-10-25T02:30:00Z", "2026-10-25T02:30:00Z"),
        ("2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00Z"),
        ("2026-10-25T02:30:00+0200", "2026-10-25T00:30:00Z"),
        ("2026-10-25T02:30:00+02", "2026-10-25T00:30:00Z"),
        ("2026-10-25T02:30:00-09:30", "2026-10-25T12:00:00Z"),
        ("2026-10-25T02:30:00-00:00", "2026-10-25T02:30:00Z"),
        ("2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z"),
        ("2028-02-29T00:00:00+23:59", "2028-02-28T00:01:00Z"),
    ] {
        assert_eq!(text(said), ok(expected), "{said}");
    }
}

#[test]
fn iso_8601_may_be_written_in_its_usual_ways() {
    for said in [
        "2026-10-25T02:30:00.000Z",
        "2026-10-25T02:30Z",
        "2026-10-25t02:30z",
        "2026-10-25 02:30:00,0Z",
        "2026-10-25T02:30:00.000000000+00:00",
    ] {
        assert_eq!(text(said), ok("2026-10-25T02:30:00Z"), "{said}");
    }
}

#[test]
fn a_fraction_is_rounded_to_milliseconds_half_up_as_the_server_does() {
    for (said, expected) in [
        ("2026-10-25T02:30:00.5Z", "2026-10-25T02:30:00.5Z"),
        ("2026-10-25T02:30:00.123456Z", "2026-10-25T02:30:00.123Z"),
        ("2026-10-25T02:30:00.123999999Z", "2026-10-25T02:30:00.124Z"),
        ("2026-10-25T02:30:00.0005Z", "2026-10-25T02:30:00.001Z"),
        ("2026-10-25T02:30:00.000499999Z", "2026-10-25T02:30:00Z"),
        ("2026-12-31T23:59:59.9995Z", "2027-01-01T00:00:00Z"),
        ("1969-12-31T23:59:59.9995Z", "1970-01-01T00:00:00Z"),
    ] {
        assert_eq!(text(said), ok(expected), "{said}");
    }
    assert_eq!(millis(1_792_895_400_000.5), ok("2026-10-25T02:30:00.001Z"));
    let nanoseconds = TriggerTime::At(instant("2026-10-25T02:30:00.123999999Z"));
    assert_eq!(sent(nanoseconds), ok("2026-10-25T02:30:00.124Z"));
}

#[test]
fn a_zone_in_brackets_is_held_to_the_offset_before_it() {
    assert_eq!(text("2026-10-25T02:30+02:00[Europe/Berlin]"), ok("2026-10-25T00:30:00Z"));
    assert_eq!(text("2026-10-25T02:30+01:00[Europe/Berlin]"), ok("2026-10-25T01:30:00Z"));
    assert_eq!(text("2026-10-25T02:30+02:00[!Europe/Berlin][u-ca=gregory]"), ok("2026-10-25T00:30:00Z"));
    assert_eq!(text("2026-10-25T02:30+02:00[+02:00]"), ok("2026-10-25T00:30:00Z"));
    assert_eq!(
        text("1970-01-01T00:00-00:45[Test/Monrovia]"),
        ok("1970-01-01T00:44:30Z"),
        "the zone knows the seconds that Temporal does not print"
    );
    assert_eq!(text("2026-10-25T02:30Z[Mars/Olympus]"), ok("2026-10-25T02:30:00Z"), "Z says it all");
    assert_snapshot!(refusal(text("2026-07-01T09:00+01:00[Europe/Berlin]")), @r#""2026-07-01T09:00+01:00[Europe/Berlin]" contradicts itself, as clocks in Europe/Berlin are at +02:00 then: leave out [Europe/Berlin], or pass { local: "2026-07-01T09:00", timeZone: "Europe/Berlin" }"#);
    assert_snapshot!(refusal(text("2026-07-01T09:00+01:00[Mars/Olympus]")), @r#""Mars/Olympus" is not a known time zone: use an IANA name such as "Europe/Berlin""#);
    assert_snapshot!(refusal(text("2026-07-01T09:00+01:00[Europe/Berlin][Europe/Rome]")), @r#""2026-07-01T09:00+01:00[Europe/Berlin][Europe/Rome]" does not end in a UTC offset: after "2026-07-01T09:00" write Z, or an offset such as +02:00"#);
}

#[test]
fn text_without_an_offset_is_refused() {
    assert_snapshot!(refusal(text("2026-10-25T02:30")), @r#""2026-10-25T02:30" has no offset, so it would be another instant on another machine: write "2026-10-25T02:30Z" or "2026-10-25T02:30+02:00", or pass { local: "2026-10-25T02:30", timeZone: "Europe/Berlin" }"#);
    assert_snapshot!(refusal(text("2026-10-25T02:30[Asia/Tehran]")), @r#""2026-10-25T02:30[Asia/Tehran]" has no offset, so it would be another instant on another machine: write "2026-10-25T02:30Z" or "2026-10-25T02:30+02:00", or pass { local: "2026-10-25T02:30", timeZone: "Asia/Tehran" }"#);
    assert_snapshot!(refusal(text("2026-10-25")), @r#""2026-10-25" has a date but no time of day: write "2026-10-25T09:00Z""#);
    assert_snapshot!(refusal(text("2026-10-25T02:30:00 CET")), @r#""2026-10-25T02:30:00 CET" does not end in a UTC offset: after "2026-10-25T02:30:00" write Z, or an offset such as +02:00"#);
    assert_snapshot!(refusal(text("2026-10-25T02:30:00+24:00")), @r#""2026-10-25T02:30:00+24:00" does not end in a UTC offset: after "2026-10-25T02:30:00" write Z, or an offset such as +02:00"#);
    assert_snapshot!(refusal(text("2026-10-25T02:30:00+02:0")), @r#""2026-10-25T02:30:00+02:0" does not end in a UTC offset: after "2026-10-25T02:30:00" write Z, or an offset such as +02:00"#);
}

#[test]
fn text_that_is_no_time_is_refused() {
    assert_snapshot!(refusal(text("")), @r#"is empty: write the time as "2026-10-25T02:30:00Z" (ISO 8601), or pass a Date"#);
    assert_snapshot!(refusal(text("tomorrow")), @r#""tomorrow" is not a time: write it as "2026-10-25T02:30:00Z" (ISO 8601)"#);
    assert_snapshot!(refusal(text(" 2026-10-25T02:30Z")), @r#"" 2026-10-25T02:30Z" is not a time: write it as "2026-10-25T02:30:00Z" (ISO 8601)"#);
    assert_snapshot!(refusal(text("20261025T023000Z")), @r#""20261025T023000Z" is not a time: write it as "2026-10-25T02:30:00Z" (ISO 8601)"#);
    assert_snapshot!(refusal(text("2026-10-25T")), @r#""2026-10-25T" has a date but no time of day: write "2026-10-25T09:00Z""#);
    assert_snapshot!(refusal(text("1792895400")), @r#""1792895400" is a number in quotes: pass milliseconds since 1970 without the quotes"#);
    assert_snapshot!(refusal(text("15m")), @r#""15m" is a delay: pass { in: "15m" }"#);
    assert_snapshot!(refusal(text("PT15M")), @r#""PT15M" is a delay: pass { in: "PT15M" }"#);
    assert_snapshot!(refusal(text(&"9".repeat(50).replace('9', "🕐 "))), @r#""🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 🕐 …" is not a time: write it as "2026-10-25T02:30:00Z" (ISO 8601)"#);
}

#[test]
fn impossible_dates_and_times_are_refused() {
    assert_snapshot!(refusal(text("2026-02-30T09:00Z")), @r#""2026-02-30T09:00Z" is impossible: that month has the days 01 to 28"#);
    assert_snapshot!(refusal(text("2100-02-29T09:00Z")), @r#""2100-02-29T09:00Z" is impossible: that month has the days 01 to 28"#);
    assert_snapshot!(refusal(text("2026-04-00T09:00Z")), @r#""2026-04-00T09:00Z" is impossible: that month has the days 01 to 30"#);
    assert_snapshot!(refusal(text("2026-13-01T09:00Z")), @r#""2026-13-01T09:00Z" is impossible: months are 01 to 12"#);
    assert_snapshot!(refusal(text("2026-10-25T24:00Z")), @r#""2026-10-25T24:00Z" is refused: write 24:00 as 00:00 of the next day"#);
    assert_snapshot!(refusal(text("2026-10-25T25:00Z")), @r#""2026-10-25T25:00Z" is impossible: hours are 00 to 23"#);
    assert_snapshot!(refusal(text("2026-10-25T02:60Z")), @r#""2026-10-25T02:60Z" is impossible: minutes are 00 to 59"#);
    assert_snapshot!(refusal(text("2016-12-31T23:59:60Z")), @r#""2016-12-31T23:59:60Z" is a leap second, which the server refuses: write second 59, or 00 of the next minute"#);
    assert_snapshot!(refusal(text("2016-12-31T23:59:61Z")), @r#""2016-12-31T23:59:61Z" is impossible: seconds are 00 to 59"#);
    assert_snapshot!(refusal(text("2026-10-25T02:30:00.1234567891Z")), @r#""2026-10-25T02:30:00.1234567891Z" has more than nine digits of a second: the server keeps three, so write those"#);
}

#[test]
fn years_that_the_server_does_not_take_are_refused_however_they_come_about() {
    assert_eq!(text("0001-01-01T00:01Z"), ok("0001-01-01T00:01:00Z"));
    assert_eq!(text("9999-12-31T23:59:59.9994Z"), ok("9999-12-31T23:59:59.999Z"));
    assert_snapshot!(refusal(text("9999-12-31T23:59:59.9995Z")), @r#""9999-12-31T23:59:59.9995Z" is outside the years 0001 to 9999 in UTC: the server takes no others"#);
    assert_snapshot!(refusal(text("9999-12-31T23:30-01:00")), @r#""9999-12-31T23:30-01:00" is outside the years 0001 to 9999 in UTC: the server takes no others"#);
    assert_snapshot!(refusal(text("0001-01-01T00:30+01:00")), @r#""0001-01-01T00:30+01:00" is outside the years 0001 to 9999 in UTC: the server takes no others"#);
    assert_snapshot!(refusal(text("0000-06-01T00:00Z")), @r#""0000-06-01T00:00Z" is outside the years 0001 to 9999 in UTC: the server takes no others"#);
    assert_snapshot!(refusal(text("+012026-10-25T02:30Z")), @r#""+012026-10-25T02:30Z" is outside the years 0001 to 9999 in UTC: the server takes no others"#);
    assert_snapshot!(refusal(berlin("0001-01-01T00:30")), @r#"local: "0001-01-01T00:30" is outside the years 0001 to 9999 in UTC: the server takes no others"#);
    assert_snapshot!(refusal(delay("420000w9h")), @"in: that long from now is outside the years 0001 to 9999 in UTC: the server takes no others");
    assert_snapshot!(refusal(delay("99999999999999999999d")), @"in: that long from now is outside the years 0001 to 9999 in UTC: the server takes no others");
    assert_snapshot!(refusal(sent(TriggerTime::At(DateTime::<Utc>::MAX_UTC))), @"the time is outside the years 0001 to 9999 in UTC: the server takes no others");
    assert_snapshot!(refusal(sent(TriggerTime::At(DateTime::<Utc>::MIN_UTC))), @"the time is outside the years 0001 to 9999 in UTC: the server takes no others");
}

#[test]
fn numbers_are_milliseconds_and_what_looks_like_another_unit_is_refused() {
    assert_eq!(millis(1_792_895_400_000.0), ok("2026-10-25T02:30:00Z"));
    assert_eq!(millis(1e11), ok("1973-03-03T09:46:40Z"));
    assert_eq!(millis(-1e11), ok("1966-10-31T14:13:20Z"));
    assert_eq!(millis(253_402_300_799_999.0), ok("9999-12-31T23:59:59.999Z"));
    assert_snapshot!(refusal(millis(1_792_895_400.0)), @"1792895400 looks like seconds, and numbers are milliseconds since 1970: multiply by 1000 (1792895400000), or pass a Date for a time in the 1970s");
    assert_snapshot!(refusal(millis(1_792_895_400.25)), @"1792895400.25 looks like seconds, and numbers are milliseconds since 1970: multiply by 1000 (1792895400250), or pass a Date for a time in the 1970s");
    assert_snapshot!(refusal(millis(99_999_999_999.999_6)), @"100000000000 looks like seconds, and numbers are milliseconds since 1970: multiply by 1000 (100000000000000), or pass a Date for a time in the 1970s");
    assert_snapshot!(refusal(millis(0.0)), @"0 is too small for milliseconds since 1970: for a delay pass { in: 0 }, for a time in the 1970s a Date");
    assert_snapshot!(refusal(millis(5000.0)), @"5000 is too small for milliseconds since 1970: for a delay pass { in: 5000 }, for a time in the 1970s a Date");
    assert_snapshot!(refusal(millis(-5000.5)), @"-5000.5 is too small for milliseconds since 1970: for a time around 1970 pass a Date");
    assert_snapshot!(refusal(millis(1_792_895_400_000_000.0)), @"1792895400000000 looks like microseconds, and numbers are milliseconds since 1970: divide by 1000 (1792895400000)");
    assert_snapshot!(refusal(millis(1_792_895_400_000_000_000.0)), @"1792895400000000000 looks like nanoseconds, and numbers are milliseconds since 1970: divide by 1000000 (1792895400000)");
    assert_snapshot!(refusal(millis(1e21)), @"the number is outside the years 0001 to 9999 in UTC: the server takes no others");
    assert_snapshot!(refusal(millis(-1e300)), @"the number is outside the years 0001 to 9999 in UTC: the server takes no others");
    assert_snapshot!(refusal(millis(f64::NAN)), @"is not a finite number: pass milliseconds since 1970, as Date.now() counts them");
    assert_eq!(millis(f64::NEG_INFINITY), millis(f64::NAN));
}

#[test]
fn a_date_is_exact_and_so_may_lie_in_the_seventies() {
    let date = |millis: f64| TriggerTime::from_date(millis).map_err(|refusal| refusal.to_string()).and_then(sent);
    assert_eq!(date(0.0), ok("1970-01-01T00:00:00Z"));
    assert_eq!(date(-62_135_596_740_000.0), ok("0001-01-01T00:01:00Z"));
    assert_snapshot!(refusal(date(f64::NAN)), @"is an invalid Date: the text or the numbers it was made from are no date");
    assert_snapshot!(refusal(date(8.64e15)), @"the date is outside the years 0001 to 9999 in UTC: the server takes no others");
    assert_snapshot!(refusal(date(-8.64e15)), @"the date is outside the years 0001 to 9999 in UTC: the server takes no others");
}

#[test]
fn a_rust_instant_keeps_its_meaning_in_any_zone() {
    let at = DateTime::parse_from_rfc3339("2026-10-25T02:30:00.25+05:45").expect("a time");
    assert_eq!(sent(at.into()), ok("2026-10-24T20:45:00.25Z"));
    let leap = instant("2016-12-31T23:59:60Z");
    assert_snapshot!(refusal(sent(leap.into())), @"the time is a leap second, which the server refuses: write second 59, or 00 of the next minute");
}

#[test]
fn a_delay_counts_from_the_clock_that_is_given() {
    assert_eq!(delay("90s"), ok("2026-11-23T12:01:30.25Z"));
    assert_eq!(delay("P1D"), ok("2026-11-24T12:00:00.25Z"));
    assert_eq!(sent(TriggerTime::In(Delay::Millis(0.0))), ok("2026-11-23T12:00:00.25Z"));
    assert_snapshot!(refusal(delay("soon")), @r#"in: "soon" is not a delay: write "90s", "15m", "2h", "1d" or "1h30m" (units w d h m s ms, large to small), an ISO 8601 duration such as "PT15M", or milliseconds as a number"#);
    assert_snapshot!(refusal(sent(TriggerTime::In(Delay::Millis(-1.0)))), @"in: the delay is negative, and a delay counts from now onwards: pass 0 to fire at once");
}

#[test]
fn a_wall_clock_time_is_the_instant_at_which_the_zone_shows_it() {
    assert_eq!(berlin("2026-07-01T09:00"), ok("2026-07-01T07:00:00Z"));
    assert_eq!(berlin("2026-12-01 09:00:00.5"), ok("2026-12-01T08:00:00.5Z"));
    assert_eq!(local_in("2026-07-01T09:00", "+05:45", Disambiguation::Reject), ok("2026-07-01T03:15:00Z"));
    assert_eq!(local_in("1970-01-01T00:00", "Test/Monrovia", Disambiguation::Reject), ok("1970-01-01T00:44:30Z"));
}

#[test]
fn a_time_that_happens_twice_or_never_is_meant_as_asked() {
    use Disambiguation::{Compatible, Earlier, Later};
    let twice = |which| local_in("2026-10-25T02:30", "Europe/Berlin", which);
    assert_eq!(twice(Compatible), ok("2026-10-25T00:30:00Z"));
    assert_eq!(twice(Earlier), ok("2026-10-25T00:30:00Z"));
    assert_eq!(twice(Later), ok("2026-10-25T01:30:00Z"));
    let never = |which| local_in("2026-03-29T02:30", "Europe/Berlin", which);
    assert_eq!(never(Compatible), ok("2026-03-29T01:30:00Z"));
    assert_eq!(never(Earlier), ok("2026-03-29T00:30:00Z"));
    assert_eq!(never(Later), ok("2026-03-29T01:30:00Z"));
}

#[test]
fn the_last_moment_before_a_skipped_hour_is_not_rounded_into_it() {
    let reject = |local| local_in(local, "Europe/Berlin", Disambiguation::Reject);
    assert_eq!(reject("2026-03-29T01:59:59.9999"), ok("2026-03-29T01:00:00Z"));
}

#[test]
fn wall_clock_times_that_cannot_be_placed_are_refused() {
    let reject = |local| local_in(local, "Europe/Berlin", Disambiguation::Reject);
    assert_snapshot!(refusal(reject("2026-10-25T02:30")), @r#"local: 2026-10-25T02:30 happens twice in Europe/Berlin, where the clocks are put back then: pass disambiguation "earlier" (2026-10-25T00:30:00Z) or "later" (2026-10-25T01:30:00Z), or one of these instants"#);
    assert_snapshot!(refusal(reject("2026-03-29T02:30:00.5")), @r#"local: 2026-03-29T02:30:00.5 does not exist in Europe/Berlin, where the clocks are put forward then: pass disambiguation "earlier" (2026-03-29T00:30:00.5Z) or "later" (2026-03-29T01:30:00.5Z), or one of these instants"#);
    assert_snapshot!(refusal(local_in("2026-07-01T09:00", "Europe/Berlln", Disambiguation::Later)), @r#"timeZone: "Europe/Berlln" is not a known time zone: use an IANA name such as "Europe/Berlin""#);
    assert_snapshot!(refusal(local_in("2026-07-01T09:00", "", Disambiguation::Later)), @r#"timeZone: "" is not a known time zone: use an IANA name such as "Europe/Berlin""#);
    assert_snapshot!(refusal(local_in("2026-07-01T09:00", "+5", Disambiguation::Later)), @r#"timeZone: "+5" is not a known time zone: use an IANA name such as "Europe/Berlin""#);
    assert_snapshot!(refusal(local_in("2026-07-01T09:00", "Z", Disambiguation::Later)), @r#"timeZone: "Z" is not a known time zone: use an IANA name such as "Europe/Berlin""#);
    assert_snapshot!(refusal(berlin("")), @r#"local: "" is not a time: write it as "2026-10-25T02:30:00" (ISO 8601)"#);
    assert_snapshot!(refusal(berlin("2026-07-01")), @r#"local: "2026-07-01" has a date but no time of day: write "2026-07-01T09:00""#);
    assert_snapshot!(refusal(berlin("2026-07-01T09:00Z")), @r#"local: "2026-07-01T09:00Z" has more than date and time of day: with timeZone write "2026-07-01T09:00", or pass text with its own offset in place of { local, timeZone }"#);
    assert_snapshot!(refusal(berlin("2026-07-01T09:00+02:00[Europe/Berlin]")), @r#"local: "2026-07-01T09:00+02:00[Europe/Berlin]" has more than date and time of day: with timeZone write "2026-07-01T09:00", or pass text with its own offset in place of { local, timeZone }"#);
    assert_snapshot!(refusal(berlin("2026-06-31T09:00")), @r#"local: "2026-06-31T09:00" is impossible: that month has the days 01 to 30"#);
    assert_snapshot!(refusal(berlin("nine")), @r#"local: "nine" is not a time: write it as "2026-10-25T02:30:00" (ISO 8601)"#);
}

proptest! {
    #[test]
    fn every_spelling_of_an_instant_is_that_instant(
        millis in -62_135_596_800_000_i64 + 86_400_000..253_402_300_800_000 - 86_400_000,
        offset_minutes in -1439..=1439_i64,
        designator in "[Tt ]",
        point in "[.,]",
    ) {
        let at = DateTime::from_timestamp_millis(millis).expect("in range");
        let shown = at.naive_utc() + TimeDelta::minutes(offset_minutes);
        let sign = if offset_minutes < 0 { '-' } else { '+' };
        let (hours, minutes) = (offset_minutes.abs() / 60, offset_minutes.abs() % 60);
        let said = format!(
            "{}{designator}{}{point}{:03}{sign}{hours:02}:{minutes:02}",
            shown.format("%Y-%m-%d"), shown.format("%H:%M:%S"), shown.and_utc().timestamp_subsec_millis(),
        );
        let resolve = |time: TriggerTime| time.resolve(at, &TestZones);
        prop_assert_eq!(resolve(TriggerTime::Text(said)), Ok(at));
        prop_assert_eq!(resolve(TriggerTime::Text(to_wire(at))), Ok(at));
        prop_assert_eq!(resolve(at.into()), Ok(at));
        prop_assert_eq!(TriggerTime::from_date(millis as f64), Ok(TriggerTime::At(at)));
        prop_assert_eq!(resolve(TriggerTime::In(Delay::Millis(0.0))), Ok(at));
        if millis.abs() >= 100_000_000_000 {
            prop_assert_eq!(resolve(TriggerTime::EpochMillis(millis as f64)), Ok(at));
        }
    }

    #[test]
    fn whatever_is_accepted_is_in_range_and_whole_milliseconds_and_whatever_is_refused_says_why(
        text in prop_oneof![
            any::<String>(),
            "[-+]?[0-9]{1,6}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9:.,]{0,14}([Zz]|[-+][0-9:]{0,6})?(\\[[A-Za-z/=-]{0,15}\\])?)?",
            "[0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9]T[0-2][0-9]:[0-6][0-9](:[0-6][0-9](\\.[0-9]{1,10})?)?(Z|[-+][0-2][0-9]:?[0-6][0-9])?",
            "-?P?([0-9]{0,20}([.,][0-9]{0,10})?[PTYMWDHSwdhms]{0,2}){0,5}",
        ],
        number in any::<f64>(),
    ) {
        let local = TriggerTime::Local {
            local: text.clone(),
            time_zone: "Europe/Berlin".to_owned(),
            disambiguation: Disambiguation::Reject,
        };
        let times = [
            TriggerTime::Text(text.clone()),
            local,
            TriggerTime::In(Delay::Text(text.clone())),
            TriggerTime::In(Delay::Millis(number)),
            TriggerTime::EpochMillis(number),
        ];
        for time in times {
            match time.resolve(DateTime::UNIX_EPOCH, &TestZones) {
                Ok(at) => {
                    prop_assert!((1..=9999).contains(&at.year()));
                    prop_assert_eq!(at.timestamp_subsec_nanos() % 1_000_000, 0);
                }
                Err(refusal) => prop_assert!(refusal.reason.len() > 20, "{refusal}"),
            }
        }
    }
}

#[test]
fn the_zero_time_of_go_is_refused() {
    assert_snapshot!(
        refusal(text("0001-01-01T00:00:00Z")),
        @r#""0001-01-01T00:00:00Z" is the zero time of Go (0001-01-01T00:00:00Z), which says that no time was set"#
    );
    assert!(text("0001-01-01T00:00:00.001Z").is_ok());
}
