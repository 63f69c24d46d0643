//! Changes that come too late: within seconds of a run's time the engine may fire it as it was.
//!
//! The engine polls every 5 s and arms timers for what falls due in the next 5 s. A change of an armed run is answered
//! with 200 or 204, and lost. So a change within [`LATE_CHANGE_WINDOW`](crate::time::LATE_CHANGE_WINDOW) of the run's
//! time is told as a warning. The time is known when the caller gives the run itself, or when this client has seen the
//! run before.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::operation::Operation;
use crate::api::Get;
use crate::error::Error;
use crate::model::{ClientWarning, Head, RunId};
use crate::time::{is_late_change, to_wire, until};
use crate::transport::{Platform, ServerTime};

/// What became of a late update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confirmation {
    /// The run is still there: the engine did not fire it at its old time.
    Held,
    /// The run is gone before its new time: the engine fired it at its old time, or somebody deleted it.
    Lost,
    /// Nobody can tell: the run is gone, and its new time is past; or it is there, and the server's clock cannot be seen.
    Unknown,
}

/// How long after a run's old time the engine has surely fired it if it was going to: it polls every 5 s.
const SETTLED_AFTER: Duration = Duration::from_secs(6);

impl<P: Platform> Operation<'_, P> {
    /// Whether a run that was `due` before it was moved so late has held.
    pub(crate) async fn confirm(&self, run: &Head, due: Option<DateTime<Utc>>) -> Result<Confirmation, Error> {
        let remaining = |now: ServerTime| {
            due.map_or(Duration::ZERO, |due| {
                (until(now.earliest, due) + SETTLED_AFTER).saturating_sub(until(due, now.earliest))
            })
        };
        loop {
            self.call.wait(remaining(self.call.server_time())).await?;
            let asked = self.call.server_time();
            match self.call.send(&Get { id: run.metadata.id }).await {
                Ok(_) if due.is_none() => return Ok(Confirmation::Held),
                Ok(_) if !self.call.server_time().seen => return Ok(Confirmation::Unknown),
                // The answer may have shown that the clock here is ahead.
                Ok(_) if asked.seen && remaining(asked).is_zero() => return Ok(Confirmation::Held),
                Ok(_) => {}
                Err(error) if error.is_not_found() => {
                    let early = self.call.server_time().latest < run.trigger_at;
                    return Ok(if early { Confirmation::Lost } else { Confirmation::Unknown });
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The warning that belongs to a change made just now of a run that was due then; observers are told of it, too.
    pub(super) fn late_change(&self, id: RunId, due: Option<DateTime<Utc>>) -> Option<ClientWarning> {
        let due_at = due.filter(|due| is_late_change(self.call.server_time().latest, *due))?;
        let message = format!(
            "the run was due at {}, and changes less than 10 s before that may be lost: the engine may fire it as it was, \
             though the server accepted the change",
            to_wire(due_at)
        );
        let warning = ClientWarning::late_change(id, due_at, message);
        self.call.warn(&warning);
        Some(warning)
    }
}
