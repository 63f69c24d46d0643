//! `bulkDelete` and `bulkUpdate`: changes of runs that are there, a chunk of them in each request.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{DateTime, Utc};
use futures_util::future::LocalBoxFuture;
use serde::Deserialize;

use super::ledger::{Fate, Ledger, Settled, all};
use super::{BulkOptions, CHUNK};
use crate::api::{BulkDelete, BulkUpdate, Filter, Get, ListQuery, NewTriggerAt, OrderBy};
use crate::client::operation::Operation;
use crate::client::run_ref::RunRef;
use crate::error::{Error, ErrorKind};
use crate::model::{BulkChanged, BulkDone, BulkItemError, Method, RunId};
use crate::time::TriggerTime;
use crate::transport::{Answer, Platform};
use crate::value::Invalid;

/// Which runs to delete. "All" has to be said: no filter is empty by accident.
#[derive(Debug, Clone)]
pub enum Selection {
    /// These runs.
    Runs(Vec<RunRef>),
    /// Every run of the tenant.
    All,
    /// The runs that match; at least one condition.
    Filter(Filter),
}

/// A new time for a run.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewTime {
    /// The run.
    #[serde(rename = "id")]
    pub run: RunRef,
    /// When it is to fire.
    pub trigger_at: TriggerTime,
}

const MADE_IN_CODE: &str = "left out: the run was made in code (method DEFAULT), and the server deletes only runs that \
                            were made through the API";

const MADE_OTHERWISE: &str = "left out: the run was made in a way that this client does not know (its method is new), so \
                              it is deleted by its id only";

/// What is to be done to a run.
#[derive(Debug, Clone, Copy)]
struct Change {
    run: RunRef,
    /// Its new time; `None` when it is to be deleted.
    to: Option<DateTime<Utc>>,
    /// Where it stood first in the caller's input.
    place: usize,
}

/// The changes without duplicates.
fn plan(wanted: Vec<(RunRef, Option<DateTime<Utc>>)>) -> Result<Vec<Change>, Invalid> {
    let mut first = HashMap::with_capacity(wanted.len());
    let mut changes: Vec<Change> = Vec::with_capacity(wanted.len());
    for (place, (run, to)) in wanted.into_iter().enumerate() {
        match first.get(&run.id).and_then(|known: &usize| changes.get_mut(*known)) {
            None => {
                first.insert(run.id, changes.len());
                changes.push(Change { run, to, place });
            }
            // Only one of them may know when the run is due.
            Some(known) if known.to == to => known.run.trigger_at = known.run.trigger_at.or(run.trigger_at),
            Some(known) => {
                return Err(Invalid::new(
                    format!("updates[{place}].triggerAt"),
                    format!(
                        "differs from updates[{}].triggerAt for the same run, and either may win on the server; keep one",
                        known.place
                    ),
                ));
            }
        }
    }
    Ok(changes)
}

