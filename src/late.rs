//! Changes that come too late: within seconds of a run's time the engine may fire it as it was.
//!
//! The engine polls every 5 s and arms timers for what falls due in the next 5 s. A change of an armed run is answered
//! with 200 or 204, and lost. So a change within [`LATE_CHANGE_WINDOW`](crate::time::LATE_CHANGE_WINDOW) of the run's
//! time is told as a warning. The time is known when the caller gives the run itself, or when this client has seen the
//! run before.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use crate::call::{Call, CallOptions};
use crate::client::{Client, Updated};
use crate::error::Error;
use crate::id;
use crate::model::{ClientWarning, ScheduledWorkflows, WarningCode};
use crate::operations::{Get, RunId};
use crate::platform::Platform;
use crate::time::is_late_change;

/// How many runs' times a client remembers.
const REMEMBERED: usize = 100_000;

/// A run to change: its id, and its time where the caller knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRef {
    /// Which run.
    pub id: RunId,
    /// When it is due, as far as the caller knows.
    pub trigger_at: Option<DateTime<Utc>>,
}

impl From<RunId> for RunRef {
    fn from(id: RunId) -> Self {
        Self { id, trigger_at: None }
    }
}

/// What became of a late update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// The run is still there: the engine did not fire it at its old time.
    Held,
    /// The run is gone before its new time: the engine fired it at its old time, or somebody deleted it.
    Lost,
    /// The run is gone, and its new time is past: nobody can tell which time it fired at.
    Unknown,
}

impl Confirmation {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Lost => "lost",
            Self::Unknown => "unknown",
        }
    }
}

/// How long after a run's old time the engine has surely fired it if it was going to: it polls every 5 s.
const SETTLED_AFTER: TimeDelta = TimeDelta::seconds(6);

impl<P: Platform> Client<P> {
    /// Whether a late update held: waits until 6 s after the run's old time, then looks the run up.
    ///
    /// A late *delete* cannot be confirmed: the run's row is gone either way.
    ///
    /// # Errors
    /// As `get`; that the run is not there is no error here.
    pub async fn confirm(&self, updated: &Updated, options: &CallOptions) -> Result<Confirmation, Error> {
        let call = Call::new(self, "confirm", options)?;
        let id = RunId::parse(&updated.run.metadata.id)
            .map_err(|invalid| call.refuse(invalid.under("id").under("metadata").under("updated")))?;
        let settled = updated.warnings.iter().filter_map(|warning| warning.due_at).max().map(|due| due + SETTLED_AFTER);
        if let Some(wait) = settled.and_then(|settled| (settled - call.now()).to_std().ok()) {
            call.sleep(wait).await?;
        }
        match call.send(&Get { id }).await {
            Ok(_) => Ok(Confirmation::Held),
            Err(error) if error.is_not_found() && call.now() < updated.run.trigger_at => Ok(Confirmation::Lost),
            Err(error) if error.is_not_found() => Ok(Confirmation::Unknown),
            Err(error) => Err(error),
        }
    }
}

/// When the runs are due that this client has seen; the oldest are forgotten first.
#[derive(Debug, Default)]
pub(crate) struct DueTimes {
    times: HashMap<u128, DateTime<Utc>>,
    seen: VecDeque<u128>,
}

impl DueTimes {
    fn remember(&mut self, key: u128, due: DateTime<Utc>) {
        if self.times.insert(key, due).is_none() {
            self.seen.push_back(key);
        }
        while self.seen.len() > REMEMBERED {
            if let Some(oldest) = self.seen.pop_front() {
                self.times.remove(&oldest);
            }
        }
    }
}

impl<P: Platform> Call<'_, P> {
    /// Remembers when a run is due.
    pub(crate) fn remember(&self, run: &ScheduledWorkflows) {
        self.remember_due(&run.metadata.id, run.trigger_at);
    }

    /// Remembers when a run is due.
    pub(crate) fn remember_due(&self, id: &str, due: DateTime<Utc>) {
        if let Some(key) = id::key(id) {
            self.client.due().borrow_mut().remember(key, due);
        }
    }

    /// Forgets a run that is gone.
    pub(crate) fn forget(&self, id: &RunId) {
        if let Some(key) = id::key(id.as_str()) {
            self.client.due().borrow_mut().times.remove(&key);
        }
    }

    /// When a run is due, as far as is known. What the caller gave may be older than what this client saw last.
    pub(crate) fn due_time(&self, run: &RunRef) -> Option<DateTime<Utc>> {
        let seen = id::key(run.id.as_str()).and_then(|key| self.client.due().borrow().times.get(&key).copied());
        seen.or(run.trigger_at)
    }

    /// The warning that belongs to a change made just now of a run that was due then; observers are told of it, too.
    pub(crate) fn late_change(&self, id: &RunId, due: Option<DateTime<Utc>>) -> Option<ClientWarning> {
        let due = due.filter(|due| is_late_change(self.now(), *due))?;
        let warning = ClientWarning {
            code: WarningCode::LateChange,
            message: format!(
                "the run was due at {}, and changes less than 10 s before that may be lost: the engine may fire it as it \
                 was, though the server accepted the change",
                crate::time::to_wire(due)
            ),
            id: Some(id.as_str().to_owned()),
            due_at: Some(due),
        };
        self.warn(&warning);
        Some(warning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_of_due_times_is_bounded() {
        let mut due = DueTimes::default();
        for key in 0..REMEMBERED as u128 + 10 {
            due.remember(key, DateTime::UNIX_EPOCH);
            due.remember(key, DateTime::UNIX_EPOCH);
        }
        assert_eq!((due.times.len(), due.seen.len()), (REMEMBERED, REMEMBERED));
        assert!(!due.times.contains_key(&0));
    }
}
