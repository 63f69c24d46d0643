//! The clock on the wall of a time zone.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{
    iso::{self, Wall},
    to_wire,
};
use crate::value::Invalid;
use crate::value::quoted;

const DAY: i64 = 86_400;

/// The rules of the world's time zones, wherever they are kept: the JavaScript runtime's `Intl`, or a tz database.
pub trait Zones {
    /// Seconds east of UTC that clocks in `zone` (an IANA name) show at the instant `at`.
    ///
    /// # Errors
    /// The zone is not known.
    fn offset(&self, zone: &str, at: DateTime<Utc>) -> Result<i32, UnknownZone>;
}

/// No such time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownZone;

impl std::fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("unknown time zone")
    }
}

impl std::error::Error for UnknownZone {}

/// What a wall-clock time means where the clocks are changed, as in `Temporal`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Disambiguation {
    /// A time that happens twice is its first occurrence; one that is skipped moves later by what was skipped, as on a
    /// clock that nobody put forward.
    #[default]
    Compatible,
    /// The first occurrence; a skipped time moves earlier by what was skipped.
    Earlier,
    /// The second occurrence; a skipped time moves later by what was skipped.
    Later,
    /// Refuses a time that is skipped or happens twice, naming both instants that could be meant.
    Reject,
}

/// The offset of `zone` at the instant at which its clocks show the time in `wall`.
///
/// The zone is asked for its offset a day before and a day after. Every zone is within 16 hours of UTC, so both lie on
/// their side of anything that `wall` can mean, and no zone has ever had two changes within 48 hours (the closest two
/// in the tz database are 95 hours apart), so these two offsets are all that can apply.
pub(super) fn offset_of_wall(
    wall: &Wall<'_>,
    zone: &str,
    disambiguation: Disambiguation,
    zones: &impl Zones,
) -> Result<i32, Invalid> {
    let at = |seconds: i64| offset(zones, zone, seconds);
    let before = at(wall.seconds - DAY)?;
    let after = at(wall.seconds + DAY)?;
    if before == after {
        return Ok(before);
    }
    let is_before = at(wall.seconds - i64::from(before))? == before;
    let is_after = at(wall.seconds - i64::from(after))? == after;
    // The further east clocks are, the earlier they show a time.
    let (earlier, later) = (before.max(after), before.min(after));
    match (is_before, is_after, disambiguation) {
        (true, false, _) => Ok(before),
        (false, true, _) => Ok(after),
        (_, _, Disambiguation::Earlier) => Ok(earlier),
        (_, _, Disambiguation::Later) => Ok(later),
        (twice, _, Disambiguation::Compatible) => Ok(if twice { earlier } else { later }),
        (twice, _, Disambiguation::Reject) => {
            let what = if twice { "happens twice" } else { "does not exist" };
            let how = if twice { "back" } else { "forward" };
            let [earlier, later] = [earlier, later]
                .map(|offset| DateTime::from_timestamp_millis(wall.millis_at(offset)).map(to_wire).unwrap_or_default());
            Err(Invalid::new(
                "local",
                format!(
                    "{} {what} in {zone}, where the clocks are put {how} then: pass disambiguation \"earlier\" ({earlier}) \
                     or \"later\" ({later}), or one of these instants",
                    wall.text
                ),
            ))
        }
    }
}

/// The offset of an IANA zone, or of one that is an offset itself (`+02:00`), so many seconds after 1970.
pub(super) fn offset(zones: &impl Zones, zone: &str, seconds: i64) -> Result<i32, Invalid> {
    let mut fixed = zone;
    if zone.starts_with(['+', '-'])
        && let Some(iso::Offset::Seconds(offset)) = iso::offset(&mut fixed)
        && fixed.is_empty()
    {
        return Ok(offset);
    }
    let at = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    zones.offset(zone, at).map_err(|UnknownZone| {
        Invalid::new(
            "timeZone",
            format!("{} is not a known time zone: use an IANA name such as \"Europe/Berlin\"", quoted(zone)),
        )
    })
}
