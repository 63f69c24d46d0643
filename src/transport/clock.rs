//! The server's clock, as far as its answers show it: the one on the wall here may be minutes off.
//!
//! An answer's `date`, and a new run's `createdAt`, were true at some moment between the request and its answer. Each
//! such sight bounds how far the server's clock is ahead of the one here that nobody sets; what several have in common
//! is what is known.

use std::cell::Cell;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::Platform;

/// When something was, by the clock here that nobody sets: a request's begin and its answer's end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) begun: Duration,
    pub(crate) ended: Duration,
}

/// Where a time of the server's was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// An answer's `date`, in whole seconds, which may be a gateway's.
    Date,
    /// What the database wrote.
    Database,
}

/// How far the server's clock is ahead of the one here that nobody sets, in microseconds.
#[derive(Debug, Clone, Copy)]
struct Sight {
    least: i64,
    most: i64,
    source: Source,
    /// When that was seen.
    at: i64,
    /// How far the clock on the wall was ahead then.
    wall: i64,
}

/// The time on the server, as far as its answers show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerTime {
    /// It is not earlier.
    pub earliest: DateTime<Utc>,
    /// The best guess.
    pub likely: DateTime<Utc>,
    /// It is not later.
    pub latest: DateTime<Utc>,
    /// Whether the server has shown it; else it is what the clock here shows.
    pub(crate) seen: bool,
}

/// What is known of the server's clock.
#[derive(Debug, Default)]
pub(crate) struct ServerClock(Cell<Option<Sight>>);

/// How long a sight is good enough for a `date` not to be read.
const FRESH: i64 = 10_000_000;
/// When the clocks here have gone so far apart, one was set, or the machine has slept: nobody knows which is right.
const APART: i64 = 2_000_000;
/// Clocks drift by less than one part in so many.
const DRIFT: i64 = 2_000;
/// A `date` is cut to the second.
const SECOND: i64 = 1_000_000;
/// The database's times are rounded.
const MILLISECOND: i64 = 1_000;
/// A run that was made longer ago, or later, than that is no sight of a clock but an answer that somebody wrote for a test.
const BELIEVABLE: TimeDelta = TimeDelta::days(2);

impl ServerClock {
    /// Takes in the date of an answer, unless enough is known; reading it costs.
    pub(crate) fn saw_answer(
        &self,
        platform: &impl Platform,
        span: Span,
        date: impl FnOnce() -> Option<DateTime<Utc>>,
    ) {
        let now = micros(span.ended);
        if self.sight(platform).is_none_or(|sight| now.saturating_sub(sight.at) > FRESH)
            && let Some(date) = date()
        {
            self.saw(platform, Source::Date, date, span);
        }
    }

    /// Takes in a time that the server's clock showed.
    pub(crate) fn saw(&self, platform: &impl Platform, source: Source, shown: DateTime<Utc>, span: Span) {
        if source == Source::Database && (shown - self.now(platform).likely).abs() > BELIEVABLE {
            return;
        }
        let (shown, at) = (shown.timestamp_micros(), micros(platform.monotonic()));
        let (before, after) = match source {
            Source::Date => (0, SECOND),
            Source::Database => (MILLISECOND, MILLISECOND),
        };
        let mut new = Sight {
            least: shown.saturating_sub(before).saturating_sub(micros(span.ended)),
            most: shown.saturating_add(after).saturating_sub(micros(span.begun)),
            source,
            at,
            wall: platform.now().timestamp_micros().saturating_sub(at),
        };
        if let Some(known) = self.sight(platform) {
            let (least, most) = known.bounds(at);
            let (narrowed_least, narrowed_most) = (new.least.max(least), new.most.min(most));
            if narrowed_least <= narrowed_most {
                (new.least, new.most, new.source) = (narrowed_least, narrowed_most, source.max(known.source));
            } else if source < known.source {
                return;
            }
        }
        self.0.set(Some(new));
    }

    /// The time on the server at this moment.
    pub(crate) fn now(&self, platform: &impl Platform) -> ServerTime {
        self.at(platform, platform.monotonic(), platform.now())
    }

    /// The time on the server at a moment, as the clocks here showed it.
    pub(crate) fn at(&self, platform: &impl Platform, moment: Duration, wall: DateTime<Utc>) -> ServerTime {
        let unseen = ServerTime { earliest: wall, likely: wall, latest: wall, seen: false };
        let Some(sight) = self.sight(platform) else { return unseen };
        let moment = micros(moment);
        let (least, most) = sight.bounds(moment);
        let time = |ahead: i64| DateTime::from_timestamp_micros(moment.saturating_add(ahead));
        match (time(least), time(least / 2 + most / 2), time(most)) {
            // The clock on the wall, where it may be right, is right to more than half a second.
            (Some(earliest), Some(_), Some(latest)) if (earliest..=latest).contains(&wall) => {
                ServerTime { earliest, likely: wall, latest, seen: true }
            }
            (Some(earliest), Some(likely), Some(latest)) => ServerTime { earliest, likely, latest, seen: true },
            _ => unseen,
        }
    }

    /// What was seen, unless a clock here was set since.
    fn sight(&self, platform: &impl Platform) -> Option<Sight> {
        let wall = platform.now().timestamp_micros().saturating_sub(micros(platform.monotonic()));
        self.0.get().filter(|sight| wall.saturating_sub(sight.wall).saturating_abs() <= APART)
    }
}

impl Sight {
    /// What the sight says at another moment.
    fn bounds(&self, moment: i64) -> (i64, i64) {
        let drift = moment.saturating_sub(self.at).saturating_abs() / DRIFT;
        (self.least.saturating_sub(drift), self.most.saturating_add(drift))
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
