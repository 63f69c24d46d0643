//! Rows in this process's memory, gone with it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::index::{Entry, Pair};
use super::rows::{Pending, RunFilter, RunRow, WorkflowRow, metadata_pairs};
use super::tables::Tables;
use crate::error::Error;
use crate::wire::Method;

#[derive(Default)]
pub(super) struct Memory {
    settings: HashMap<String, Vec<u8>>,
    workflows: Vec<WorkflowRow>,
    pending: HashMap<Uuid, Pending>,
    in_code: HashSet<Uuid>,
    /// By creation and id: the order of their listing, backwards.
    runs: BTreeMap<(i64, Uuid), RunRow>,
    /// When each was created.
    created: HashMap<Uuid, i64>,
    /// Of which scheduled runs there is one.
    started: HashSet<Uuid>,
    by_pair: HashMap<Pair, BTreeSet<(i64, Uuid)>>,
}

/// All of it, as it is told and taken up again; what else there is follows from it.
#[derive(Serialize, Deserialize)]
struct Snapshot<'a> {
    settings: Cow<'a, HashMap<String, Vec<u8>>>,
    workflows: Cow<'a, [WorkflowRow]>,
    pending: Vec<Cow<'a, Pending>>,
    runs: Vec<Cow<'a, RunRow>>,
}

impl Memory {
    /// Takes up what [`snapshot`](Tables::snapshot) told.
    pub(super) fn restore(snapshot: &str) -> Result<Self, Error> {
        let damaged = |_| Error::Damaged("a snapshot that is none of this server's");
        let Snapshot { settings, workflows, pending, runs } = serde_json::from_str(snapshot).map_err(damaged)?;
        let mut memory = Self { settings: settings.into_owned(), workflows: workflows.into_owned(), ..Self::default() };
        memory.start(&runs.into_iter().map(Cow::into_owned).collect::<Vec<_>>())?;
        memory.insert(&pending.into_iter().map(Cow::into_owned).collect::<Vec<_>>())?;
        Ok(memory)
    }
}

impl Tables for Memory {
    fn snapshot(&self) -> Result<String, Error> {
        let snapshot = Snapshot {
            settings: Cow::Borrowed(&self.settings),
            workflows: Cow::Borrowed(&self.workflows),
            pending: self.pending.values().map(Cow::Borrowed).collect(),
            runs: self.runs.values().map(Cow::Borrowed).collect(),
        };
        serde_json::to_string(&snapshot).map_err(|_| Error::Damaged("a row that cannot be told"))
    }

    fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.settings.get(name).cloned())
    }

    fn keep_setting(&mut self, name: &str, value: &[u8]) -> Result<(), Error> {
        self.settings.insert(name.to_owned(), value.to_owned());
        Ok(())
    }

    fn workflows(&self) -> Result<Vec<WorkflowRow>, Error> {
        Ok(self.workflows.clone())
    }

    fn put_workflow(&mut self, workflow: &WorkflowRow) -> Result<(), Error> {
        match self.workflows.iter_mut().find(|known| known.id == workflow.id) {
            Some(known) => known.clone_from(workflow),
            None => self.workflows.push(workflow.clone()),
        }
        Ok(())
    }

    fn entries(&self, each: &mut dyn FnMut(Entry)) -> Result<(), Error> {
        self.pending.values().map(Pending::entry).for_each(each);
        Ok(())
    }

    fn pending(&self, id: Uuid) -> Result<Option<Pending>, Error> {
        Ok(self.pending.get(&id).cloned())
    }

    fn made_in_code(&self) -> Result<HashSet<Uuid>, Error> {
        Ok(self.in_code.clone())
    }

    fn insert(&mut self, runs: &[Pending]) -> Result<(), Error> {
        for run in runs {
            if run.method == Method::Default {
                self.in_code.insert(run.id);
            }
            self.pending.insert(run.id, run.clone());
        }
        Ok(())
    }

    fn reschedule(&mut self, times: &[(Uuid, i64)], any_method: bool) -> Result<Vec<(Uuid, i64)>, Error> {
        let mut moved = Vec::new();
        for &(id, trigger_at) in times {
            if let Some(run) = self.pending.get_mut(&id).filter(|run| any_method || run.method == Method::Api) {
                run.trigger_at = trigger_at;
                moved.push((id, trigger_at));
            }
        }
        Ok(moved)
    }

    fn delete(&mut self, ids: &[Uuid]) -> Result<HashSet<Uuid>, Error> {
        let is_deletable = |id: &&Uuid| self.pending.get(*id).is_some_and(|run| run.method == Method::Api);
        let deleted: HashSet<Uuid> = ids.iter().filter(is_deletable).copied().collect();
        for id in &deleted {
            self.pending.remove(id);
        }
        Ok(deleted)
    }

    fn start(&mut self, runs: &[RunRow]) -> Result<Vec<Uuid>, Error> {
        let mut added = Vec::with_capacity(runs.len());
        for run in runs {
            let scheduled_id = run.scheduled_id;
            self.pending.remove(&scheduled_id);
            self.in_code.remove(&scheduled_id);
            if !self.started.insert(scheduled_id) {
                continue;
            }
            let place = (run.created_at, run.id);
            for pair in run.metadata.as_deref().map(metadata_pairs).unwrap_or_default() {
                self.by_pair.entry(pair).or_default().insert(place);
            }
            self.created.insert(run.id, run.created_at);
            self.runs.insert(place, run.clone());
            added.push(run.id);
        }
        Ok(added)
    }

    fn release(&mut self, workflow: Uuid, at: i64, (started, finished): (i64, i64)) -> Result<(), Error> {
        let is_queued = |run: &&mut RunRow| {
            run.workflow_id == workflow && run.started_at.is_none() && run.finished_at.is_none_or(|end| end > at)
        };
        for run in self.runs.values_mut().filter(is_queued) {
            (run.started_at, run.finished_at) = (Some(started), Some(finished));
        }
        Ok(())
    }

    fn run(&self, id: Uuid) -> Result<Option<RunRow>, Error> {
        Ok(self.created.get(&id).and_then(|at| self.runs.get(&(*at, id))).cloned())
    }

    fn runs(&self, filter: &RunFilter, now: i64, offset: i64, limit: i64) -> Result<(i64, Vec<RunRow>), Error> {
        let (since, nil) = (filter.since, Uuid::nil());
        let matches = |run: &&RunRow| {
            filter.until.is_none_or(|until| run.created_at <= until)
                && filter.workflows.as_ref().is_none_or(|workflows| workflows.contains(&run.workflow_id))
                && filter.statuses.as_ref().is_none_or(|wanted| wanted.iter().any(|status| status == run.status(now)))
        };
        let since = (since, nil)..;
        let none = BTreeSet::new();
        let having = |pair: &Pair| self.by_pair.get(pair).unwrap_or(&none);
        let found: Vec<&RunRow> = match filter.pairs.split_first() {
            None => self.runs.range(since).rev().map(|(_, run)| run).filter(matches).collect(),
            Some(_) if filter.any_pair => {
                let places = filter.pairs.iter().flat_map(|pair| having(pair).range(since.clone()));
                let places: BTreeSet<_> = places.collect();
                places.into_iter().rev().filter_map(|place| self.runs.get(place)).filter(matches).collect()
            }
            Some((first, others)) => {
                let others: Vec<_> = others.iter().map(having).collect();
                let places = having(first).range(since).rev();
                let places = places.filter(|place| others.iter().all(|other| other.contains(place)));
                places.filter_map(|place| self.runs.get(place)).filter(matches).collect()
            }
        };
        let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
        let page = found.into_iter().skip(usize::try_from(offset).unwrap_or(0));
        // As SQLite takes a limit below zero for none.
        Ok((count, page.take(usize::try_from(limit).unwrap_or(usize::MAX)).cloned().collect()))
    }
}
