//! Workflows.

use rusqlite::{Connection, params};

use crate::error::Error;
use crate::store::rows::WorkflowRow;

const COLUMNS: &str = "id, version_id, name, description, is_paused, created_at, input_schema";

pub(super) fn put(connection: &Connection, workflow: &WorkflowRow) -> Result<(), Error> {
    let WorkflowRow { id, version_id, name, description, is_paused, created_at, input_schema } = workflow;
    connection.execute(
        &format!("INSERT OR REPLACE INTO workflow ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
        params![id, version_id, name, description, is_paused, created_at, input_schema],
    )?;
    Ok(())
}

pub(super) fn all(connection: &Connection) -> Result<Vec<WorkflowRow>, Error> {
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM workflow"))?;
    let rows = statement.query_map([], |row| {
        Ok(WorkflowRow {
            id: row.get(0)?,
            version_id: row.get(1)?,
            name: row.get(2)?,
            description: row.get(3)?,
            is_paused: row.get(4)?,
            created_at: row.get(5)?,
            input_schema: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
