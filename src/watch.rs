//! What changes from now on, by polling and comparing two listings.
//!
//! Hatchet has no stream of scheduled runs. [`Watch`] reads the whole listing without gaps, compares it with the one
//! before, and looks again after a while: sooner when a run falls due, because it is gone then.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::call::{Call, CallOptions};
use crate::client::Client;
use crate::error::Error;
use crate::id::KeyMap;
use crate::model::ScheduledWorkflows;
use crate::operations::{Filter, ListQuery, OrderBy, OrderByField};
use crate::platform::Platform;
use crate::time::until;

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

/// Compares two listings. Removed runs come first, as they were listed before, then the others as they are listed now.
/// Pure.
pub fn diff(before: &[ScheduledWorkflows], now: &[ScheduledWorkflows]) -> Vec<Change> {
    let (mut places, mut after) = (KeyMap::default(), KeyMap::default());
    for (run, place) in before.iter().zip(0..) {
        places.insert(run.metadata.id, place);
    }
    for run in now {
        after.insert(run.metadata.id, 0);
    }
    let mut changes = Vec::new();
    for run in before {
        if after.get(run.metadata.id).is_none() {
            changes.push(Change::Removed(run.clone()));
        }
    }
    for run in now {
        let known = places.get(run.metadata.id);
        match known.and_then(|place| before.get(place as usize)) {
            None => changes.push(Change::Added(run.clone())),
            Some(known) if known.metadata != run.metadata || known.trigger_at != run.trigger_at => {
                changes.push(Change::Updated(run.clone()));
            }
            Some(_) => {}
        }
    }
    changes
}

/// How long to wait before the next look: the interval, or until just after the next run is due.
pub fn wait(interval: Duration, now: DateTime<Utc>, next_due: Option<DateTime<Utc>>) -> Duration {
    let until_due = next_due.map(|due| until(now, due) + AFTER_DUE);
    until_due.map_or(interval, |wait| wait.min(interval)).max(SHORTEST_WAIT.min(interval))
}

/// How to watch.
#[derive(Debug, Clone, Default)]
pub struct WatchOptions {
    /// As for any call.
    pub call: CallOptions,
    /// How long to wait between two looks; [`DEFAULT_INTERVAL`] where not given.
    pub interval: Option<Duration>,
    /// The runs that the caller knows of, as read before: the first look, made at once, then tells what differs from
    /// them. Without, the first look tells nothing.
    pub known: Option<Vec<ScheduledWorkflows>>,
}

/// Changes, look by look.
#[derive(Debug)]
pub struct Watch<P> {
    client: Client<P>,
    query: ListQuery,
    options: CallOptions,
    interval: Duration,
    known: Option<Vec<ScheduledWorkflows>>,
    looked: bool,
    failures: u32,
}

impl<P: Platform> Client<P> {
    /// What changes from now on, or from what the caller knows. Nothing is sent before the first change is asked for.
    pub fn watch(&self, filter: Filter, options: WatchOptions) -> Watch<P> {
        let order = OrderBy { field: Some(OrderByField::CreatedAt), direction: None };
        Watch {
            client: self.clone(),
            query: ListQuery { filter, order, ..ListQuery::default() },
            options: options.call,
            interval: options.interval.unwrap_or(DEFAULT_INTERVAL),
            known: options.known,
            looked: false,
            failures: 0,
        }
    }
}

impl<P: Platform> Watch<P> {
    /// Waits for the next changes; never empty. Failures that may pass are waited out, with backoff; observers are told
    /// of them, and of how long the wait is.
    ///
    /// # Errors
    /// Failures that will not pass by themselves (refused arguments, 4xx), and the end that the caller made.
    pub async fn next_changes(&mut self) -> Result<Vec<Change>, Error> {
        let Self { client, query, options, interval, known, looked, failures } = self;
        let next = async |call: &Call<'_, P>| {
            loop {
                if *looked && *failures == 0 {
                    let now = call.now();
                    let mut next_due = None;
                    for run in known.iter().flatten() {
                        if run.trigger_at > now && next_due.is_none_or(|due| run.trigger_at < due) {
                            next_due = Some(run.trigger_at);
                        }
                    }
                    call.sleep(wait(*interval, now, next_due)).await?;
                }
                let backoff = interval.saturating_mul(2 << (*failures).min(10));
                let backoff = backoff.min(LONGEST_BACKOFF.max(*interval));
                call.again_after.set(Some(backoff));
                let runs = match look(call, query).await {
                    Ok(runs) => runs,
                    Err(error) if error.is_retryable() => {
                        *failures += 1;
                        call.sleep(backoff).await?;
                        continue;
                    }
                    Err(error) => return Err(error),
                };
                *failures = 0;
                *looked = true;
                let changes = known.as_ref().map(|known| diff(known, &runs)).unwrap_or_default();
                *known = Some(runs);
                if !changes.is_empty() {
                    return Ok(changes);
                }
            }
        };
        client.call("watch", options, next).await
    }
}

async fn look<P: Platform>(call: &Call<'_, P>, query: &mut ListQuery) -> Result<Vec<ScheduledWorkflows>, Error> {
    query.check().map_err(|invalid| invalid.under("query"))?;
    let workflow_id = call.workflow_id(&query.filter).await?;
    call.every_run(query, workflow_id.as_deref()).await
}
