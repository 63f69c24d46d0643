//! Bulk calls of any size: chunks of 200 (one server transaction each), a bounded number in flight, results in the
//! order of the input, and nothing forgotten when the call is cut short.
//!
//! A ledger holds the fate of every item. A chunk whose request failed is settled by looking its runs up, where
//! that can tell. What stops the call (the caller, no answer, a refusal that every chunk would meet) ends in
//! [`ErrorKind::Interrupted`], whose parts are exactly the input.

mod create;
mod delete;
mod update;

pub use create::{BulkCreate, BulkCreated};
pub use delete::Selection;
pub use update::NewTime;

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Range;
use std::rc::Rc;

use chrono::{DateTime, Utc};
use futures_util::future::LocalBoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};

use crate::call::{Call, CallOptions};
use crate::error::{Error, ErrorKind, Interrupted};
use crate::invalid::Invalid;
use crate::model::{BulkItemError, ClientWarning, ScheduledWorkflows};
use crate::operations::{Get, RunId};
use crate::platform::Platform;

/// How many runs go into one request: the server takes them in one transaction.
pub const CHUNK: usize = 200;
/// How many requests are in flight at most, unless told otherwise.
pub const DEFAULT_CONCURRENCY: usize = 4;
/// The most requests in flight that may be asked for.
pub const MOST_CONCURRENCY: usize = 100;

/// What a caller sets for a bulk call.
#[derive(Clone, Default)]
pub struct BulkOptions {
    /// As for any call.
    pub call: CallOptions,
    /// How many requests are in flight at most, 1 to 100. Default 4.
    pub concurrency: Option<usize>,
    /// `bulkDelete` only: answer the ids that it would delete, and delete nothing.
    pub dry_run: bool,
    /// Told after every chunk.
    pub on_progress: Option<Rc<dyn Fn(Progress)>>,
}

impl fmt::Debug for BulkOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkOptions")
            .field("call", &self.call)
            .field("concurrency", &self.concurrency)
            .field("dry_run", &self.dry_run)
            .finish_non_exhaustive()
    }
}

impl BulkOptions {
    fn concurrency(&self) -> Result<usize, Invalid> {
        match self.concurrency.unwrap_or(DEFAULT_CONCURRENCY) {
            concurrency @ 1..=MOST_CONCURRENCY => Ok(concurrency),
            _ => Err(Invalid::new("options.concurrency", format!("must be from 1 to {MOST_CONCURRENCY}"))),
        }
    }
}

/// How far a bulk call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Items that were done.
    pub done: usize,
    /// Items that failed.
    pub failed: usize,
    /// Items in all, duplicates left out.
    pub total: usize,
}

/// What became of an item.
#[derive(Debug, Clone, Default)]
enum Fate<T> {
    /// It surely did not happen: it was not sent, or the server surely did not act.
    #[default]
    Untried,
    /// It was sent, and nobody knows.
    Unknown,
    /// It happened.
    Done(T),
    /// It did not, and this is why.
    Failed(String),
}

/// The fates of some items, and whether the whole call must end.
#[derive(Debug)]
struct Settled<T> {
    fates: Vec<Fate<T>>,
    stop: Option<Error>,
}

/// Begins what is to be done with some items. Boxed, so that what surrounds it is compiled once.
type Start<'a, T> = &'a dyn Fn(Range<usize>) -> LocalBoxFuture<'a, Settled<T>>;

/// The fate of every item of a call, in the input's order.
#[derive(Debug)]
struct Ledger<T> {
    fates: Vec<Fate<T>>,
    progress: Progress,
}

impl<T> Ledger<T> {
    fn new(count: usize) -> Self {
        let progress = Progress { done: 0, failed: 0, total: count };
        Self { fates: (0..count).map(|_| Fate::Untried).collect(), progress }
    }

