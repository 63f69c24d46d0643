//! The ways to say when, and their one meaning.

use chrono::{DateTime, Datelike, TimeZone, Timelike, Utc};

use super::{
    delay::Delay,
    iso::{self, Offset},
    zone::{self, Disambiguation, Zones},
};
use crate::value::Invalid;
use crate::value::quoted;

/// A number nearer to 1970 than this, in milliseconds, is taken for seconds or a delay: it would lie before March 1973.
const LEAST_EPOCH_MILLIS: f64 = 1e11;
/// The last millisecond of the year 9999.
const LAST_MILLIS: f64 = 253_402_300_799_999.0;

/// When a run is to fire.
///
/// The server keeps milliseconds, rounding half up, so that is what [`resolve`](Self::resolve) gives. It takes the years
/// 1 to 9999.
#[derive(Debug, Clone, PartialEq)]
pub enum TriggerTime {
    /// At this instant.
    At(DateTime<Utc>),
    /// At so many milliseconds after 1970-01-01T00:00Z, as `Date.now()` counts. Numbers that look like seconds (below
    /// 1e11), microseconds or nanoseconds are refused.
    EpochMillis(f64),
    /// ISO 8601 with `Z` or an offset: `2026-10-25T02:30Z`, `2026-10-25 02:30:00.123456789+0200`, also in the form
    /// `2026-10-25T02:30+02:00[Europe/Berlin]` of `Temporal.ZonedDateTime`, whose offset must be the zone's own then
    /// (with `Z` the zone says nothing and is not looked at).
    Text(String),
    /// When the clocks of a time zone show this date and time.
    Local {
        /// Date and time of day without an offset: `2026-10-25T02:30`, seconds and a fraction optional.
        local: String,
        /// An IANA name, or a fixed offset such as `+02:00`.
        time_zone: String,
        /// What is meant where the clocks are changed.
        disambiguation: Disambiguation,
    },
    /// So long from now.
    In(Delay),
}

impl<Tz: TimeZone> From<DateTime<Tz>> for TriggerTime {
    fn from(at: DateTime<Tz>) -> Self {
        Self::At(at.to_utc())
    }
}

impl TriggerTime {
    /// The instant of a `Date` or a `Temporal` object, from its milliseconds since 1970. These are exact, so none look
    /// like seconds.
    ///
    /// # Errors
    /// `NaN`, which is what an invalid `Date` holds, and years that the server does not take.
    pub fn from_date(epoch_millis: f64) -> Result<Self, Invalid> {
        if epoch_millis.is_nan() {
            return Err(refused("is an invalid Date: the text or the numbers it was made from are no date"));
        }
        in_range(iso::round_millis(epoch_millis), "", || "the date".to_owned()).map(Self::At)
    }

    /// The one instant that is meant, in whole milliseconds; `now` is where delays count from. It may lie in the past:
    /// the server fires such a run within five seconds.
    ///
    /// # Errors
    /// What means nothing, or could mean two things, with the reason and a way out. The path is relative to this value:
    /// empty, or `local`, `timeZone` or `in`.
    pub fn resolve(&self, now: DateTime<Utc>, zones: &impl Zones) -> Result<DateTime<Utc>, Invalid> {
        match self {
            Self::At(at) if at.nanosecond() >= 1_000_000_000 => Err(refused(format!("the time {}", iso::LEAP_SECOND))),
            Self::At(at) => in_range(millis(*at), "", || "the time".to_owned()),
            Self::EpochMillis(millis) => epoch_millis(*millis),
            Self::Text(text) => self::text(text, zones),
            Self::Local { local, time_zone, disambiguation } => self::local(local, time_zone, *disambiguation, zones),
            Self::In(delay) => {
                let delay = delay.millis().map_err(|reason| Invalid::new("in", reason))?;
                in_range(millis(now).saturating_add(delay), "in", || "that long from now".to_owned())
            }
        }
    }
}

fn refused(reason: impl Into<String>) -> Invalid {
    Invalid::new("", reason)
}

/// Milliseconds since 1970, as the server rounds them.
fn millis(at: DateTime<Utc>) -> i64 {
    iso::round_nanos(at.timestamp(), at.timestamp_subsec_nanos())
}

/// Milliseconds since 1970 of 0001-01-01T00:00:00Z.
const ZERO_TIME_MILLIS: i64 = -62_135_596_800_000;

/// The zero value of Go's `time.Time`: what a program there sends when it has set no time. The server answers with an error of its database.
const ZERO_TIME: &str = "is the zero time of Go (0001-01-01T00:00:00Z), which says that no time was set";

/// Holds milliseconds since 1970 to the years that the server takes. `what` names the time in the refusal.
fn in_range(millis: i64, path: &str, what: impl Fn() -> String) -> Result<DateTime<Utc>, Invalid> {
    if millis == ZERO_TIME_MILLIS {
        return Err(Invalid::new(path, format!("{} {ZERO_TIME}", what())));
    }
    DateTime::from_timestamp_millis(millis)
        .filter(|at| (1..=9999).contains(&at.year()))
        .ok_or_else(|| Invalid::new(path, format!("{} {}", what(), iso::YEAR_OUT_OF_RANGE)))
}

