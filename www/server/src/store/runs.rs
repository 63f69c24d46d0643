//! Runs that started. Their status is told by the clock: queued, then running, then at an end.

use rusqlite::{Connection, Row, params, params_from_iter, types::Value};
use uuid::Uuid;

use super::database::Store;
use super::rows::{RunRow, StartedRun, metadata_pairs, new_id};
use crate::error::Error;

/// Beyond this an input never reaches a worker: the run hangs and fails.
const LARGEST_INPUT: usize = 4 << 20;
/// How long such a run hangs, in microseconds.
const HANG: i64 = 60_000_000;

/// Which runs a listing asks for.
#[derive(Debug, Default)]
pub(crate) struct RunFilter {
    /// Microseconds.
    pub(crate) since: i64,
    pub(crate) until: Option<i64>,
    pub(crate) workflows: Option<Vec<Uuid>>,
    pub(crate) statuses: Option<Vec<String>>,
    pub(crate) pairs: Vec<(String, String)>,
}

const COLUMNS: &str = "id, workflow_id, created_at, started_at, finished_at, failure, priority, input, metadata";

impl Store {
    /// Starts runs in one transaction: each pending row goes, a run appears. A run that has started before starts no
    /// second time. Gives the ids of the new runs, in order.
    pub(crate) fn start(&mut self, runs: &[StartedRun]) -> Result<Vec<Uuid>, Error> {
        let transaction = self.connection.transaction()?;
        let mut started = Vec::with_capacity(runs.len());
        for run in runs {
            let row = plan(run);
            if insert(&transaction, run.pending.id, &row)? {
                started.push(row.id);
            }
            transaction.prepare_cached("DELETE FROM scheduled WHERE id = ?1")?.execute([run.pending.id])?;
        }
        transaction.commit()?;
        for run in runs {
            self.index.remove(run.pending.id);
        }
        Ok(started)
    }

    /// How many runs match at `now` (microseconds), and a page of them, the newest first.
    pub(crate) fn runs(
        &self,
        filter: &RunFilter,
        now: i64,
        offset: i64,
        limit: i64,
    ) -> Result<(i64, Vec<RunRow>), Error> {
        let mut conditions = vec!["created_at >= ?".to_owned()];
        let mut values = vec![Value::Integer(filter.since)];
        if let Some(until) = filter.until {
            conditions.push("(finished_at IS NULL OR finished_at <= ?)".to_owned());
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
        for (key, value) in &filter.pairs {
            conditions.push("id IN (SELECT run_id FROM run_metadata WHERE key = ? AND value = ?)".to_owned());
            values.extend([Value::Text(key.clone()), Value::Text(value.clone())]);
        }
        let condition = conditions.join(" AND ");
        let count = self
            .connection
            .prepare_cached(&format!("SELECT count(*) FROM run WHERE {condition}"))?
            .query_row(params_from_iter(&values), |row| row.get(0))?;
        values.extend([Value::Integer(limit), Value::Integer(offset)]);
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM run WHERE {condition} ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?"
        ))?;
        let rows = statement.query_map(params_from_iter(&values), read_run)?;
        Ok((count, rows.collect::<Result<_, _>>()?))
    }
}

const STATUS: &str = "(CASE WHEN finished_at <= ? THEN CASE WHEN failure IS NULL THEN 'COMPLETED' ELSE 'FAILED' END \
                      WHEN started_at <= ? THEN 'RUNNING' ELSE 'QUEUED' END)";

/// When the run will start and end: a worker takes it in a moment and is done in about a second.
fn plan(run: &StartedRun) -> RunRow {
    let [a, b, ..] = run.pending.id.into_bytes();
    let started_at = run.at + 20_000 + i64::from(a) * 500;
    let too_large = run.pending.input.as_ref().is_some_and(|input| input.len() > LARGEST_INPUT);
    let length = if too_large { HANG } else { 200_000 + i64::from(b) * 5_000 };
    RunRow {
        id: new_id(),
        workflow_id: run.pending.workflow_id,
        created_at: run.at,
        started_at: (!run.is_paused).then_some(started_at),
        finished_at: (!run.is_paused).then_some(started_at + length),
        failure: too_large.then(|| "the input is larger than a worker can receive (4 MiB)".to_owned()),
        priority: run.pending.priority,
        input: run.pending.input.clone(),
        metadata: run.pending.metadata.clone(),
    }
}

fn insert(connection: &Connection, scheduled_id: Uuid, run: &RunRow) -> Result<bool, Error> {
    let inserted = connection
        .prepare_cached(&format!(
            "INSERT INTO run (scheduled_id, {COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (scheduled_id) DO NOTHING"
        ))?
        .execute(params![
            scheduled_id,
            run.id,
            run.workflow_id,
            run.created_at,
            run.started_at,
            run.finished_at,
            run.failure,
            run.priority,
            run.input,
            run.metadata
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
    })
}
