//! Calls of one run that is there.

use super::operation::Operation;
use super::run_ref::RunRef;
use crate::api::{Delete, Get, Trigger, TriggerRunResult, Update};
use crate::error::Error;
use crate::model::{ClientWarning, RunId, ScheduledRun, Warned};
use crate::time::TriggerTime;
use crate::transport::Platform;

impl<P: Platform> Operation<'_, P> {
    pub(crate) async fn get(&self, id: RunId) -> Result<ScheduledRun, Error> {
        let run = self.call.send(&Get { id }).await.map_err(may_have_fired)?;
        self.remember(&run);
        Ok(run)
    }

    pub(crate) async fn update(&self, run: RunRef, trigger_at: &TriggerTime) -> Result<Warned, Error> {
        let (trigger_at, _) = self.resolve(trigger_at).map_err(|invalid| invalid.under("triggerAt").under("change"))?;
        let due = self.due_time(run);
        let moved = self.call.send(&Update { id: run.id, trigger_at }).await.map_err(may_have_fired)?;
        let warnings = self.late_change(run.id, due).into_iter().chain(self.clock_skew()).collect();
        self.remember(&moved);
        Ok(Warned { run: moved, warnings })
    }

    pub(crate) async fn delete(&self, run: RunRef) -> Result<Vec<ClientWarning>, Error> {
        let due = self.due_time(run);
        match self.call.send(&Delete { id: run.id }).await {
            Err(error) if !(error.is_not_found() && error.attempts() > 1) => return Err(may_have_fired(error)),
            _ => {}
        }
        self.forget(run.id);
        Ok(self.late_change(run.id, due).into_iter().collect())
    }

    pub(crate) async fn trigger(&self, id: RunId) -> Result<TriggerRunResult, Error> {
        let started = self.call.send(&Trigger { id }).await.map_err(|error| {
            if error.may_have_acted() {
                error.with_hint(
                    "The run may have started all the same, or be firing just now, which Hatchet answers with 500: `get` answers \
                     404 then",
                )
            } else {
                may_have_fired(error)
            }
        })?;
        self.forget(id);
        Ok(started)
    }
}

fn may_have_fired(error: Error) -> Error {
    if error.is_not_found() && error.hint().is_none() {
        error.with_hint("It may have fired: Hatchet deletes a scheduled run when it fires")
    } else {
        error
    }
}
