//! What changes from now on, by polling and comparing two listings.
//!
//! Hatchet has no stream of scheduled runs. [`Watch`] reads the whole listing without gaps, compares it with the one
//! before, and looks again after a while: sooner when a run falls due, because it is gone then.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::call::{Call, CallOptions};
use crate::client::Client;
use crate::error::Error;
use crate::id;
use crate::model::ScheduledWorkflows;
use crate::operations::{Filter, ListQuery, OrderBy, OrderByField};
use crate::platform::Platform;

/// How long to wait between two looks, unless told otherwise.
pub const DEFAULT_INTERVAL: Duration = Duration::from_secs(5);
/// The shortest wait between two looks.
const SHORTEST_WAIT: Duration = Duration::from_millis(250);
/// A due run is looked for so long after its time, when the engine should have fired it.
const AFTER_DUE: Duration = Duration::from_millis(250);
/// The longest wait after failures.
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);

/// A difference between two looks.
#[derive(Debug, Clone)]
pub enum Change {
    /// The run was not there before.
    Added(ScheduledWorkflows),
    /// The run was moved or otherwise changed.
    Updated(ScheduledWorkflows),
    /// The run is gone: fired, or deleted. As it was seen last.
    Removed(ScheduledWorkflows),
}

/// Compares two listings. Removed runs come first, then the others in the listing's order. Pure.
pub fn diff(before: &mut HashMap<u128, ScheduledWorkflows>, now: Vec<ScheduledWorkflows>) -> Vec<Change> {
    let mut after = HashMap::with_capacity(now.len());
    let mut changes = Vec::new();
    for run in now {
        let key = id::key(&run.metadata.id).unwrap_or_default();
        match before.remove(&key) {
            None => changes.push(Change::Added(run.clone())),
            Some(known)
                if known.metadata.updated_at != run.metadata.updated_at || known.trigger_at != run.trigger_at =>
            {
                changes.push(Change::Updated(run.clone()));
            }
            Some(_) => {}
        }
        after.insert(key, run);
    }
    let mut removed: Vec<ScheduledWorkflows> = std::mem::replace(before, after).into_values().collect();
    removed.sort_unstable_by(|one, other| {
        one.trigger_at.cmp(&other.trigger_at).then_with(|| one.metadata.id.cmp(&other.metadata.id))
    });
    removed.into_iter().map(Change::Removed).chain(changes).collect()
}

/// How long to wait before the next look: the interval, or until just after the next run is due.
pub fn wait(interval: Duration, now: DateTime<Utc>, next_due: Option<DateTime<Utc>>) -> Duration {
    let until_due = next_due.and_then(|due| (due - now).to_std().ok()).map(|wait| wait + AFTER_DUE);
    until_due.map_or(interval, |wait| wait.min(interval)).max(SHORTEST_WAIT.min(interval))
}

/// Changes, look by look.
#[derive(Debug)]
pub struct Watch<P> {
    client: Client<P>,
    query: ListQuery,
    options: CallOptions,
    interval: Duration,
    known: Option<HashMap<u128, ScheduledWorkflows>>,
    failures: u32,
}

impl<P: Platform> Client<P> {
    /// What changes from now on. The first look sets what is known and yields nothing; nothing is sent before the first
    /// change is asked for.
    pub fn watch(&self, filter: Filter, interval: Option<Duration>, options: CallOptions) -> Watch<P> {
        let order = OrderBy { field: Some(OrderByField::CreatedAt), direction: None };
        Watch {
            client: self.clone(),
            query: ListQuery { filter, order, ..ListQuery::default() },
            options,
            interval: interval.unwrap_or(DEFAULT_INTERVAL),
            known: None,
            failures: 0,
        }
    }
}

impl<P: Platform> Watch<P> {
    /// Waits for the next changes; never empty. Failures that may pass are waited out, with backoff; observers are told
    /// of them.
    ///
    /// # Errors
    /// Failures that will not pass by themselves (refused arguments, 4xx), and the end that the caller made.
    pub async fn next_changes(&mut self) -> Result<Vec<Change>, Error> {
        let call = Call::new(&self.client, "watch", &self.options)?;
        loop {
            if let Some(known) = &self.known {
                let now = call.now();
                let next_due = known.values().map(|run| run.trigger_at).filter(|due| *due > now).min();
                call.sleep(self.pause(now, next_due)).await?;
            } else if self.failures > 0 {
                call.sleep(self.pause(call.now(), None)).await?;
            }
            let runs = match look(&call, &self.query).await {
                Ok(runs) => runs,
                Err(error) if error.is_retryable() => {
                    self.failures += 1;
                    continue;
                }
                Err(error) => return Err(error),
            };
            self.failures = 0;
            match &mut self.known {
                None => {
                    let mut known = HashMap::new();
                    diff(&mut known, runs);
                    self.known = Some(known);
                }
                Some(known) => {
                    let changes = diff(known, runs);
                    if !changes.is_empty() {
                        return Ok(changes);
                    }
                }
            }
        }
    }

    fn pause(&self, now: DateTime<Utc>, next_due: Option<DateTime<Utc>>) -> Duration {
        match self.failures {
            0 => wait(self.interval, now, next_due),
            failures => self.interval.saturating_mul(1 << failures.min(10)).min(LONGEST_BACKOFF.max(self.interval)),
        }
    }
}

async fn look<P: Platform>(call: &Call<'_, P>, query: &ListQuery) -> Result<Vec<ScheduledWorkflows>, Error> {
    query.check().map_err(|invalid| call.refuse(invalid.under("query")))?;
    let workflow_id = call.workflow_id(&query.filter).await?;
    call.every_run(query, workflow_id.as_deref()).await
}
