//! Every way of saying when, made into one UTC instant.
//!
//! | said as | means |
//! |---|---|
//! | an instant, or milliseconds since 1970 | itself; a number that looks like seconds is refused |
//! | `2026-10-25T02:30:00.5+02:00` | ISO 8601 with `Z` or an offset; without one it is refused |
//! | `2026-10-25T02:30` in `Europe/Berlin` | the clock on the wall there; see [`Disambiguation`] |
//! | in `90s`, `1h30m`, `PT15M`, 5000 ms | that long from now |
//!
//! [`TriggerTime::resolve`] decides without I/O: the clock is an argument, and the rules of time zones come through
//! [`Zones`], so that no tz database is carried. What cannot be meant, or could mean two things, is refused with the
//! reason and a way out. Times that have passed are accepted: the server fires them within five seconds.

mod delay;
mod iso;
mod late;
mod said;
mod trigger;
pub(crate) mod wire;
mod zone;

pub use delay::Delay;
pub use late::{LATE_CHANGE_WINDOW, is_late_change};
pub use trigger::TriggerTime;
pub use zone::{Disambiguation, UnknownZone, Zones};

use std::time::Duration;

use crate::value::quoted;
use chrono::{DateTime, Datelike, Timelike, Utc};

/// The instant as RFC 3339 with `Z`: always UTC, because the server drops offsets. Trailing zeros of the fraction are
/// left out, as the server does.
pub fn to_wire(instant: DateTime<Utc>) -> String {
    let mut text = format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
        instant.year(),
        instant.month(),
        instant.day(),
        instant.hour(),
        instant.minute(),
        instant.second()
    );
    let nanos = instant.nanosecond() % 1_000_000_000;
    if nanos != 0 {
        text.push_str(format!(".{nanos:09}").trim_end_matches('0'));
    }
    text.push('Z');
    text
}

/// How long from one instant to a later one, to the microsecond; nothing when it is not later.
pub(crate) fn until(from: DateTime<Utc>, to: DateTime<Utc>) -> Duration {
    let micros = to.timestamp_micros().saturating_sub(from.timestamp_micros());
    Duration::from_micros(micros.max(0) as u64)
}

/// Reads RFC 3339, to the nanosecond.
pub(crate) fn from_wire(text: &str) -> Result<DateTime<Utc>, String> {
    let refused = |reason: &str| format!("{} {reason}", quoted(text));
    let wall = iso::wall(text, "Z").map_err(|reason| refused(&reason))?;
    let mut rest = wall.rest;
    iso::offset(&mut rest)
        .filter(|_| rest.is_empty())
        .and_then(|offset| DateTime::from_timestamp(wall.seconds - i64::from(offset.seconds()), wall.nanos))
        .ok_or_else(|| refused("does not end in a UTC offset"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_instant_on_the_wire_has_no_trailing_zeros() {
        for text in [
            "2031-01-01T00:00:00Z",
            "0001-01-01T00:00:00Z",
            "2031-01-01T00:00:00.12Z",
            "2031-01-01T00:00:00.000000001Z",
        ] {
            assert_eq!(from_wire(text).map(to_wire).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_is_no_instant_is_refused_with_the_text() {
        for text in ["", "soon", "2031-01-01", "2031-01-01T00:00:00", "2031-01-01T00:00:00Zz", "2031-02-30T00:00:00Z"] {
            let reason = from_wire(text).expect_err(text);
            assert!(reason.starts_with(&format!("\"{text}\" ")), "{reason}");
        }
    }

    proptest! {
        #[test]
        fn the_wire_is_read_as_chrono_reads_it(
            text in "[0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[-+][0-2][0-9]:[0-5][0-9])",
        ) {
            let theirs = DateTime::parse_from_rfc3339(&text).ok().map(|at| at.to_utc());
            prop_assert_eq!(from_wire(&text).ok(), theirs.filter(|_| !text.starts_with("0000")));
        }
    }
}
