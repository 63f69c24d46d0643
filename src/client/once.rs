//! Creating a run once, by its idempotency key.
//!
//! Hatchet has no idempotency of its own for scheduled runs. The key is kept in the run's metadata under
//! `idempotencyKey`, percent-encoded so that the server's `key:value` filter can find it. A create with a key
//!
//! 1. looks for a pending run of the same workflow with that key, and answers it if it is there;
//! 2. creates the run, and when an attempt's fate is unknown looks again before it tries again;
//! 3. looks once more afterwards: of several runs with the key (two writers at the same instant can both win) the
//!    oldest stays, and the others are deleted while they still can be.
//!
//! What cannot be known: a run that fired has no row any more, so a repeat after firing makes a new run. And a lost
//! attempt that reaches the server only after the last look stays.

use std::cell::Cell;

use chrono::{DateTime, Utc};
use futures_util::future::LocalBoxFuture;

use super::operation::Operation;
use crate::api::{Create, Delete, Filter, IDEMPOTENCY_KEY, ListQuery, OrderBy};
use crate::error::Error;
use crate::model::{ClientWarning, Head, MetadataFilter, RunId, ScheduledRun, Warned};
use crate::time::to_wire;
use crate::transport::Platform;

impl<P: Platform> Operation<'_, P> {
    /// Creates the run unless one with its key is there.
    pub(super) async fn create_once(&self, create: &Create, key: &str) -> Result<Warned, Error> {
        if let Some(run) = self.settle(create, key).await? {
            return Ok(self.found(create, run));
        }
        let found = Cell::new(None);
        let look = || -> LocalBoxFuture<'_, Result<(), Error>> {
            Box::pin(async {
                match self.settle(create, key).await? {
                    None => Ok(()),
                    run => {
                        found.set(run);
                        Err(Error::aborted())
                    }
                }
            })
        };
        let sent = self.call.send_looking(create, &look).await;
        let created = match (sent, found.take()) {
            (_, Some(run)) => return Ok(self.found(create, run)),
            (Ok(run), None) => run,
            (Err(error), None) if error.is_aborted() || !error.is_retryable() => return Err(error),
            // The fate of the last attempt can still be told.
            (Err(error), None) => {
                return match self.settle(create, key).await {
                    Ok(Some(run)) => Ok(self.found(create, run)),
                    _ => Err(error.with_hint(
                        "The run may have been created all the same: call again with the same idempotencyKey",
                    )),
                };
            }
        };
        // The run is there: whether a rival is, too, must not make the call fail.
        match self.settle(create, key).await {
            Ok(Some(run)) if run.metadata.id != created.metadata.id => Ok(self.found(create, run)),
            _ => Ok(Warned { run: created, warnings: Vec::new() }),
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

    /// The oldest pending run with the key; younger ones are deleted.
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
        let oldest = (0..runs.len()).min_by_key(|place| runs.get(*place).map(|run| age(run)));
        let oldest = oldest.map(|place| runs.swap_remove(place));
        for rival in runs {
            match self.call.send(&Delete { id: rival.metadata.id }).await {
                Err(error) if !error.is_not_found() => return Err(error),
                _ => {}
            }
        }
        Ok(oldest)
    }
}

/// Less for the older of two runs.
fn age(run: &Head) -> (DateTime<Utc>, RunId) {
    (run.metadata.created_at, run.metadata.id)
}
