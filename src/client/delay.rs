//! Delays: from when they count, and what is told when that was a wrong time.

use std::cell::Cell;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::ClientWarning;
use crate::time::TriggerTime;
use crate::transport::{Call, Platform};
use crate::value::Invalid;

/// When a call began, by each clock. All of its delays count from there.
#[derive(Debug, Clone, Copy)]
struct Start {
    moment: Duration,
    wall: DateTime<Utc>,
    /// The time on the server, as far as it was known then.
    server: DateTime<Utc>,
}

/// The most that a delay may be off and not be told.
const TOLERANCE: TimeDelta = TimeDelta::seconds(3);

/// The delays of one call.
#[derive(Debug, Default)]
pub(super) struct Delays {
    start: Cell<Option<Start>>,
}

impl Delays {
    /// The instant that is meant, and where a delay was said, how long that is.
    pub(super) fn resolve<P: Platform>(
        &self,
        time: &TriggerTime,
        call: &Call<'_, P>,
    ) -> Result<(DateTime<Utc>, Option<TimeDelta>), Invalid> {
        let zones = &call.connection.platform;
        let TriggerTime::In(_) = time else { return Ok((time.resolve(DateTime::UNIX_EPOCH, zones)?, None)) };
        let start = self.start(call);
        let at = time.resolve(start.server, zones)?;
        Ok((at, Some(at - start.server)))
    }

    fn start<P: Platform>(&self, call: &Call<'_, P>) -> Start {
        self.start.get().unwrap_or_else(|| {
            let platform = &call.connection.platform;
            let (moment, wall) = (platform.monotonic(), platform.now());
            let start = Start { moment, wall, server: call.server_time_at(moment, wall).likely };
            self.start.set(Some(start));
            start
        })
    }

    /// Says that delays of this call were counted from a wrong time, where an answer has shown that since; observers are
    /// told of it, too.
    pub(super) fn clock_skew<P: Platform>(&self, call: &Call<'_, P>) -> Option<ClientWarning> {
        let Start { moment, wall, server } = self.start.get()?;
        let known = call.server_time_at(moment, wall);
        if !known.seen || (known.earliest - TOLERANCE..=known.latest + TOLERANCE).contains(&server) {
            return None;
        }
        let ahead = server - known.likely;
        let (relation, consequence) =
            if ahead > TimeDelta::zero() { ("ahead of", "late") } else { ("behind", "early") };
        let seconds = (ahead.abs() + TimeDelta::milliseconds(500)).num_seconds();
        let message = format!(
            "the clock here is about {seconds} s {relation} the server's, so what was to happen \"in\" a while from now \
             happens that much too {consequence}: set the clock, or say the time itself; delays of this client's next \
             calls count by the server's clock"
        );
        let warning = ClientWarning::clock_skew(ahead.num_milliseconds(), message);
        call.warn(&warning);
        Some(warning)
    }
}