fn epoch_millis(millis: f64) -> Result<DateTime<Utc>, Invalid> {
    if !millis.is_finite() {
        return Err(refused("is not a finite number: pass milliseconds since 1970, as Date.now() counts them"));
    }
    if millis.abs() < LEAST_EPOCH_MILLIS {
        let echo = decimal(millis);
        let as_seconds = millis * 1000.0;
        return Err(refused(if as_seconds.abs() >= LEAST_EPOCH_MILLIS {
            format!(
                "{echo} looks like seconds, and numbers are milliseconds since 1970: multiply by 1000 ({}), or pass a Date \
                 for a time in the 1970s",
                iso::round_millis(as_seconds)
            )
        } else if millis >= 0.0 {
            format!(
                "{echo} is too small for milliseconds since 1970: for a delay pass {{ in: {echo} }}, for a time in the \
                 1970s a Date"
            )
        } else {
            format!("{echo} is too small for milliseconds since 1970: for a time around 1970 pass a Date")
        }));
    }
    for (unit, factor) in [("microseconds", 1_000_i32), ("nanoseconds", 1_000_000)] {
        let in_millis = millis / f64::from(factor);
        if millis > LAST_MILLIS && in_millis <= LAST_MILLIS {
            return Err(refused(format!(
                "{} looks like {unit}, and numbers are milliseconds since 1970: divide by {factor} ({})",
                decimal(millis),
                iso::round_millis(in_millis)
            )));
        }
    }
    in_range(iso::round_millis(millis), "", || "the number".to_owned())
}

/// The number with at most three decimals; the standard library's exact way would weigh more than this module.
fn decimal(number: f64) -> String {
    let absolute = number.abs();
    let thousandths = iso::round_millis(absolute.fract() * 1000.0).unsigned_abs();
    let whole = absolute as u64 + thousandths / 1000;
    let sign = if number < 0.0 { "-" } else { "" };
    match thousandths % 1000 {
        0 => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction:03}").trim_end_matches('0').to_owned(),
    }
}

fn text(text: &str, zones: &impl Zones) -> Result<DateTime<Utc>, Invalid> {
    let wall = iso::wall(text, "Z")
        .map_err(|reason| refused(another_kind(text).unwrap_or_else(|| format!("{} {reason}", quoted(text)))))?;
    let mut rest = wall.rest;
    if rest.is_empty() || rest.starts_with('[') {
        let written = wall.text;
        let zone = annotated_zone(rest).flatten().unwrap_or("Europe/Berlin");
        let echo = quoted(text);
        return Err(refused(format!(
            "{echo} has no offset, so it would be another instant on another machine: write \"{written}Z\" or \
             \"{written}+02:00\", or pass {{ local: \"{written}\", timeZone: \"{zone}\" }}"
        )));
    }
    let offset = iso::offset(&mut rest);
    let (Some(offset), Some(annotated)) = (offset, annotated_zone(rest)) else {
        return Err(refused(format!(
            "{} does not end in a UTC offset: after \"{}\" write Z, or an offset such as +02:00",
            quoted(text),
            wall.text
        )));
    };
    let mut seconds = offset.seconds();
    if let Some(zone) = annotated
        && offset != Offset::Utc
    {
        let at = wall.seconds - i64::from(seconds);
        let actual = zone::offset(zones, zone, at).map_err(|unknown| refused(unknown.reason.clone()))?;
        // Temporal writes the offset to the minute, but some zones had seconds in theirs.
        let minutes = (actual.abs() + 30) / 60;
        if seconds != minutes * 60 * actual.signum() {
            let sign = if actual < 0 { '-' } else { '+' };
            let (hours, minutes) = (minutes / 60, minutes % 60);
            return Err(refused(format!(
                "{} contradicts itself, as clocks in {zone} are at {sign}{hours:02}:{minutes:02} then: leave out [{zone}], \
                 or pass {{ local: \"{}\", timeZone: \"{zone}\" }}",
                quoted(text),
                wall.text
            )));
        }
        seconds = actual;
    }
    in_range(wall.millis_at(seconds), "", || quoted(text))
}

/// What a text that is no time may be instead.
fn another_kind(text: &str) -> Option<String> {
    let echo = quoted(text);
    if text.is_empty() {
        Some("is empty: write the time as \"2026-10-25T02:30:00Z\" (ISO 8601), or pass a Date".to_owned())
    } else if iso::leading_digits(text) == text {
        Some(format!("{echo} is a number in quotes: pass milliseconds since 1970 without the quotes"))
    } else if Delay::Text(text.to_owned()).millis().is_ok() {
        Some(format!("{echo} is a delay: pass {{ in: {echo} }}"))
    } else {
        None
    }
}

/// The zone named in brackets, as `Temporal.ZonedDateTime` and Java write it; one calendar may follow, which does not
/// change the date as written. `None` if there is anything else.
fn annotated_zone(text: &str) -> Option<Option<&str>> {
    let mut zone = None;
    let mut rest = text;
    while let Some((inner, tail)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let name = inner.strip_prefix('!').unwrap_or(inner);
        if !name.starts_with("u-ca=") {
            if rest != text {
                return None;
            }
            zone = Some(name);
        }
        rest = tail;
    }
    rest.is_empty().then_some(zone)
}

fn local(
    local: &str,
    time_zone: &str,
    disambiguation: Disambiguation,
    zones: &impl Zones,
) -> Result<DateTime<Utc>, Invalid> {
    let refused = |reason: &str| Invalid::new("local", format!("{} {reason}", quoted(local)));
    let wall = iso::wall(local, "").map_err(|reason| refused(&reason))?;
    if !wall.rest.is_empty() {
        return Err(refused(&format!(
            "has more than date and time of day: with timeZone write \"{}\", or pass text with its own offset in place of \
             {{ local, timeZone }}",
            wall.text
        )));
    }
    let offset = zone::offset_of_wall(&wall, time_zone, disambiguation, zones)?;
    in_range(wall.millis_at(offset), "local", || quoted(local))
}

#[cfg(test)]
mod tests;
