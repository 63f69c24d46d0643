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

use crate::call::Call;
use crate::error::Error;
use crate::model::ScheduledWorkflows;
use crate::operations::IDEMPOTENCY_KEY;
use crate::operations::{Create, Delete, Filter, ListQuery, RunId};
use crate::platform::Platform;

impl<P: Platform> Call<'_, P> {
    /// Creates the run unless one with its key is there.
    pub(crate) async fn create_once(&self, create: &Create, key: &str) -> Result<ScheduledWorkflows, Error> {
        if let Some(run) = self.settle(create, key).await? {
            return Ok(run);
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
        let sent = self.send_looking(create, &look).await;
        let created = match (sent, found.take()) {
            (_, Some(run)) => return Ok(run),
            (Ok(run), None) => run,
            (Err(error), None) if error.is_aborted() || !error.is_retryable() => return Err(error),
            // The fate of the last attempt can still be told.
            (Err(error), None) => {
                return match self.settle(create, key).await {
                    Ok(Some(run)) => Ok(run),
                    _ => Err(error.with_hint(
                        "The run may have been created all the same: call again with the same idempotencyKey",
                    )),
                };
            }
        };
        // The run is there: whether a rival is, too, must not make the call fail.
        match self.settle(create, key).await {
            Ok(Some(run)) => Ok(run),
            _ => Ok(created),
        }
    }

    /// The oldest pending run with the key; younger ones are deleted.
    async fn settle(&self, create: &Create, key: &str) -> Result<Option<ScheduledWorkflows>, Error> {
        let mut query = ListQuery {
            filter: Filter { additional_metadata: vec![(IDEMPOTENCY_KEY.to_owned(), key.into())], ..Filter::default() },
            ..ListQuery::default()
        };
        let mut runs = self.every_run(&mut query, None).await?;
        runs.retain(|run| run.workflow_name == create.workflow_name);
        let mut oldest: Option<usize> = None;
        for (place, run) in runs.iter().enumerate() {
            if oldest.and_then(|oldest| runs.get(oldest)).is_none_or(|oldest| age(run) < age(oldest)) {
                oldest = Some(place);
            }
        }
        let oldest = oldest.map(|place| runs.swap_remove(place));
        for rival in runs {
            match self.send(&Delete { id: rival.metadata.id }).await {
                Err(error) if !error.is_not_found() => return Err(error),
                _ => {}
            }
        }
        Ok(oldest)
    }
}

/// Less for the older of two runs.
fn age(run: &ScheduledWorkflows) -> (DateTime<Utc>, RunId) {
    (run.metadata.created_at, run.metadata.id)
}
