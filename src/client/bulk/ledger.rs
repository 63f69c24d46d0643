//! The fate of every item of a bulk call, and the work that decides it, a bounded number of requests at a time.

use std::future::poll_fn;
use std::ops::Range;
use std::task::Poll;

use futures_util::future::LocalBoxFuture;

use super::Progress;
use crate::error::{Error, Interrupted, Rest};
use crate::model::{BulkDone, BulkItemError, ClientWarning, RunId, ScheduledRun};
use crate::transport::Cancel;

/// What became of an item.
#[derive(Debug)]
pub(super) enum Fate {
    /// It surely did not happen: it was not sent, or the server surely did not act.
    Untried,
    /// It was sent, and nobody knows.
    Unknown,
    /// It happened, and left this run where it leaves one.
    Done(Option<ScheduledRun>),
    /// It did not, and this is why.
    Failed(String),
}

/// The fates of some items, what should be known about them, and whether the whole call must end.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) fates: Vec<Fate>,
    pub(super) warnings: Vec<ClientWarning>,
    pub(super) stop: Option<Error>,
}

impl Settled {
    pub(super) fn new(fates: Vec<Fate>, stop: Option<Error>) -> Self {
        Self { fates, warnings: Vec::new(), stop }
    }
}

/// The same fate for so many items.
pub(super) fn all(count: usize, fate: fn() -> Fate) -> Vec<Fate> {
    std::iter::repeat_with(fate).take(count).collect()
}

/// Begins what is to be done with some items. Boxed, so that what surrounds it is compiled once.
pub(super) type Start<'a> = &'a dyn Fn(Range<usize>) -> LocalBoxFuture<'a, Settled>;

/// The fate of every item of a call, in the input's order.
#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) fates: Vec<Fate>,
    pub(super) warnings: Vec<ClientWarning>,
    progress: Progress,
}

impl Ledger {
    pub(super) fn new(count: usize) -> Self {
        let progress = Progress { done: 0, failed: 0, total: count };
        Self { fates: all(count, || Fate::Untried), warnings: Vec::new(), progress }
    }

    /// Runs `start` on ranges of `chunk` items, at most `concurrency` at a time, until all are done or one must stop
    /// the call; those in flight are then waited for, and none is started.
    pub(super) async fn run(
        &mut self,
        chunk: usize,
        concurrency: usize,
        cancel: &Cancel,
        on_progress: Option<&dyn Fn(Progress)>,
        start: Start<'_>,
    ) -> Option<Error> {
        let total = self.fates.len();
        let mut next = 0;
        let mut stop = None;
        let mut running: Vec<(usize, LocalBoxFuture<'_, Settled>)> = Vec::new();
        loop {
            while stop.is_none() && next < total && running.len() < concurrency && !cancel.is_cancelled() {
                let range = next..(next + chunk).min(total);
                running.push((next, start(range.clone())));
                next = range.end;
            }
            if running.is_empty() {
                break;
            }
            let (first, settled) = poll_fn(|context| {
                for (place, (first, work)) in running.iter_mut().enumerate() {
                    if let Poll::Ready(settled) = work.as_mut().poll(context) {
                        let first = *first;
                        drop(running.swap_remove(place));
                        return Poll::Ready((first, settled));
                    }
                }
                Poll::Pending
            })
            .await;
            for (slot, fate) in self.fates.iter_mut().skip(first).zip(settled.fates) {
                self.progress.done += usize::from(matches!(fate, Fate::Done(_)));
                self.progress.failed += usize::from(matches!(fate, Fate::Failed(_)));
                *slot = fate;
            }
            self.warnings.extend(settled.warnings);
            stop = stop.or(settled.stop);
            if let Some(on_progress) = on_progress {
                on_progress(self.progress);
            }
        }
        if stop.is_none() && next < total { Some(Error::aborted()) } else { stop }
    }

    /// What a call of this ledger's answers: `done`, or, when it was cut short by `stop`, an error that tells the rest.
    /// `id` names the runs of calls that have them, `place` where an item stood in the caller's input.
    pub(super) fn conclude(
        &self,
        operation: &'static str,
        stop: Option<Error>,
        done: BulkDone,
        id: &dyn Fn(usize) -> Option<RunId>,
        place: &dyn Fn(usize) -> Option<usize>,
    ) -> Result<BulkDone, Error> {
        let Some(cause) = stop else { return Ok(done) };
        let cause = cause.in_operation(operation);
        let (mut unknown, mut ids, mut places) = (Vec::new(), Vec::new(), Vec::new());
        let mut untouched = true;
        for (item, fate) in self.fates.iter().enumerate() {
            untouched &= matches!(fate, Fate::Untried);
            match fate {
                Fate::Unknown => unknown.push(id(item).map_or_else(|| item.to_string(), |id| id.to_string())),
                Fate::Untried => match place(item) {
                    Some(place) => places.push(place),
                    None => ids.extend(id(item)),
                },
                Fate::Done(_) | Fate::Failed(_) => {}
            }
        }
        if untouched {
            // Nothing happened and nothing is unknown: the failure alone says it all.
            return Err(cause);
        }
        let rest = if ids.is_empty() { Rest::Places(places) } else { Rest::Ids(ids) };
        Err(Error::interrupted(Interrupted { done, unknown, rest }, cause))
    }

    /// The failed items as the server would tell them.
    pub(super) fn errors(&self, id: &dyn Fn(usize) -> Option<RunId>) -> Vec<BulkItemError> {
        let mut errors = Vec::new();
        for (place, fate) in self.fates.iter().enumerate() {
            if let Fate::Failed(error) = fate {
                let id = id(place);
                let index = if id.is_none() { Some(place) } else { None };
                errors.push(BulkItemError { id, index, error: error.clone() });
            }
        }
        errors
    }
}
