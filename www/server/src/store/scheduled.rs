//! Pending runs: in the tables, and in the index over them.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Store;
use super::index::{Order, Selection};
use super::rows::{NewRun, Pending, micros, new_id};
use crate::error::Error;

impl Store {
    /// Stores a run made now.
    pub(crate) fn create(&mut self, run: NewRun, now: DateTime<Utc>) -> Result<Pending, Error> {
        let made = self.create_all(std::iter::once((new_id(), run)), now)?;
        made.into_iter().next().ok_or(Error::Damaged("a run was not stored"))
    }

    /// Stores runs in one transaction, each made a microsecond after the one before at the soonest.
    pub(crate) fn create_all(
        &mut self,
        runs: impl IntoIterator<Item = (Uuid, NewRun)>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Pending>, Error> {
        let mut last_created = self.last_created;
        let made: Vec<Pending> = runs
            .into_iter()
            .map(|(id, run)| {
                last_created = micros(now).max(last_created.saturating_add(1));
                Pending {
                    id,
                    workflow_id: run.workflow_id,
                    trigger_at: run.trigger_at,
                    created_at: last_created,
                    priority: run.priority,
                    method: run.method,
                    input: run.input,
                    metadata: run.metadata,
                }
            })
            .collect();
        self.tables.insert(&made)?;
        self.changes += 1;
        self.last_created = last_created;
        for run in &made {
            self.index.insert(run.entry());
        }
        Ok(made)
    }

    /// A pending run.
    pub(crate) fn pending(&self, id: Uuid) -> Result<Option<Pending>, Error> {
        self.tables.pending(id)
    }

    /// How many runs match, and a page of them.
    pub(crate) fn list(
        &self,
        selection: &Selection,
        order: Order,
        offset: usize,
        limit: usize,
    ) -> Result<(usize, Vec<Pending>), Error> {
        let (count, ids) = self.index.page(selection, order, offset, limit);
        let rows: Result<Vec<Option<Pending>>, Error> = ids.into_iter().map(|id| self.pending(id)).collect();
        Ok((count, rows?.into_iter().flatten().collect()))
    }

    /// The runs that were made in code.
    pub(crate) fn made_in_code(&self) -> Result<HashSet<Uuid>, Error> {
        self.tables.made_in_code()
    }

    /// Gives runs new times in one transaction; runs made in code are left alone unless `any_method`. Gives the ids
    /// that were changed.
    pub(crate) fn reschedule(&mut self, times: &[(Uuid, i64)], any_method: bool) -> Result<HashSet<Uuid>, Error> {
        let moved = self.tables.reschedule(times, any_method)?;
        self.changes += 1;
        for &(id, trigger_at) in &moved {
            self.index.move_to(id, trigger_at);
        }
        Ok(moved.into_iter().map(|(id, _)| id).collect())
    }

    /// Deletes runs in one transaction, save those made in code. Gives the ids that were deleted.
    pub(crate) fn delete(&mut self, ids: &[Uuid]) -> Result<HashSet<Uuid>, Error> {
        let deleted = self.tables.delete(ids)?;
        self.changes += 1;
        for id in &deleted {
            self.index.remove(*id);
        }
        Ok(deleted)
    }
}
