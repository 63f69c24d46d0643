//! Pending runs.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};
use uuid::Uuid;

use super::database::Store;
use super::index::{Entry, Order, Selection};
use super::rows::{NewRun, Pending, micros, new_id, shared_pairs};
use crate::error::Error;
use crate::wire::Method;

const COLUMNS: &str = "id, workflow_id, trigger_at, created_at, priority, method, input, metadata";

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
        let transaction = self.connection.transaction()?;
        let mut made = Vec::new();
        let mut last_created = self.last_created;
        {
            let mut insert = transaction.prepare_cached(&format!(
                "INSERT INTO scheduled ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
            ))?;
            for (id, run) in runs {
                last_created = micros(now).max(last_created.saturating_add(1));
                let run = Pending {
                    id,
                    workflow_id: run.workflow_id,
                    trigger_at: run.trigger_at,
                    created_at: last_created,
                    priority: run.priority,
                    method: run.method,
                    input: run.input,
                    metadata: run.metadata,
                };
                insert.execute(params![
                    run.id,
                    run.workflow_id,
                    run.trigger_at,
                    run.created_at,
                    run.priority,
                    method_text(run.method),
                    run.input,
                    run.metadata
                ])?;
                made.push(run);
            }
        }
        transaction.commit()?;
        self.last_created = last_created;
        for run in &made {
            self.index.insert(Entry {
                id: run.id,
                workflow: run.workflow_id,
                trigger_at: run.trigger_at,
                created_at: run.created_at,
                pairs: shared_pairs(run.metadata.as_deref()),
            });
        }
        Ok(made)
    }

    /// A pending run.
    pub(crate) fn pending(&self, id: Uuid) -> Result<Option<Pending>, Error> {
        let mut statement =
            self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM scheduled WHERE id = ?1"))?;
        Ok(statement.query_row([id], read_pending).optional()?)
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
        let mut statement = self.connection.prepare_cached("SELECT id FROM scheduled WHERE method = 'DEFAULT'")?;
        let ids = statement.query_map([], |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// Gives runs new times in one transaction; runs made in code are left alone unless `any_method`. Gives the ids
    /// that were changed.
    pub(crate) fn reschedule(&mut self, times: &[(Uuid, i64)], any_method: bool) -> Result<HashSet<Uuid>, Error> {
        let transaction = self.connection.transaction()?;
        let mut moved = Vec::new();
        {
            let mut update = transaction
                .prepare_cached("UPDATE scheduled SET trigger_at = ?2 WHERE id = ?1 AND (?3 OR method = 'API')")?;
            for &(id, trigger_at) in times {
                if update.execute(params![id, trigger_at, any_method])? > 0 {
                    moved.push((id, trigger_at));
                }
            }
        }
        transaction.commit()?;
        for &(id, trigger_at) in &moved {
            self.index.move_to(id, trigger_at);
        }
        Ok(moved.into_iter().map(|(id, _)| id).collect())
    }

    /// Deletes runs in one transaction, save those made in code. Gives the ids that were deleted.
    pub(crate) fn delete(&mut self, ids: &[Uuid]) -> Result<HashSet<Uuid>, Error> {
        let transaction = self.connection.transaction()?;
        let mut deleted = HashSet::new();
        {
            let mut delete = transaction.prepare_cached("DELETE FROM scheduled WHERE id = ?1 AND method = 'API'")?;
            for id in ids {
                if delete.execute([id])? > 0 {
                    deleted.insert(*id);
                }
            }
        }
        transaction.commit()?;
        for id in &deleted {
            self.index.remove(*id);
        }
        Ok(deleted)
    }
}

fn read_pending(row: &Row<'_>) -> rusqlite::Result<Pending> {
    let method: String = row.get(5)?;
    Ok(Pending {
        id: row.get(0)?,
        workflow_id: row.get(1)?,
        trigger_at: row.get(2)?,
        created_at: row.get(3)?,
        priority: row.get(4)?,
        method: if method == "API" { Method::Api } else { Method::Default },
        input: row.get(6)?,
        metadata: row.get(7)?,
    })
}

fn method_text(method: Method) -> &'static str {
    match method {
        Method::Api => "API",
        Method::Default => "DEFAULT",
    }
}