impl<P: Platform> Operation<'_, P> {
    pub(crate) async fn bulk_delete(&self, selection: Selection, options: &BulkOptions) -> Result<BulkDone, Error> {
        let concurrency = options.concurrency(true)?;
        let mut left_out = Vec::new();
        let runs = self.select(selection, &mut left_out).await?;
        let changes = plan(runs.into_iter().map(|run| (run, None)).collect())?;
        if options.dry_run {
            let ids = changes.iter().map(|change| change.run.id).collect();
            return Ok(BulkDone::Deleted(BulkChanged { ids, errors: left_out, warnings: Vec::new() }));
        }
        self.change(&changes, left_out, concurrency, options).await
    }

    pub(crate) async fn bulk_update(&self, updates: Vec<NewTime>, options: &BulkOptions) -> Result<BulkDone, Error> {
        let concurrency = options.concurrency(false)?;
        let mut wanted = Vec::with_capacity(updates.len());
        for NewTime { run, trigger_at } in &updates {
            let to = self.resolve(trigger_at);
            let path = || format!("updates[{}]", wanted.len());
            let to = to.map_err(|invalid| invalid.under("triggerAt").under(&path()))?;
            wanted.push((*run, Some(to.0)));
        }
        self.change(&plan(wanted)?, Vec::new(), concurrency, options).await
    }

    /// The runs that are meant; `left_out` takes those that the server would refuse to delete.
    async fn select(&self, selection: Selection, left_out: &mut Vec<BulkItemError>) -> Result<Vec<RunRef>, Error> {
        let filter = match selection {
            Selection::Runs(runs) => return Ok(runs),
            Selection::All => Filter::default(),
            Selection::Filter(filter) if filter.is_empty() => {
                return Err(Error::from(Invalid::new(
                    "selection",
                    "holds no condition; give scheduledIds, at least one filter, or { all: true } for every run",
                )));
            }
            Selection::Filter(filter) => filter,
        };
        filter.check().map_err(|invalid| invalid.under("selection"))?;
        let workflow_id = self.workflow_id(&filter).await?;
        let mut query = ListQuery { filter, order: OrderBy::created(), ..ListQuery::default() };
        let mut runs = Vec::new();
        let found = self.every_run(&mut query, workflow_id.as_deref()).await?;
        for run in found.heads().map_err(Error::decode)? {
            let id = run.metadata.id;
            let mut leave_out =
                |why: &str| left_out.push(BulkItemError { id: Some(id), index: None, error: why.to_owned() });
            match run.method {
                Method::Default => leave_out(MADE_IN_CODE),
                Method::Other => leave_out(MADE_OTHERWISE),
                Method::Api => runs.push(RunRef { id, trigger_at: Some(run.trigger_at) }),
            }
        }
        Ok(runs)
    }

    async fn change(
        &self,
        changes: &[Change],
        left_out: Vec<BulkItemError>,
        concurrency: usize,
        options: &BulkOptions,
    ) -> Result<BulkDone, Error> {
        let mut ledger = Ledger::new(changes.len());
        let start = |range: Range<usize>| -> LocalBoxFuture<'_, Settled> {
            Box::pin(self.change_chunk(changes.get(range).unwrap_or_default(), concurrency))
        };
        let stop =
            ledger.run(CHUNK, concurrency, &self.call.options.cancel, options.on_progress.as_deref(), &start).await;

        let id = |item: usize| changes.get(item).map(|change| change.run.id);
        let deletes = self.call.operation == "bulkDelete";
        let mut done = BulkChanged { ids: Vec::new(), errors: ledger.errors(&id), warnings: Vec::new() };
        done.warnings.append(&mut ledger.warnings);
        done.warnings.extend(self.clock_skew());
        done.errors.extend(left_out);
        for (change, fate) in changes.iter().zip(&ledger.fates) {
            if let Fate::Done(_) = fate {
                done.ids.push(change.run.id);
                match change.to {
                    Some(to) => self.remember_due(change.run.id, to),
                    None => self.forget(change.run.id),
                }
            }
        }
        let done = if deletes { BulkDone::Deleted(done) } else { BulkDone::Updated(done) };
        let place = |item: usize| changes.get(item).map(|change| change.place).filter(|_| !deletes);
        ledger.conclude(self.call.operation, stop, done, &id, &place)
    }

    /// Changes some runs in one request, and settles what its answer, or the lack of one, leaves open.
    async fn change_chunk(&self, changes: &[Change], concurrency: usize) -> Settled {
        let answered = self.send_chunk(changes).await;
        let mut settled = match answered {
            Ok(Answer { value, attempts, .. }) => {
                let mut fates = told(changes, &value);
                let stop = self.settle_doubts(&mut fates, changes, attempts > 1, concurrency).await;
                Settled::new(fates, stop)
            }
            Err(error) => self.settle_failure(error, changes, concurrency).await,
        };
        // Lateness counts from when a chunk was answered, and the call may go on long after.
        for (change, fate) in changes.iter().zip(&settled.fates) {
            if let Fate::Done(_) = fate {
                settled.warnings.extend(self.late_change(change.run.id, self.due_time(change.run)));
            }
        }
        settled
    }

    async fn send_chunk(&self, changes: &[Change]) -> Result<Answer<BulkChanged>, Error> {
        let (mut ids, mut updates) = (Vec::new(), Vec::new());
        for Change { run: RunRef { id, .. }, to, .. } in changes {
            match to {
                Some(to) => updates.push(NewTriggerAt { id: *id, trigger_at: *to }),
                None => ids.push(*id),
            }
        }
        if updates.is_empty() {
            self.call.send_counted(&BulkDelete { ids }).await
        } else {
            self.call.send_counted(&BulkUpdate { updates }).await
        }
    }

    /// Looks up what the answer leaves open: runs that it does not tell of, and after a repeat those that it could not
    /// delete, because an earlier attempt may have deleted them.
    async fn settle_doubts(
        &self,
        fates: &mut [Fate],
        changes: &[Change],
        repeated: bool,
        concurrency: usize,
    ) -> Option<Error> {
        let mut doubts = Vec::new();
        let mut doubtful = Vec::new();
        for (place, (fate, change)) in fates.iter().zip(changes).enumerate() {
            if matches!(fate, Fate::Unknown) || repeated && change.to.is_none() && matches!(fate, Fate::Failed(_)) {
                doubts.push(place);
                doubtful.push(*change);
            }
        }
        let (looks, stop) = self.look_up(&doubtful, concurrency).await;
        for ((place, look), change) in doubts.into_iter().zip(looks).zip(doubtful) {
            let Some(fate) = fates.get_mut(place) else { continue };
            match look {
                Look::Unknown => *fate = Fate::Unknown,
                look if change.is_done(&look) => *fate = Fate::Done(None),
                look => {
                    if let Fate::Unknown = fate {
                        let what = if look == Look::Gone { "gone" } else { "as it was" };
                        *fate = Fate::Failed(["the server did not say, and the run is ", what].concat());
                    }
                }
            }
        }
        stop
    }

    /// Settles runs whose request failed: looks them up where that is called for.
    async fn settle_failure(&self, error: Error, changes: &[Change], concurrency: usize) -> Settled {
        let aftermath = aftermath(&error);
        let (fates, stops) = match aftermath {
            Aftermath::Leave => (all(changes.len(), || Fate::Unknown), true),
            Aftermath::Stop => (all(changes.len(), || Fate::Untried), true),
            Aftermath::LookUp | Aftermath::LookUpAndStop => {
                let (looks, stop) = self.look_up(changes, concurrency).await;
                let mut fates = Vec::with_capacity(changes.len());
                for (look, change) in looks.into_iter().zip(changes) {
                    fates.push(match look {
                        Look::Unknown => Fate::Unknown,
                        look if change.is_done(&look) => Fate::Done(None),
                        Look::Gone => Fate::Failed(format!("{error}; the run is gone: it fired, or it was deleted")),
                        // What got no answer may still be under way, and be done after this look.
                        Look::There(_) if aftermath == Aftermath::LookUpAndStop => Fate::Unknown,
                        Look::There(_) => Fate::Failed(error.to_string()),
                    });
                }
                (fates, stop.is_some() || aftermath == Aftermath::LookUpAndStop)
            }
        };
        Settled::new(fates, if stops { Some(error) } else { None })
    }

    /// Looks runs up, a few at a time. After a failure no more are asked for.
    async fn look_up(&self, changes: &[Change], concurrency: usize) -> (Vec<Look>, Option<Error>) {
        let start = |range: Range<usize>| -> LocalBoxFuture<'_, Settled> {
            Box::pin(async move {
                let Some(change) = changes.get(range.start) else { return Settled::new(Vec::new(), None) };
                let (fate, stop) = match self.call.send(&Get { id: change.run.id }).await {
                    Ok(run) => (Fate::Done(Some(run)), None),
                    Err(error) if error.is_not_found() => (Fate::Done(None), None),
                    Err(error) => (Fate::Unknown, Some(error)),
                };
                Settled::new(vec![fate], stop)
            })
        };
        let mut ledger = Ledger::new(changes.len());
        let stop = ledger.run(1, concurrency, &self.call.options.cancel, None, &start).await;
        let mut looks = Vec::with_capacity(changes.len());
        for fate in &ledger.fates {
            looks.push(match fate {
                Fate::Done(Some(run)) => Look::There(run.trigger_at),
                Fate::Done(None) => Look::Gone,
                _ => Look::Unknown,
            });
        }
        (looks, stop)
    }
}

