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
    for (key, run) in now.into_iter().map(keyed) {
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
    known: Option<HashMap<u128, ScheduledWorkflows>>,
    looked: bool,
    failures: u32,
}

impl<P: Platform> Client<P> {
    /// What changes from now on, or from what the caller knows. Nothing is sent before the first change is asked for.
    pub fn watch(&self, filter: Filter, options: WatchOptions) -> Watch<P> {
        let order = OrderBy { field: Some(OrderByField::CreatedAt), direction: None };
        let known = |runs: Vec<_>| runs.into_iter().map(keyed).collect();
        Watch {
            client: self.clone(),
            query: ListQuery { filter, order, ..ListQuery::default() },
            options: options.call,
            interval: options.interval.unwrap_or(DEFAULT_INTERVAL),
            known: options.known.map(known),
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
        let mut call = Call::new(&self.client, "watch", &self.options)?;
        loop {
            if self.looked && self.failures == 0 {
                let now = call.now();
                let due = self.known.iter().flat_map(HashMap::values).map(|run| run.trigger_at);
                call.sleep(wait(self.interval, now, due.filter(|due| *due > now).min())).await?;
            }
            let backoff = self.interval.saturating_mul(2 << self.failures.min(10));
            let backoff = backoff.min(LONGEST_BACKOFF.max(self.interval));
            call.again_after = Some(backoff);
            let runs = match self.look(&call).await {
                Ok(runs) => runs,
                Err(error) if error.is_retryable() => {
                    self.failures += 1;
                    call.sleep(backoff).await?;
                    continue;
                }
                Err(error) => return Err(error),
            };
            self.failures = 0;
            self.looked = true;
            match &mut self.known {
                None => self.known = Some(runs.into_iter().map(keyed).collect()),
                Some(known) => {
                    let changes = diff(known, runs);
                    if !changes.is_empty() {
                        return Ok(changes);
                    }
                }
            }
        }
    }

    async fn look(&self, call: &Call<'_, P>) -> Result<Vec<ScheduledWorkflows>, Error> {
        self.query.check().map_err(|invalid| call.refuse(invalid.under("query")))?;
        let workflow_id = call.workflow_id(&self.query.filter).await?;
        call.every_run(&self.query, workflow_id.as_deref()).await
    }
}

fn keyed(run: ScheduledWorkflows) -> (u128, ScheduledWorkflows) {
    (id::key(&run.metadata.id).unwrap_or_default(), run)
}
