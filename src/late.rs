//! Changes that come too late: within seconds of a run's time the engine may fire it as it was.
//!
//! The engine polls every 5 s and arms timers for what falls due in the next 5 s. A change of an armed run is answered
//! with 200 or 204, and lost. So a change within [`LATE_CHANGE_WINDOW`](crate::time::LATE_CHANGE_WINDOW) of the run's
//! time is told as a warning. The time is known when the caller gives the run itself, or when this client has seen the
//! run before.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::call::Call;
use crate::client::Updated;
use crate::error::Error;
use crate::id::KeyMap;
use crate::model::{ClientWarning, ScheduledWorkflows, WarningCode};
use crate::operations::{Get, RunId};
use crate::platform::Platform;
use crate::time::{is_late_change, until};

/// How many runs' times a client remembers at least; at most it is twice as many.
const REMEMBERED: usize = 100_000;

/// A run to change: its id, and its time where the caller knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
const SETTLED_AFTER: Duration = Duration::from_secs(6);

/// When the runs are due that this client has seen last, in microseconds; [`GONE`] for one that it knows to be gone.
#[derive(Debug, Default)]
pub(crate) struct DueTimes {
    recent: KeyMap,
    older: KeyMap,
}

/// No run is due then.
const GONE: i64 = i64::MIN;

impl DueTimes {
    fn remember(&mut self, id: RunId, due: i64) {
        if self.recent.len() >= REMEMBERED {
            self.older = std::mem::take(&mut self.recent);
        }
        self.recent.insert(id, due);
    }

    fn get(&self, id: RunId) -> Option<i64> {
        self.recent.get(id).or_else(|| self.older.get(id)).filter(|due| *due != GONE)
    }
}

impl<P: Platform> Call<'_, P> {
    pub(crate) async fn confirm(&self, updated: &Updated) -> Result<Confirmation, Error> {
        if let Some(due) = updated.warnings.iter().map(|warning| warning.due_at).max() {
            let now = self.now();
            self.sleep((until(now, due) + SETTLED_AFTER).saturating_sub(until(due, now))).await?;
        }
        match self.send(&Get { id: updated.run.metadata.id }).await {
            Ok(_) => Ok(Confirmation::Held),
            Err(error) if error.is_not_found() && self.now() < updated.run.trigger_at => Ok(Confirmation::Lost),
            Err(error) if error.is_not_found() => Ok(Confirmation::Unknown),
            Err(error) => Err(error),
        }
    }

    /// Remembers when a run is due.
    pub(crate) fn remember(&self, run: &ScheduledWorkflows) {
        self.remember_due(run.metadata.id, run.trigger_at);
    }

    /// Remembers when a run is due.
    pub(crate) fn remember_due(&self, id: RunId, due: DateTime<Utc>) {
        self.client.due().borrow_mut().remember(id, due.timestamp_micros());
    }

    /// Forgets a run that is gone.
    pub(crate) fn forget(&self, id: RunId) {
        self.client.due().borrow_mut().remember(id, GONE);
    }

    /// When a run is due, as far as is known. What the caller gave may be older than what this client saw last.
    pub(crate) fn due_time(&self, run: RunRef) -> Option<DateTime<Utc>> {
        let seen = self.client.due().borrow().get(run.id);
        seen.and_then(DateTime::from_timestamp_micros).or(run.trigger_at)
    }

    /// The warning that belongs to a change made just now of a run that was due then; observers are told of it, too.
    pub(crate) fn late_change(&self, id: RunId, due: Option<DateTime<Utc>>) -> Option<ClientWarning> {
        let due_at = due.filter(|due| is_late_change(self.now(), *due))?;
        let message = format!(
            "the run was due at {}, and changes less than 10 s before that may be lost: the engine may fire it as it was, \
             though the server accepted the change",
            crate::time::to_wire(due_at)
        );
        let warning = ClientWarning { code: WarningCode::LateChange, message, id, due_at };
        self.warn(&warning);
        Some(warning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_of_due_times_is_bounded() {
        let id = |number: usize| RunId::parse(&format!("00000000-0000-4000-8000-{number:012x}")).unwrap();
        let mut due = DueTimes::default();
        for number in 0..2 * REMEMBERED + 10 {
            due.remember(id(number), 7);
            due.remember(id(number), 8);
        }
        assert!(due.recent.len() <= REMEMBERED && due.older.len() <= REMEMBERED);
        assert_eq!(due.get(id(0)), None);
        assert!((REMEMBERED + 10..2 * REMEMBERED + 10).all(|number| due.get(id(number)) == Some(8)));
        due.remember(id(2 * REMEMBERED), GONE);
        assert_eq!(due.get(id(2 * REMEMBERED)), None, "what is gone is not due");
    }
}
