//! Creating a run once, by its idempotency key, and what becomes of a run that is there with it.
//!
//! Hatchet has no idempotency of its own for scheduled runs. The key is kept in the run's metadata under
//! `idempotencyKey`, percent-encoded so that the server's `key:value` filter can find it. A create with a key
//!
//! 1. looks for a pending run of the same workflow with that key: it is answered as it is, or moved, or replaced;
//! 2. creates the run, and when an attempt's fate is unknown looks again before it tries again;
//! 3. looks once more afterwards: of several runs with the key (two writers at the same instant can both win) one
//!    stays, and the others are deleted while they still can be.
//!
//! A run that replaces another is made first, and names it in its metadata. Of the runs with a key, those that another
//! one replaces give way, and of the rest the oldest stays. So whoever looks comes to the same end, also where the one
//! who replaced was cut short: there is never none, and two only until somebody has looked.
//!
//! What cannot be known: a run that fired has no row any more, so a call after firing makes a new run. An attempt of
//! unknown fate is therefore not repeated once its run may have fired. And a lost attempt that reaches the server only
//! after the last look stays.

use std::cell::Cell;

use chrono::{DateTime, Utc};
use futures_util::future::LocalBoxFuture;

use super::operation::Operation;
use crate::api::{Create, Delete, Filter, IDEMPOTENCY_KEY, ListQuery, OnExisting, OrderBy, REPLACES_KEY, Update};
use crate::error::Error;
use crate::model::{ClientWarning, Head, MetadataFilter, Method, RunId, ScheduledRun, Warned};
use crate::time::to_wire;
use crate::transport::Platform;
use crate::value::Invalid;

/// How often a run is replaced anew when a rival has put another in its place meanwhile.
const ROUNDS: usize = 4;

/// A run with the key, and whether it was made just now.
enum Kept {
    Made(ScheduledRun),
    Found(ScheduledRun),
}

