//! When a change comes so late that the engine may not see it.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::until;

/// How close to its time a run must be for a change to be unsafe.
///
/// The engine looks every 5 s for what falls due in the next 5 s and arms a timer for it, so what it knows may be 5 s
/// old. Another 5 s cover the change's own way there and a clock that differs from the server's.
pub const LATE_CHANGE_WINDOW: Duration = Duration::from_secs(10);

/// Whether a run due at `trigger_at` is so near, or so overdue, that an update or delete made `now` may be lost: the
/// server answers it with success, and the run fires at its old time all the same.
pub fn is_late_change(now: DateTime<Utc>, trigger_at: DateTime<Utc>) -> bool {
    until(now, trigger_at) <= LATE_CHANGE_WINDOW
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_change_is_late_from_ten_seconds_before_the_due_time_onwards() {
        let due = DateTime::UNIX_EPOCH;
        let late = |millis_before: i64| is_late_change(due - TimeDelta::milliseconds(millis_before), due);
        assert!(!late(10_001));
        assert!(late(10_000));
        assert!(late(0));
        assert!(late(-86_400_000), "an overdue run may fire at any moment");
    }

    #[test]
    fn the_ends_of_time_are_compared_without_overflow() {
        assert!(is_late_change(DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC));
        assert!(!is_late_change(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC));
    }
}