/// What looking a run up told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// It is there, and due then.
    There(DateTime<Utc>),
    Gone,
    Unknown,
}

impl Change {
    /// Whether what was found after an attempt that may have acted is what this change makes: what is gone was most likely
    /// deleted by it.
    fn is_done(self, look: &Look) -> bool {
        match (look, self.to) {
            (Look::Gone, None) => true,
            (Look::There(at), Some(to)) => *at == to,
            _ => false,
        }
    }
}

/// What the server's answer says of each run; unknown where it says nothing.
fn told(changes: &[Change], answer: &BulkChanged) -> Vec<Fate> {
    // The place of an item's error; that of none where there is none.
    let mut said: HashMap<RunId, usize> = HashMap::with_capacity(changes.len());
    for (place, error) in answer.errors.iter().enumerate() {
        if let Some(id) = error.id {
            said.insert(id, place);
        }
    }
    for id in &answer.ids {
        said.insert(*id, usize::MAX);
    }
    let fate = |change: &Change| match said.get(&change.run.id).map(|place| answer.errors.get(*place)) {
        None => Fate::Unknown,
        Some(None) => Fate::Done(None),
        Some(Some(error)) => Fate::Failed(error.error.clone()),
    };
    changes.iter().map(fate).collect()
}

/// What a failed request for several runs calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aftermath {
    /// Nobody knows, and the caller wants no more requests.
    Leave,
    /// The server surely did not act, and would refuse the other chunks too.
    Stop,
    /// Look the runs up; the server answered, so the other chunks go on.
    LookUp,
    /// Look the runs up; an attempt got no answer, so the call ends.
    LookUpAndStop,
}

