//! Delays: from when they count, and what is told when that was a wrong time.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::operation::Operation;
use crate::model::ClientWarning;
use crate::time::TriggerTime;
use crate::transport::Platform;
use crate::value::Invalid;

/// When a call began, by each clock. All of its delays count from there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    moment: Duration,
    wall: DateTime<Utc>,
    /// The time on the server, as far as it was known then.
    server: DateTime<Utc>,
}

/// The most that a delay may be off and not be told.
const TOLERANCE: TimeDelta = TimeDelta::seconds(3);

impl<P: Platform> Operation<'_, P> {
    /// The instant that is meant, and where a delay was said, how long that is.
    pub(super) fn resolve(&self, time: &TriggerTime) -> Result<(DateTime<Utc>, Option<TimeDelta>), Invalid> {
        let zones = &self.call.connection.platform;
        let TriggerTime::In(_) = time else { return Ok((time.resolve(DateTime::UNIX_EPOCH, zones)?, None)) };
        let start = self.start();
        let at = time.resolve(start.server, zones)?;
        Ok((at, Some(at - start.server)))
    }

    fn start(&self) -> Start {
        self.start.get().unwrap_or_else(|| {
            let platform = &self.call.connection.platform;
            let (moment, wall) = (platform.monotonic(), platform.now());
            let start = Start { moment, wall, server: self.call.server_time_at(moment, wall).likely };
            self.start.set(Some(start));
            start
        })
    }

    /// Says that delays of this call were counted from a wrong time, where an answer has shown that since; observers are
    /// told of it, too.
    pub(super) fn clock_skew(&self) -> Option<ClientWarning> {
        let Start { moment, wall, server } = self.start.get()?;
        let known = self.call.server_time_at(moment, wall);
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
        self.call.warn(&warning);
        Some(warning)
    }
}
