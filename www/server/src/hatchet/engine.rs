//! The engine that starts runs at their time, with the real one's habits.
//!
//! Every five seconds it looks for what is due within the next five and arms it in memory. An armed run starts at the
//! time it had when it was armed: what is changed or deleted in between is lost, and its row goes when it starts. What
//! is found overdue starts at once. Runs of a workflow that is paused with `DROP` stay pending; with `QUEUE` they start, and
//! stand queued.

use std::collections::{BTreeMap, HashSet};

use uuid::Uuid;

use crate::error::Error;
use crate::store::{Pending, StartedRun, Store, WorkflowRow};
use crate::wire::pause::PauseBehavior;

/// Time between two looks, and how far each looks ahead, in milliseconds.
const POLL: i64 = 5_000;

/// What is armed, and when the engine looks next. Times are milliseconds since 1970.
pub(crate) struct Engine {
    next_poll: i64,
    armed: BTreeMap<(i64, Uuid), Pending>,
    armed_ids: HashSet<Uuid>,
}

impl Engine {
    /// An engine that looks for the first time at `now`.
    pub(super) fn new(now: i64) -> Self {
        Self { next_poll: now, armed: BTreeMap::new(), armed_ids: HashSet::new() }
    }

    /// When there is something to do next.
    pub(super) fn next_event(&self) -> i64 {
        self.armed.first_key_value().map_or(self.next_poll, |((at, _), _)| self.next_poll.min(*at))
    }

    /// Does all that falls in the time up to `now`, in the order in which it falls.
    pub(super) fn tick(&mut self, store: &mut Store, now: i64) -> Result<(), Error> {
        // A clock that was set back must not put the engine to sleep.
        self.next_poll = self.next_poll.min(now + POLL);
        while self.next_event() <= now {
            let at = self.next_event();
            self.start_armed(store, at)?;
            if self.next_poll <= at {
                self.poll(store, at)?;
                self.skip_idle_polls(store, now);
            }
        }
        Ok(())
    }

    /// Forgets a run that was started by hand.
    pub(crate) fn disarm(&mut self, id: Uuid) {
        if self.armed_ids.remove(&id) {
            self.armed.retain(|(_, armed), _| *armed != id);
        }
    }

    fn start_armed(&mut self, store: &mut Store, at: i64) -> Result<(), Error> {
        let later = self.armed.split_off(&(at + 1, Uuid::nil()));
        let due = std::mem::replace(&mut self.armed, later);
        if due.is_empty() {
            return Ok(());
        }
        if let Err(error) = start(store, due.values(), at) {
            self.armed.extend(due);
            return Err(error);
        }
        for (_, id) in due.into_keys() {
            self.armed_ids.remove(&id);
        }
        Ok(())
    }

    fn poll(&mut self, store: &mut Store, at: i64) -> Result<(), Error> {
        let held = held(store);
        let mut found = store.index.due(at + POLL, &held);
        found.retain(|id| !self.armed_ids.contains(id));
        let mut overdue = Vec::new();
        for id in found {
            let Some(pending) = store.pending(id)? else { continue };
            if pending.trigger_at <= at {
                overdue.push(pending);
            } else {
                self.armed_ids.insert(id);
                self.armed.insert((pending.trigger_at, id), pending);
            }
        }
        start(store, overdue.iter(), at)?;
        self.next_poll = at + POLL;
        Ok(())
    }

    /// Leaves out the looks at which nothing can be found, so that a clock may be moved by years.
    fn skip_idle_polls(&mut self, store: &Store, now: i64) {
        let earliest = store.index.earliest(&held(store), &self.armed_ids);
        let earliest = earliest.map_or(now, |at| at.saturating_sub(POLL).min(now));
        let idle = (earliest - self.next_poll) / POLL;
        if idle > 0 {
            self.next_poll += idle * POLL;
        }
    }
}

fn start<'a>(store: &mut Store, runs: impl Iterator<Item = &'a Pending>, at: i64) -> Result<(), Error> {
    let pause_of = |id: Uuid| store.workflow(id).and_then(|workflow| workflow.pause);
    let started = |pending: &Pending| StartedRun {
        pending: pending.clone(),
        at: at * 1000,
        pause: pause_of(pending.workflow_id),
    };
    let runs: Vec<StartedRun> = runs.map(started).collect();
    if !runs.is_empty() {
        store.start(&runs)?;
    }
    Ok(())
}

/// The workflows whose pending runs stay as they are.
fn held(store: &Store) -> HashSet<Uuid> {
    let holds = |workflow: &&WorkflowRow| workflow.pause.is_some_and(|pause| pause.scheduled == PauseBehavior::Drop);
    store.workflows().iter().filter(holds).map(|workflow| workflow.id).collect()
}
