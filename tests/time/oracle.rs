//! What a local time means, found by looking at every instant there is instead of by reasoning about offsets.

use chrono::{DateTime, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use hatchet_scheduled::time::{UnknownZone, Zones};
use proptest::prelude::*;

/// The offset of a zone of the tz database, in seconds.
pub(crate) fn offset(zone: Tz, at: DateTime<Utc>) -> i32 {
    zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
}

/// An instant at which the clocks of a zone are changed, and what they show around it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change {
    pub(crate) at: DateTime<Utc>,
    pub(crate) before: i32,
    pub(crate) after: i32,
}

/// The offsets of a zone over a span of time.
#[derive(Debug)]
pub(crate) struct Timeline {
    first: i32,
    changes: Vec<Change>,
}

/// What a local time can mean.
#[derive(Debug)]
pub(crate) enum Meaning {
    Once(DateTime<Utc>),
    Twice(DateTime<Utc>, DateTime<Utc>),
    /// The clock before the change says `later`, the clock after it `earlier`.
    Never {
        earlier: DateTime<Utc>,
        later: DateTime<Utc>,
    },
}

impl Timeline {
    /// From 1970 to 2037.
    pub(crate) fn of(zone: Tz) -> Self {
        let instant = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single().expect("a time");
        Self::between(zone, instant(1970), instant(2038))
    }

    /// The three days on either side of a local time.
    pub(crate) fn around(zone: Tz, local: NaiveDateTime) -> Self {
        Self::between(zone, local.and_utc() - TimeDelta::days(3), local.and_utc() + TimeDelta::days(3))
    }

    fn between(zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        let first = offset(zone, from);
        let mut changes = Vec::new();
        let (mut at, mut before) = (from, first);
        while at < to {
            let next = at + TimeDelta::hours(1);
            let after = offset(zone, next);
            if after != before {
                let (mut unchanged, mut changed) = (at, next);
                while changed - unchanged > TimeDelta::seconds(1) {
                    let middle = unchanged + TimeDelta::seconds((changed - unchanged).num_seconds() / 2);
                    *(if offset(zone, middle) == before { &mut unchanged } else { &mut changed }) = middle;
                }
                changes.push(Change { at: changed, before, after });
            }
            (at, before) = (next, after);
        }
        Self { first, changes }
    }

    pub(crate) fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// All instants at which the clocks show `local`; if there are none, those that the clocks just before and just after
    /// the change that skips it would give.
    pub(crate) fn meaning(&self, local: NaiveDateTime) -> Meaning {
        let by = |offset: i32| local.and_utc() - TimeDelta::seconds(offset.into());
        let starts = std::iter::once(DateTime::<Utc>::MIN_UTC).chain(self.changes.iter().map(|change| change.at));
        let ends = self.changes.iter().map(|change| change.at).chain([DateTime::<Utc>::MAX_UTC]);
        let offsets = std::iter::once(self.first).chain(self.changes.iter().map(|change| change.after));
        let mut shown: Vec<_> = starts
            .zip(ends)
            .zip(offsets)
            .filter(|((start, end), offset)| (*start..*end).contains(&by(*offset)))
            .map(|(_, offset)| by(offset))
            .collect();
        shown.sort();
        match shown[..] {
            [at] => Meaning::Once(at),
            [first, second] => Meaning::Twice(first, second),
            [] => {
                let skipping = |change: &&Change| by(change.before) >= change.at && by(change.after) < change.at;
                let change = self.changes.iter().find(skipping).expect("a change that skips the time");
                Meaning::Never { earlier: by(change.after), later: by(change.before) }
            }
            _ => panic!("{local} is shown {} times", shown.len()),
        }
    }
}

impl Zones for Timeline {
    fn offset(&self, _zone: &str, at: DateTime<Utc>) -> Result<i32, UnknownZone> {
        let last = self.changes.iter().rev().find(|change| change.at <= at);
        Ok(last.map_or(self.first, |change| change.after))
    }
}

/// A zone within 16 hours of UTC whose changes are at least 49 hours apart, and a local time near one of them.
pub(crate) fn invented() -> impl Strategy<Value = (Timeline, NaiveDateTime)> {
    let offset = -16 * 3600..=16 * 3600;
    let changes = prop::collection::vec((49 * 3600..100 * 3600_i64, offset.clone()), 1..6);
    (offset, changes, any::<prop::sample::Index>(), -40 * 3600..40 * 3600_i64).prop_map(|(first, steps, near, away)| {
        let (mut at, mut before) = (DateTime::UNIX_EPOCH, first);
        let changes = steps.into_iter().map(|(gap, after)| {
            at += TimeDelta::seconds(gap);
            let change = Change { at, before, after };
            before = after;
            change
        });
        let zone = Timeline { first, changes: changes.collect() };
        let local = near.get(&zone.changes).at.naive_utc() + TimeDelta::seconds(away);
        (zone, local)
    })
}