    /// Runs `start` on ranges of `chunk` items, at most `concurrency` at a time, until all are done or one must stop
    /// the call; those in flight are then waited for, and none is started.
    async fn run(
        &mut self,
        chunk: usize,
        concurrency: usize,
        options: &BulkOptions,
        start: Start<'_, T>,
    ) -> Option<Error> {
        let total = self.fates.len();
        let mut next = 0;
        let mut stop = None;
        let mut running = FuturesUnordered::new();
        loop {
            while stop.is_none() && next < total && running.len() < concurrency && !options.call.cancel.is_cancelled() {
                let range = next..(next + chunk).min(total);
                next = range.end;
                let work = start(range.clone());
                running.push(async move { (range, work.await) });
            }
            let Some((range, settled)) = running.next().await else { break };
            for (slot, fate) in self.fates.iter_mut().skip(range.start).zip(settled.fates) {
                self.progress.done += usize::from(matches!(fate, Fate::Done(_)));
                self.progress.failed += usize::from(matches!(fate, Fate::Failed(_)));
                *slot = fate;
            }
            stop = stop.or(settled.stop);
            if let Some(on_progress) = &options.on_progress {
                on_progress(self.progress);
            }
        }
        if stop.is_none() && next < total { Some(Error::aborted()) } else { stop }
    }

    /// The places of the items with a fate like this, in order.
    fn places(&self, passes: fn(&Fate<T>) -> bool) -> Vec<usize> {
        self.fates.iter().enumerate().filter(|(_, fate)| passes(fate)).map(|(place, _)| place).collect()
    }

    fn untried(&self) -> Vec<usize> {
        self.places(|fate| matches!(fate, Fate::Untried))
    }

    fn unknown(&self) -> Vec<usize> {
        self.places(|fate| matches!(fate, Fate::Unknown))
    }

    /// Whether nothing is known to have happened and nothing is unknown: the failure alone says it all.
    fn is_untouched(&self) -> bool {
        self.fates.iter().all(|fate| matches!(fate, Fate::Untried))
    }

    /// The failed items as the server would tell them.
    fn errors(&self, name: impl Fn(usize) -> (Option<String>, Option<usize>)) -> Vec<BulkItemError> {
        let failed = self.fates.iter().enumerate().filter_map(|(place, fate)| match fate {
            Fate::Failed(error) => Some((name(place), error.clone())),
            _ => None,
        });
        failed.map(|((id, index), error)| BulkItemError { id, index, error }).collect()
    }
}

/// Says what became of a run, by its place and what was found of it; `None` when it is there and as it was.
type Judge<'a> = &'a dyn Fn(usize, Option<&ScheduledWorkflows>) -> Option<Fate<()>>;

/// What a failed request for several runs calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aftermath {
    /// Nobody knows, and the caller wants no more requests.
    Leave,
    /// The server surely did not act, and would refuse the other chunks too.
    Stop,
    /// Look the runs up; the server answered, so the other chunks go on.
    LookUp,
    /// Look the runs up; there was no answer, so the call ends.
    LookUpAndStop,
}

fn aftermath(error: &Error) -> Aftermath {
    match error.kind() {
        ErrorKind::Aborted if error.attempts() == 0 => Aftermath::Stop,
        ErrorKind::Aborted => Aftermath::Leave,
        ErrorKind::Api(refusal) if refusal.status == 408 || refusal.status >= 500 => Aftermath::LookUp,
        ErrorKind::Api(_) if error.may_have_acted() => Aftermath::LookUpAndStop,
        ErrorKind::Api(_) | ErrorKind::Validation(_) => Aftermath::Stop,
        _ => Aftermath::LookUpAndStop,
    }
}

/// What the server's answer says of each run; unknown where it says nothing.
fn told(ids: &[&RunId], done: &[String], errors: &[BulkItemError]) -> Vec<Fate<()>> {
    let done: HashSet<&str> = done.iter().map(String::as_str).collect();
    let errors: HashMap<&str, &str> =
        errors.iter().filter_map(|error| Some((error.id.as_deref()?, error.error.as_str()))).collect();
    ids.iter()
        .map(|id| match errors.get(id.as_str()) {
            _ if done.contains(id.as_str()) => Fate::Done(()),
            Some(error) => Fate::Failed((*error).to_owned()),
            None => Fate::Unknown,
        })
        .collect()
}

/// What a call answers when its ledger is full, or cut short.
fn conclude<T>(
    done: T,
    stop: Option<Error>,
    operation: &'static str,
    interrupted: impl FnOnce(T) -> Interrupted,
) -> Result<T, Error> {
    match stop {
        None => Ok(done),
        Some(cause) => Err(Error::interrupted(interrupted(done), cause.in_operation(operation))),
    }
}

