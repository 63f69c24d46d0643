//! Workflows.

use rusqlite::{Connection, params};
use serde_json::json;

use crate::error::Error;
use crate::store::rows::WorkflowRow;
use crate::wire::pause::Pause;

const COLUMNS: &str = "id, version_id, name, description, is_paused, created_at, input_schema, pause";

pub(super) fn put(connection: &Connection, workflow: &WorkflowRow) -> Result<(), Error> {
    let WorkflowRow { id, version_id, name, description, pause, created_at, input_schema } = workflow;
    let told = pause.map(|pause| json!(pause).to_string());
    connection.execute(
        &format!("INSERT OR REPLACE INTO workflow ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
        params![id, version_id, name, description, pause.is_some(), created_at, input_schema, told],
    )?;
    Ok(())
}

pub(super) fn all(connection: &Connection) -> Result<Vec<WorkflowRow>, Error> {
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM workflow"))?;
    let rows = statement.query_map([], |row| {
        let (is_paused, told): (bool, Option<String>) = (row.get(4)?, row.get(7)?);
        let read = |told: String| serde_json::from_str(&told).ok();
        let pause: Option<Pause> = told.and_then(read);
        Ok(WorkflowRow {
            id: row.get(0)?,
            version_id: row.get(1)?,
            name: row.get(2)?,
            description: row.get(3)?,
            // The first format knew one kind of pause.
            pause: pause.or_else(|| is_paused.then(Pause::default)),
            created_at: row.get(5)?,
            input_schema: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