fn aftermath(error: &Error) -> Aftermath {
    match error.kind() {
        ErrorKind::Aborted if error.attempts() == 0 => Aftermath::Stop,
        ErrorKind::Aborted => Aftermath::Leave,
        ErrorKind::Api(refusal) if refusal.status == 408 || refusal.status >= 500 => Aftermath::LookUp,
        // Also where a later attempt was refused, or found no token.
        _ if error.may_have_acted() => Aftermath::LookUpAndStop,
        _ => Aftermath::Stop,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::error::Refusal;
    use crate::http::{Body, NoAnswer, Response};

    #[test]
    fn what_follows_a_failure_depends_on_what_the_server_may_have_done() {
        let api = |status| {
            let response = Response { status, headers: Vec::new(), body: Body::new("") };
            Error::refused(Refusal::new(response, DateTime::UNIX_EPOCH)).after(1)
        };
        let lost = Error::connection(NoAnswer { message: "reset".into(), cause: None, hint: None, unsent: None });
        assert_eq!(aftermath(&lost.with_attempts_of(true, true)), Aftermath::LookUpAndStop);
        assert_eq!(aftermath(&api(500)), Aftermath::LookUp);
        assert_eq!(aftermath(&api(403)), Aftermath::Stop);
        assert_eq!(aftermath(&api(429)), Aftermath::Stop);
        assert_eq!(aftermath(&api(403).with_attempts_of(true, true)), Aftermath::LookUpAndStop);
        let no_token = || Error::from(Invalid::new("token", "signed out"));
        assert_eq!(aftermath(&no_token()), Aftermath::Stop);
        assert_eq!(aftermath(&Error::timeout(Duration::from_secs(1), false)), Aftermath::Stop, "nothing was sent");
        assert_eq!(aftermath(&no_token().with_attempts_of(true, true)), Aftermath::LookUpAndStop);
        assert_eq!(aftermath(&Error::aborted().after(1)), Aftermath::Leave);
        assert_eq!(aftermath(&Error::aborted()), Aftermath::Stop);
    }
}
