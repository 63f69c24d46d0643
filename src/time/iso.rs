//! Reading ISO 8601 by hand: a parser that takes any format would weigh more than the rest of this module.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveTime};

/// Said of a time in a year that the server does not take.
pub(super) const YEAR_OUT_OF_RANGE: &str = "is outside the years 0001 to 9999 in UTC: the server takes no others";

/// Said of a 61st second.
pub(super) const LEAP_SECOND: &str =
    "is a leap second, which the server refuses: write second 59, or 00 of the next minute";

/// A date and a time of day as written, without saying where on Earth.
#[derive(Debug, PartialEq)]
pub(super) struct Wall<'a> {
    /// The reading of calendar and clock: seconds since 1970 if it were UTC.
    pub(super) seconds: i64,
    /// The fraction of a second, in billionths.
    pub(super) nanos: u32,
    /// The part of the text that says it.
    pub(super) text: &'a str,
    /// What follows it.
    pub(super) rest: &'a str,
}

impl Wall<'_> {
    /// Milliseconds since 1970, half a millisecond up, when clocks at `offset` seconds east of UTC show this.
    pub(super) fn millis_at(&self, offset: i32) -> i64 {
        round_nanos(self.seconds - i64::from(offset), self.nanos)
    }
}

/// Reads `YYYY-MM-DD`, `T`, `t` or a space, then `HH:MM`, `HH:MM:SS` or with a fraction of up to nine digits after a
/// point or comma; whatever follows is handed back. A refusal is what is to be said after the quoted text; `ending` is
/// what its examples end in.
pub(super) fn wall<'a>(text: &'a str, ending: &str) -> Result<Wall<'a>, Cow<'static, str>> {
    let mut rest = text;
    let Some((year, month, day)) = date(&mut rest) else {
        let has_long_year = text.starts_with(['+', '-']) && date(&mut text.get(3..).unwrap_or_default()).is_some();
        return Err(if has_long_year {
            YEAR_OUT_OF_RANGE.into()
        } else {
            format!("is not a time: write it as \"2026-10-25T02:30:00{ending}\" (ISO 8601)").into()
        });
    };
    if year == 0 {
        return Err(YEAR_OUT_OF_RANGE.into());
    }
    let Some(date) = NaiveDate::from_ymd_opt(year, month, day) else {
        let last = (28..=31).rev().find(|day| NaiveDate::from_ymd_opt(year, month, *day).is_some());
        return Err(match last {
            Some(last) => format!("is impossible: that month has the days 01 to {last}").into(),
            None => "is impossible: months are 01 to 12".into(),
        });
    };
    let Some((hour, minute, second, nanos)) = clock(&mut rest) else {
        let date = text.get(..10).unwrap_or_default();
        return Err(format!("has a date but no time of day: write \"{date}T09:00{ending}\"").into());
    };
    let impossible = match (hour, minute, second) {
        (24, ..) => Some("is refused: write 24:00 as 00:00 of the next day"),
        (25.., ..) => Some("is impossible: hours are 00 to 23"),
        (_, 60.., _) => Some("is impossible: minutes are 00 to 59"),
        (.., 60) => Some(LEAP_SECOND),
        (.., 61..) => Some("is impossible: seconds are 00 to 59"),
        _ if !leading_digits(rest).is_empty() => {
            Some("has more than nine digits of a second: the server keeps three, so write those")
        }
        _ => None,
    };
    if let Some(reason) = impossible {
        return Err(reason.into());
    }
    let midnight = date.and_time(NaiveTime::MIN).and_utc().timestamp();
    let seconds = midnight + i64::from(hour * 3600 + minute * 60 + second);
    Ok(Wall { seconds, nanos, text: text.strip_suffix(rest).unwrap_or(text), rest })
}

/// `YYYY-MM-DD`.
fn date(rest: &mut &str) -> Option<(i32, u32, u32)> {
    let year = digits(rest, 4)?;
    mark(rest, &['-'])?;
    let month = digits(rest, 2)?;
    mark(rest, &['-'])?;
    Some((year.cast_signed(), month, digits(rest, 2)?))
}

/// What stands between date and offset: hour, minute, second, nanosecond.
fn clock(rest: &mut &str) -> Option<(u32, u32, u32, u32)> {
    mark(rest, &['T', 't', ' '])?;
    let hour = digits(rest, 2)?;
    mark(rest, &[':'])?;
    let minute = digits(rest, 2)?;
    if mark(rest, &[':']).is_none() {
        return Some((hour, minute, 0, 0));
    }
    let second = digits(rest, 2)?;
    let nanos = if mark(rest, &['.', ',']).is_some() { fraction(rest)? } else { 0 };
    Some((hour, minute, second, nanos))
}

/// `Z`, `z`, `+HH`, `+HHMM` or `+HH:MM`, in seconds east of UTC. RFC 3339's `-00:00` is UTC too.
pub(super) fn offset(rest: &mut &str) -> Option<Offset> {
    let sign = match mark(rest, &['Z', 'z', '+', '-'])? {
        '+' => 1,
        '-' => -1,
        _ => return Some(Offset::Utc),
    };
    let hours = digits(rest, 2).filter(|hours| *hours < 24)?;
    let has_minutes = mark(rest, &[':']).is_some() || !leading_digits(rest).is_empty();
    let minutes = if has_minutes { digits(rest, 2).filter(|minutes| *minutes < 60)? } else { 0 };
    Some(Offset::Seconds(sign * (hours * 3600 + minutes * 60).cast_signed()))
}

/// How far from UTC a text says it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Offset {
    /// `Z`: an exact instant that says nothing of a zone.
    Utc,
    /// Seconds east of UTC.
    Seconds(i32),
}

impl Offset {
    /// Seconds east of UTC.
    pub(super) fn seconds(self) -> i32 {
        match self {
            Self::Utc => 0,
            Self::Seconds(seconds) => seconds,
        }
    }
}

/// Up to nine digits of a fraction, as billionths.
pub(super) fn fraction(rest: &mut &str) -> Option<u32> {
    let length = leading_digits(rest).len().min(9);
    let missing = 9_u32.checked_sub(u32::try_from(length).ok().filter(|length| *length > 0)?)?;
    Some(digits(rest, length)? * 10_u32.pow(missing))
}

/// The ASCII digits that a text begins with.
pub(super) fn leading_digits(text: &str) -> &str {
    text.find(|char: char| !char.is_ascii_digit()).map_or(text, |end| text.get(..end).unwrap_or_default())
}

/// Takes exactly `count` ASCII digits, at most nine.
fn digits(rest: &mut &str, count: usize) -> Option<u32> {
    let (head, tail) = rest.split_at_checked(count)?;
    if !head.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    *rest = tail;
    Some(head.bytes().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
}

/// Takes one of `marks`.
fn mark(rest: &mut &str, marks: &[char]) -> Option<char> {
    let found = rest.chars().next().filter(|char| marks.contains(char))?;
    *rest = rest.strip_prefix(found)?;
    Some(found)
}

/// Whole milliseconds, half a millisecond up, as the server rounds. Beyond `i64` it saturates.
pub(super) fn round_millis(millis: f64) -> i64 {
    (millis + 0.5).floor() as i64
}

/// Seconds and billionths as whole milliseconds, half a millisecond up.
pub(super) fn round_nanos(seconds: i64, nanos: u32) -> i64 {
    seconds * 1000 + i64::from((nanos + 500_000) / 1_000_000)
}
