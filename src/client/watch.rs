//! What changes from now on, by polling and comparing two listings.
//!
//! Hatchet has no stream of scheduled runs. [`Watch`] reads the whole listing without gaps, compares it with the one
//! before, and looks again after a while: sooner when a run falls due, because it is gone then.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::operation::{Client, Operation};
use crate::api::{Filter, ListQuery, OrderBy};
use crate::error::Error;
use crate::model::{Head, Rows, RunId, ScheduledRun};
use crate::time::until;
use crate::transport::{CallOptions, Platform};
use crate::value::Invalid;

/// How long to wait between two looks, unless told otherwise.
pub const DEFAULT_INTERVAL: Duration = Duration::from_secs(5);
/// The shortest wait between two looks.
const SHORTEST_WAIT: Duration = Duration::from_millis(250);
/// A due run is looked for so long after its time, when the engine should have fired it.
const AFTER_DUE: Duration = Duration::from_millis(250);
/// The longest wait after failures.
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);

/// A difference between two looks.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", content = "run", rename_all = "lowercase")]
pub enum Change {
    /// The run was not there before.
    Added(ScheduledRun),
    /// The run was moved or otherwise changed.
    Updated(ScheduledRun),
    /// The run is gone: fired, or deleted. As it was seen last.
    Removed(ScheduledRun),
}

/// Compares two listings. Removed runs come first, as they were listed before, then the others as they are listed now.
/// Pure.
///
/// # Errors
/// Says where an id or a time is none.
pub fn diff(before: &Rows, now: &Rows) -> Result<Vec<Change>, Invalid> {
    let places = |heads: &[Head]| -> HashMap<RunId, usize> {
        heads.iter().enumerate().map(|(place, run)| (run.metadata.id, place)).collect()
    };
    let (earlier, later) = (before.heads()?, now.heads()?);
    let (known, listed) = (places(earlier), places(later));
    let mut changes = Vec::new();
    for (place, run) in earlier.iter().enumerate() {
        if !listed.contains_key(&run.metadata.id) {
            changes.extend(before.get(place).map(Change::Removed));
        }
    }
    for (place, run) in later.iter().enumerate() {
        match known.get(&run.metadata.id).and_then(|place| earlier.get(*place)) {
            None => changes.extend(now.get(place).map(Change::Added)),
            Some(earlier) if earlier.metadata != run.metadata || earlier.trigger_at != run.trigger_at => {
                changes.extend(now.get(place).map(Change::Updated));
            }
            Some(_) => {}
        }
    }
    Ok(changes)
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
    pub known: Option<Rows>,
}

/// Changes, look by look.
#[derive(Debug)]
pub struct Watch<P> {
    client: Client<P>,
    query: ListQuery,
    options: CallOptions,
    interval: Duration,
    known: Option<Rows>,
    looked: bool,
    failures: u32,
}

impl<P: Platform> Client<P> {
    /// What changes from now on, or from what the caller knows. Nothing is sent before the first change is asked for.
    pub fn watch(&self, filter: Filter, options: WatchOptions) -> Watch<P> {
        Watch {
            client: self.clone(),
            query: ListQuery { filter, order: OrderBy::created(), ..ListQuery::default() },
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
        let operation = client.operation("watch", options)?;
        let next = async {
            let call = &operation.call;
            loop {
                if *looked && *failures == 0 {
                    // Not before the server's own clock shows it.
                    let now = call.server_time().earliest;
                    let due = known.iter().filter_map(|known| known.heads().ok()).flatten().map(|run| run.trigger_at);
                    let next_due = due.filter(|due| *due > now).min();
                    call.sleep_awake(wait(*interval, now, next_due)).await?;
                }
                let backoff = interval.saturating_mul(2 << (*failures).min(10));
                let backoff = backoff.min(LONGEST_BACKOFF.max(*interval));
                // The limit of a whole call is that of each look: the waits between them have none.
                let operation = client.operation("watch", options)?;
                operation.call.again_after.set(Some(backoff));
                let runs = match operation.look(query).await {
                    Ok(runs) => runs,
                    Err(error) if error.is_retryable() => {
                        *failures += 1;
                        call.sleep_awake(backoff).await?;
                        continue;
                    }
                    Err(error) => return Err(error),
                };
                *failures = 0;
                *looked = true;
                let changes = known.as_ref().map(|known| diff(known, &runs)).transpose();
                let changes = changes.map_err(Error::decode)?.unwrap_or_default();
                *known = Some(runs);
                if !changes.is_empty() {
                    return Ok(changes);
                }
            }
        };
        operation.told(next.await)
    }
}

impl<P: Platform> Operation<'_, P> {
    async fn look(&self, query: &mut ListQuery) -> Result<Rows, Error> {
        query.check().map_err(|invalid| invalid.under("query"))?;
        let workflow_id = self.workflow_id(&query.filter).await?;
        self.every_run(query, workflow_id.as_deref()).await
    }
}
