//! Runs that started.

use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter, types::Value};
use uuid::Uuid;

use crate::error::Error;
use crate::store::rows::{RunFilter, RunRow, metadata_pairs};

const COLUMNS: &str =
    "id, workflow_id, created_at, started_at, finished_at, failure, priority, input, metadata, scheduled_id";

pub(super) fn start(connection: &mut Connection, runs: &[RunRow]) -> Result<Vec<Uuid>, Error> {
    let transaction = connection.transaction()?;
    let mut added = Vec::with_capacity(runs.len());
    for run in runs {
        if insert(&transaction, run)? {
            added.push(run.id);
        }
        transaction.prepare_cached("DELETE FROM scheduled WHERE id = ?1")?.execute([run.scheduled_id])?;
    }
    transaction.commit()?;
    Ok(added)
}

pub(super) fn run(connection: &Connection, id: Uuid) -> Result<Option<RunRow>, Error> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM run WHERE id = ?1"))?;
    Ok(statement.query_row([id], read_run).optional()?)
}

pub(super) fn runs(
    connection: &Connection,
    filter: &RunFilter,
    now: i64,
    offset: i64,
    limit: i64,
) -> Result<(i64, Vec<RunRow>), Error> {
    let mut conditions = vec!["created_at >= ?".to_owned()];
    let mut values = vec![Value::Integer(filter.since)];
    if let Some(until) = filter.until {
        conditions.push("created_at <= ?".to_owned());
        values.push(Value::Integer(until));
    }
    if let Some(workflows) = &filter.workflows {
        conditions.push(format!("workflow_id IN ({})", vec!["?"; workflows.len()].join(", ")));
        values.extend(workflows.iter().map(|id| Value::Blob(id.as_bytes().to_vec())));
    }
    if let Some(statuses) = &filter.statuses {
        conditions.push(format!("{STATUS} IN ({})", vec!["?"; statuses.len()].join(", ")));
        values.extend([Value::Integer(now), Value::Integer(now)]);
        values.extend(statuses.iter().cloned().map(Value::Text));
    }
    let pair = "id IN (SELECT run_id FROM run_metadata WHERE key = ? AND value = ?)";
    if !filter.pairs.is_empty() {
        let pairs = vec![pair; filter.pairs.len()].join(if filter.any_pair { " OR " } else { " AND " });
        conditions.push(format!("({pairs})"));
    }
    for (key, value) in &filter.pairs {
        values.extend([Value::Text(key.clone()), Value::Text(value.clone())]);
    }
    let condition = conditions.join(" AND ");
    let count = connection
        .prepare_cached(&format!("SELECT count(*) FROM run WHERE {condition}"))?
        .query_row(params_from_iter(&values), |row| row.get(0))?;
    values.extend([Value::Integer(limit), Value::Integer(offset)]);
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM run WHERE {condition} ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?"
    ))?;
    let rows = statement.query_map(params_from_iter(&values), read_run)?;
    Ok((count, rows.collect::<Result<_, _>>()?))
}

const STATUS: &str = "(CASE WHEN finished_at <= ? THEN CASE WHEN started_at IS NULL THEN 'CANCELLED' \
                      WHEN failure IS NULL THEN 'COMPLETED' ELSE 'FAILED' END \
                      WHEN started_at <= ? THEN 'RUNNING' ELSE 'QUEUED' END)";

pub(super) fn release(connection: &Connection, workflow: Uuid, at: i64, times: (i64, i64)) -> Result<(), Error> {
    connection.execute(
        "UPDATE run SET started_at = ?3, finished_at = ?4
         WHERE workflow_id = ?1 AND started_at IS NULL AND (finished_at IS NULL OR finished_at > ?2)",
        params![workflow, at, times.0, times.1],
    )?;
    Ok(())
}

fn insert(connection: &Connection, run: &RunRow) -> Result<bool, Error> {
    let inserted = connection
        .prepare_cached(&format!(
            "INSERT INTO run ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (scheduled_id) DO NOTHING"
        ))?
        .execute(params![
            run.id,
            run.workflow_id,
            run.created_at,
            run.started_at,
            run.finished_at,
            run.failure,
            run.priority,
            run.input,
            run.metadata,
            run.scheduled_id
        ])?;
    if inserted == 0 {
        return Ok(false);
    }
    let mut pair =
        connection.prepare_cached("INSERT OR IGNORE INTO run_metadata (key, value, run_id) VALUES (?1, ?2, ?3)")?;
    for (key, value) in run.metadata.as_deref().map(metadata_pairs).unwrap_or_default() {
        pair.execute(params![key, value, run.id])?;
    }
    Ok(true)
}

fn read_run(row: &Row<'_>) -> rusqlite::Result<RunRow> {
    Ok(RunRow {
        id: row.get(0)?,
        workflow_id: row.get(1)?,
        created_at: row.get(2)?,
        started_at: row.get(3)?,
        finished_at: row.get(4)?,
        failure: row.get(5)?,
        priority: row.get(6)?,
        input: row.get(7)?,
        metadata: row.get(8)?,
        scheduled_id: row.get(9)?,
    })
}