impl<P: Platform> Call<'_, P> {
    /// Adds to what was just done the warnings that belong to it: lateness counts from when a chunk was answered, and
    /// the call may go on long after.
    fn warn_of_late(
        &self,
        settled: Settled<()>,
        due: impl Iterator<Item = (RunId, Option<DateTime<Utc>>)>,
    ) -> Settled<Option<ClientWarning>> {
        let fates = settled.fates.into_iter().zip(due).map(|(fate, (id, due))| match fate {
            Fate::Done(()) => Fate::Done(self.late_change(&id, due)),
            Fate::Failed(error) => Fate::Failed(error),
            Fate::Unknown => Fate::Unknown,
            Fate::Untried => Fate::Untried,
        });
        Settled { fates: fates.collect(), stop: settled.stop }
    }

    /// Settles runs whose request failed: looks them up where that is called for.
    async fn settle_failure(&self, error: Error, ids: &[&RunId], concurrency: usize, judge: Judge<'_>) -> Settled<()> {
        let aftermath = aftermath(&error);
        let all = |fate: fn() -> Fate<()>| ids.iter().map(|_| fate()).collect();
        let (fates, stops) = match aftermath {
            Aftermath::Leave => (all(|| Fate::Unknown), true),
            Aftermath::Stop => (all(|| Fate::Untried), true),
            Aftermath::LookUp | Aftermath::LookUpAndStop => {
                let looks = self.look_up(ids, concurrency).await;
                let stops = aftermath == Aftermath::LookUpAndStop || looks.iter().any(Result::is_err);
                let fates = looks.iter().enumerate().map(|(place, look)| match look {
                    Err(_) => Fate::Unknown,
                    Ok(found) => judge(place, found.as_ref()).unwrap_or_else(|| match aftermath {
                        Aftermath::LookUpAndStop => Fate::Untried,
                        _ => Fate::Failed(error.to_string()),
                    }),
                });
                (fates.collect(), stops)
            }
        };
        Settled { fates, stop: stops.then_some(error) }
    }

    /// Looks runs up, a few at a time; `None` for one that is not there. After a failure no more are asked for.
    async fn look_up(&self, ids: &[&RunId], concurrency: usize) -> Vec<Result<Option<ScheduledWorkflows>, Error>> {
        let failed = Cell::new(false);
        let looks = ids.iter().map(|id| async {
            if failed.get() {
                return Err(Error::aborted());
            }
            match self.send(&Get { id: (*id).clone() }).await {
                Ok(run) => Ok(Some(run)),
                Err(error) if error.is_not_found() => Ok(None),
                Err(error) => {
                    failed.set(true);
                    Err(error)
                }
            }
        });
        futures_util::stream::iter(looks).buffered(concurrency).collect().await
    }
}

/// The failure of a run that cannot be looked at any more.
fn gone(error: &Error) -> Fate<()> {
    Fate::Failed(format!("{error}; the run is gone: it fired, or it was deleted"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{NoAnswer, Response};

    #[test]
    fn what_follows_a_failure_depends_on_what_the_server_may_have_done() {
        let api = |status| {
            let response = Response { status, headers: Vec::new(), body: Vec::new() };
            Error::api(response, chrono::DateTime::UNIX_EPOCH).after(1)
        };
        let lost = Error::connection(NoAnswer { message: "reset".into(), cause: None, hint: None });
        assert_eq!(aftermath(&lost.with_attempts_of(true, true)), Aftermath::LookUpAndStop);
        assert_eq!(aftermath(&api(500)), Aftermath::LookUp);
        assert_eq!(aftermath(&api(403)), Aftermath::Stop);
        assert_eq!(aftermath(&api(429)), Aftermath::Stop);
        assert_eq!(aftermath(&api(403).with_attempts_of(true, true)), Aftermath::LookUpAndStop);
        assert_eq!(aftermath(&Error::aborted().after(1)), Aftermath::Leave);
        assert_eq!(aftermath(&Error::aborted()), Aftermath::Stop);
    }
}
