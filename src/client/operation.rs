//! What every call begins with: the client, and one operation of it.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use chrono::{DateTime, TimeDelta, Utc};

use super::delay::Delays;
use super::due::DueTimes;
use super::run_ref::RunRef;
use crate::error::Error;
use crate::model::{ClientWarning, Rows, RunId, ScheduledRun};
use crate::time::TriggerTime;
use crate::transport::{Call, CallOptions, Config, Connection, Platform, ServerClock};
use crate::value::Invalid;

/// A client of one tenant. Clones share everything.
pub struct Client<P>(Rc<Shared<P>>);

struct Shared<P> {
    connection: Connection<P>,
    due: RefCell<DueTimes>,
}

/// A call under way, and what its client remembers of runs.
pub(crate) struct Operation<'a, P> {
    pub(super) call: Call<'a, P>,
    delays: Delays,
    due: &'a RefCell<DueTimes>,
}

impl<P> Clone for Client<P> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<P> fmt::Debug for Client<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("config", &self.0.connection.config).finish_non_exhaustive()
    }
}

impl<P: Platform> Client<P> {
    /// A client; nothing is sent.
    pub fn new(platform: P, config: Config) -> Self {
        Self(Rc::new(Shared {
            connection: Connection { platform, config, clock: ServerClock::default(), told_readable: Cell::default() },
            due: RefCell::default(),
        }))
    }

    /// Begins an operation. Not inlined: every method begins so.
    ///
    /// # Errors
    /// Names the option that is out of range.
    #[inline(never)]
    pub(crate) fn operation<'a>(
        &'a self,
        name: &'static str,
        options: &'a CallOptions,
    ) -> Result<Operation<'a, P>, Error> {
        let Shared { connection, due } = &*self.0;
        let call = Call::new(connection, name, options).map_err(|error| error.in_operation(name))?;
        Ok(Operation { call, delays: Delays::default(), due })
    }
}

impl<P: Platform> Operation<'_, P> {
    /// Whatever fails is told as a failure of this operation.
    pub(crate) fn told<T>(&self, outcome: Result<T, Error>) -> Result<T, Error> {
        outcome.map_err(|error| error.in_operation(self.call.operation))
    }

    /// The instant that is meant, and where a delay was said, how long that is.
    pub(super) fn resolve(&self, time: &TriggerTime) -> Result<(DateTime<Utc>, Option<TimeDelta>), Invalid> {
        self.delays.resolve(time, &self.call)
    }

    /// Says that delays of this call were counted from a wrong time, where an answer has shown that since.
    pub(super) fn clock_skew(&self) -> Option<ClientWarning> {
        self.delays.clock_skew(&self.call)
    }

    /// Remembers when a run is due.
    pub(super) fn remember(&self, run: &ScheduledRun) {
        self.remember_due(run.metadata.id, run.trigger_at);
    }

    /// Remembers when runs are due.
    pub(super) fn remember_all(&self, rows: &Rows) {
        self.due.borrow_mut().remember_all(rows);
    }

    /// Remembers when a run is due.
    pub(super) fn remember_due(&self, id: RunId, due: DateTime<Utc>) {
        self.due.borrow_mut().remember(id, due.timestamp_micros());
    }

    /// Forgets a run that is gone.
    pub(super) fn forget(&self, id: RunId) {
        self.due.borrow_mut().forget(id);
    }

    /// When a run is due, as far as is known. What the caller gave may be older than what this client saw last.
    pub(super) fn due_time(&self, run: RunRef) -> Option<DateTime<Utc>> {
        let seen = self.due.borrow_mut().get(run.id);
        seen.and_then(DateTime::from_timestamp_micros).or(run.trigger_at)
    }
}