impl<P: Platform> Operation<'_, P> {
    /// Creates the run unless one with its key is there.
    pub(super) async fn create_once(&self, create: &Create, key: &str) -> Result<Warned, Error> {
        let mut kept = match self.settle(create, key).await? {
            Some(run) => Kept::Found(run),
            None => self.make(create, key, None).await?,
        };
        let mut late = None;
        for _ in 0..ROUNDS {
            let run = match kept {
                Kept::Made(run) => return Ok(Warned { run, warnings: late.into_iter().collect() }),
                Kept::Found(run) => run,
            };
            kept = match create.on_existing() {
                OnExisting::Move if run.trigger_at != create.trigger_at() => match self.shift(create, &run).await? {
                    Some((moved, warning)) => {
                        let Warned { run, warnings } = self.found(create, moved);
                        return Ok(Warned { run, warnings: warning.into_iter().chain(warnings).collect() });
                    }
                    // It fired, so the key is free.
                    None => self.make(create, key, None).await?,
                },
                OnExisting::Replace if !create.differences(&run).is_empty() => {
                    let made = self.make(&create.replacing(run.metadata.id), key, Some(&run)).await?;
                    late = self.late_change(run.metadata.id, Some(run.trigger_at));
                    self.forget(run.metadata.id);
                    made
                }
                _ => return Ok(self.found(create, run)),
            };
        }
        match kept {
            Kept::Made(run) => Ok(Warned { run, warnings: late.into_iter().collect() }),
            Kept::Found(run) => Ok(self.found(create, run)),
        }
    }

    /// Creates a run with the key, in the place of another where there is one, looking before each repeat whether it is there.
    async fn make(&self, create: &Create, key: &str, replaced: Option<&ScheduledRun>) -> Result<Kept, Error> {
        if replaced.is_some_and(|run| run.method != Method::Api) {
            return Err(made_in_code());
        }
        let replaced = replaced.map(|run| run.metadata.id);
        let is_new = |run: &ScheduledRun| Some(run.metadata.id) != replaced;
        let found = Cell::new(None);
        let (found, is_new) = (&found, &is_new);
        let look = |error: Error| -> LocalBoxFuture<'_, Result<(), Error>> {
            Box::pin(async move {
                match self.settle(create, key).await?.filter(is_new) {
                    None if error.may_have_acted() && self.may_have_fired(create) => Err(error),
                    None => Ok(()),
                    run => {
                        found.set(run);
                        Err(Error::aborted())
                    }
                }
            })
        };
        let sent = self.call.send_looking(create, &look).await;
        let made = match (sent, found.take()) {
            (_, Some(run)) => return Ok(self.kept(create, run)),
            (Ok(run), None) => run,
            (Err(error), None) if error.is_aborted() || !error.is_retryable() => return Err(error),
            // The fate of the last attempt can still be told.
            (Err(error), None) => {
                return match self.settle(create, key).await {
                    Ok(Some(run)) if is_new(&run) => Ok(self.kept(create, run)),
                    _ if self.may_have_fired(create) => Err(error.with_hint(
                        "The run may have been created all the same, and have fired, so that its key is free: look for it among \
                         the runs that started before calling again",
                    )),
                    _ => Err(error.with_hint(
                        "The run may have been created all the same: call again with the same idempotencyKey",
                    )),
                };
            }
        };
        match self.settle(create, key).await {
            Ok(Some(run)) if run.metadata.id != made.metadata.id => Ok(Kept::Found(run)),
            // That the other one could not be deleted has to be told.
            Err(error) if replaced.is_some() => Err(error.with_attempts_of(true, true).with_hint(format!(
                "The new run {} is there, and the one that it replaces may be, too: call again with the same idempotencyKey",
                made.metadata.id
            ))),
            // The run is there: whether a rival is, too, must not make the call fail.
            _ => Ok(Kept::Made(made)),
        }
    }

    /// Whether a run that was asked for may have fired since, and so be looked for in vain.
    fn may_have_fired(&self, create: &Create) -> bool {
        create.trigger_at() <= self.call.server_time().latest
    }

    /// A run that was found after an attempt of unknown fate: most likely that attempt's.
    fn kept(&self, create: &Create, run: ScheduledRun) -> Kept {
        if create.differences(&run).is_empty() { Kept::Made(run) } else { Kept::Found(run) }
    }

    /// Moves a run that is there to the time that is asked for; `None` where it is there no more.
    async fn shift(
        &self,
        create: &Create,
        run: &ScheduledRun,
    ) -> Result<Option<(ScheduledRun, Option<ClientWarning>)>, Error> {
        let id = run.metadata.id;
        match self.call.send(&Update { id, trigger_at: create.trigger_at() }).await {
            Ok(moved) => Ok(Some((moved, self.late_change(id, Some(run.trigger_at))))),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A run that was there, with what should be known where it is not what was asked for; observers are told of it, too.
    fn found(&self, create: &Create, run: ScheduledRun) -> Warned {
        let differs = create.differences(&run);
        if differs.is_empty() {
            return Warned { run, warnings: Vec::new() };
        }
        let time = if differs.contains(&"triggerAt") {
            format!(" (it fires at {}, not at {})", to_wire(run.trigger_at), to_wire(create.trigger_at()))
        } else {
            String::new()
        };
        let message = format!(
            "a run with this key is there already, and differs from what was asked in {}{time}; it stays as it is: change \
             it, or use another key",
            differs.join(", ")
        );
        let warning = ClientWarning::key_reuse(run.metadata.id, differs, message);
        self.call.warn(&warning);
        Warned { run, warnings: vec![warning] }
    }

    /// The pending run with the key that stays; the others are deleted.
    async fn settle(&self, create: &Create, key: &str) -> Result<Option<ScheduledRun>, Error> {
        let mut query = ListQuery {
            filter: Filter {
                additional_metadata: MetadataFilter::from([(IDEMPOTENCY_KEY.to_owned(), key.into())]),
                ..Filter::default()
            },
            order: OrderBy::created(),
            ..ListQuery::default()
        };
        let runs = self.every_run(&mut query, None).await?;
        let mut runs: Vec<ScheduledRun> =
            runs.iter().filter(|run| run.workflow_name() == create.workflow_name).collect();
        let stays = staying(&runs).map(|place| runs.swap_remove(place));
        for other in runs {
            match self.call.send(&Delete { id: other.metadata.id }).await {
                Err(error) if !error.is_not_found() => return Err(error),
                _ => {}
            }
        }
        Ok(stays)
    }
}

/// The place of the run that stays, of those with one key: the oldest that no other one replaces.
fn staying(runs: &[ScheduledRun]) -> Option<usize> {
    let replaced: Vec<String> = runs.iter().filter_map(replaces).collect();
    let gives_way = |run: &ScheduledRun| replaced.contains(&run.metadata.id.to_string());
    (0..runs.len()).min_by_key(|place| runs.get(*place).map(|run| (gives_way(run), age(run))))
}

/// The id of the run in whose place this one is.
fn replaces(run: &ScheduledRun) -> Option<String> {
    run.value().get("additionalMetadata")?.get(REPLACES_KEY)?.as_text()
}

/// Less for the older of two runs.
fn age(run: &Head) -> (DateTime<Utc>, RunId) {
    (run.metadata.created_at, run.metadata.id)
}

/// A run that was made in code holds the key: the server would refuse to delete it.
fn made_in_code() -> Error {
    Error::from(Invalid::new(
        "run.onExisting",
        "cannot replace the run that has this key, as it was made in code (method DEFAULT), and the server does not delete such \
         runs; use another key, or \"move\"",
    ))
}
