//! Wall-clock times against every zone change from 1970 to 2037.

#![allow(clippy::expect_used, clippy::panic, reason = "what a helper of a test finds wrong fails the test")]

mod oracle;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use hatchet_scheduled::time::{Disambiguation, TriggerTime, UnknownZone, Zones, to_wire};
use oracle::{Meaning, Timeline};
use proptest::prelude::*;

/// Every kind of change there is: whole and half hours, quarter-hour zones, two-hour summer time, a day skipped, changes
/// at midnight, around Ramadan, to the second, of the zone itself, and a zone that knows none.
const ZONES: &[Tz] = &[
    Tz::Africa__Cairo,
    Tz::Africa__Casablanca,
    Tz::Africa__Monrovia,
    Tz::America__Argentina__San_Luis,
    Tz::America__Caracas,
    Tz::America__New_York,
    Tz::America__Noronha,
    Tz::America__Sao_Paulo,
    Tz::America__St_Johns,
    Tz::Antarctica__Troll,
    Tz::Asia__Gaza,
    Tz::Asia__Kathmandu,
    Tz::Asia__Kolkata,
    Tz::Asia__Pyongyang,
    Tz::Asia__Tehran,
    Tz::Atlantic__Azores,
    Tz::Australia__Lord_Howe,
    Tz::Europe__Berlin,
    Tz::Europe__Dublin,
    Tz::Europe__Lisbon,
    Tz::Pacific__Apia,
    Tz::Pacific__Chatham,
    Tz::Pacific__Kiritimati,
    Tz::Pacific__Kwajalein,
];

/// The tz database of chrono-tz.
struct TzDatabase;

impl Zones for TzDatabase {
    fn offset(&self, zone: &str, at: DateTime<Utc>) -> Result<i32, UnknownZone> {
        Ok(oracle::offset(zone.parse().map_err(|_| UnknownZone)?, at))
    }
}

/// The instant that we find, or the refusal.
fn resolve(
    local: NaiveDateTime,
    zone: &str,
    disambiguation: Disambiguation,
    zones: &impl Zones,
) -> Result<DateTime<Utc>, String> {
    let local = local.format("%Y-%m-%dT%H:%M:%S%.f").to_string();
    let time = TriggerTime::Local { local, time_zone: zone.to_owned(), disambiguation };
    time.resolve(DateTime::UNIX_EPOCH, zones).map_err(|refusal| refusal.to_string())
}

/// What each disambiguation must give for a local time, as `Temporal` defines it.
fn check(local: NaiveDateTime, zone: &str, meaning: &Meaning, zones: &impl Zones) -> Result<(), TestCaseError> {
    use Disambiguation::{Compatible, Earlier, Later, Reject};
    let ours = |disambiguation| resolve(local, zone, disambiguation, zones);
    let (earlier, later, compatible, what) = match *meaning {
        Meaning::Once(at) => (at, at, at, None),
        Meaning::Twice(first, second) => (first, second, first, Some("happens twice")),
        Meaning::Never { earlier, later } => (earlier, later, later, Some("does not exist")),
    };
    prop_assert_eq!(ours(Earlier), Ok(earlier), "earlier of {} in {}", local, zone);
    prop_assert_eq!(ours(Later), Ok(later), "later of {} in {}", local, zone);
    prop_assert_eq!(ours(Compatible), Ok(compatible), "compatible of {} in {}", local, zone);
    match what {
        None => prop_assert_eq!(ours(Reject), Ok(earlier), "reject of {} in {}", local, zone),
        Some(what) => {
            let refusal = ours(Reject).expect_err("ambiguous");
            for part in [what, zone, &to_wire(earlier), &to_wire(later)] {
                prop_assert!(refusal.contains(part), "{} misses {}", refusal, part);
            }
        }
    }
    Ok(())
}

#[test]
fn every_change_of_every_zone_is_exact_around_it() {
    let mut changes = 0;
    for zone in ZONES {
        let timeline = Timeline::of(*zone);
        for change in timeline.changes() {
            changes += 1;
            for offset in [change.before, change.after] {
                let wall = (change.at + TimeDelta::seconds(offset.into())).naive_utc();
                let on_the_second = [-1, 0, 1].map(|second| wall + TimeDelta::seconds(second));
                let around = (-12..=12).map(|quarter| wall + TimeDelta::minutes(15 * quarter));
                for local in around.chain(on_the_second) {
                    check(local, zone.name(), &timeline.meaning(local), &TzDatabase).expect("the oracle");
                }
            }
        }
    }
    assert!(changes > 1_400, "only {changes} zone changes were found");
}

#[test]
fn a_skipped_day_is_skipped_as_one() {
    let apia = |hour| {
        let local = format!("2011-12-30T{hour:02}:00:00").parse().expect("a time");
        resolve(local, "Pacific/Apia", Disambiguation::Compatible, &TzDatabase).map(to_wire)
    };
    assert_eq!(apia(0).as_deref(), Ok("2011-12-30T10:00:00Z"));
    assert_eq!(apia(23).as_deref(), Ok("2011-12-31T09:00:00Z"));
}

#[test]
fn no_zone_changes_twice_within_the_two_days_that_are_looked_at() {
    for zone in ZONES {
        let timeline = Timeline::of(*zone);
        for pair in timeline.changes().windows(2) {
            let [change, next] = pair else { unreachable!() };
            assert!(next.at - change.at > TimeDelta::hours(48), "{zone} at {} and {}", change.at, next.at);
        }
    }
}

proptest! {
    #[test]
    fn any_local_time_in_any_zone_is_exact(
        zone in proptest::sample::select(&chrono_tz::TZ_VARIANTS[..]),
        millis in 86_400_000_i64..2_145_916_800_000,
    ) {
        let local = DateTime::from_timestamp_millis(millis).expect("in range").naive_utc();
        check(local, zone.name(), &Timeline::around(zone, local).meaning(local), &TzDatabase)?;
    }

    #[test]
    fn invented_zones_with_changes_of_any_size_are_exact(
        (zone, local) in oracle::invented(),
    ) {
        check(local, "Test/Invented", &zone.meaning(local), &zone)?;
    }
}
