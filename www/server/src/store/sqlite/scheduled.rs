//! Pending runs.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use crate::error::Error;
use crate::store::index::Entry;
use crate::store::rows::{Pending, shared_pairs};
use crate::wire::Method;

const COLUMNS: &str = "id, workflow_id, trigger_at, created_at, priority, method, input, metadata";

pub(super) fn entries(connection: &Connection, each: &mut dyn FnMut(Entry)) -> Result<(), Error> {
    let mut statement =
        connection.prepare("SELECT id, workflow_id, trigger_at, created_at, metadata FROM scheduled")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let metadata: Option<String> = row.get(4)?;
        each(Entry {
            id: row.get(0)?,
            workflow: row.get(1)?,
            trigger_at: row.get(2)?,
            created_at: row.get(3)?,
            pairs: shared_pairs(metadata.as_deref()),
        });
    }
    Ok(())
}

pub(super) fn insert(connection: &mut Connection, runs: &[Pending]) -> Result<(), Error> {
    let transaction = connection.transaction()?;
    {
        let mut insert = transaction
            .prepare_cached(&format!("INSERT INTO scheduled ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"))?;
        for run in runs {
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
        }
    }
    Ok(transaction.commit()?)
}

pub(super) fn pending(connection: &Connection, id: Uuid) -> Result<Option<Pending>, Error> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM scheduled WHERE id = ?1"))?;
    Ok(statement.query_row([id], read_pending).optional()?)
}

pub(super) fn made_in_code(connection: &Connection) -> Result<HashSet<Uuid>, Error> {
    let mut statement = connection.prepare_cached("SELECT id FROM scheduled WHERE method = 'DEFAULT'")?;
    let ids = statement.query_map([], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

pub(super) fn reschedule(
    connection: &mut Connection,
    times: &[(Uuid, i64)],
    any_method: bool,
) -> Result<Vec<(Uuid, i64)>, Error> {
    let transaction = connection.transaction()?;
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
    Ok(moved)
}

pub(super) fn delete(connection: &mut Connection, ids: &[Uuid]) -> Result<HashSet<Uuid>, Error> {
    let transaction = connection.transaction()?;
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
    Ok(deleted)
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
