//! Runs that started. Their status is told by the clock: queued, then running, then at an end.

use uuid::Uuid;

use super::Store;
use super::rows::{RunFilter, RunRow, StartedRun, new_id};
use crate::error::Error;

/// Beyond this an input never reaches a worker: the run hangs and fails.
const LARGEST_INPUT: usize = 4 << 20;
/// How long such a run hangs, in microseconds.
const HANG: i64 = 60_000_000;
/// How long a run waits for a worker, and how long that takes over it, at least.
const WAIT: i64 = 20_000;
const LENGTH: i64 = 200_000;
/// Runs that start within this are told apart by a microsecond each.
const SAME_MOMENT: i64 = 1_000_000;

impl Store {
    /// Starts runs in one transaction: each pending row goes, a run appears. A run that has started before starts no
    /// second time. Gives the ids of the new runs, in order.
    pub(crate) fn start(&mut self, runs: &[StartedRun]) -> Result<Vec<Uuid>, Error> {
        let rows: Vec<RunRow> = runs.iter().map(|run| self.plan(run)).collect();
        let started = self.tables.start(&rows)?;
        self.changes += 1;
        for run in runs {
            self.index.remove(run.pending.id);
        }
        Ok(started)
    }

    /// Lets workers take the runs of a workflow that stand queued at a time (microseconds).
    pub(super) fn release(&mut self, workflow: Uuid, at: i64) -> Result<(), Error> {
        self.changes += 1;
        self.tables.release(workflow, at, (at + WAIT, at + WAIT + LENGTH))
    }

    /// The run with this id.
    pub(crate) fn run(&self, id: Uuid) -> Result<Option<RunRow>, Error> {
        self.tables.run(id)
    }

    /// How many runs match at `now` (microseconds), and a page of them, the newest first.
    pub(crate) fn runs(
        &self,
        filter: &RunFilter,
        now: i64,
        offset: i64,
        limit: i64,
    ) -> Result<(i64, Vec<RunRow>), Error> {
        self.tables.runs(filter, now, offset, limit)
    }

    /// When the run will start and end: a worker takes it in a moment and is done in about a second.
    fn plan(&mut self, run: &StartedRun) -> RunRow {
        let created_at =
            if (run.at..run.at + SAME_MOMENT).contains(&self.last_started) { self.last_started + 1 } else { run.at };
        self.last_started = created_at;
        let [a, b, ..] = run.pending.id.into_bytes();
        let started_at = run.at + WAIT + i64::from(a) * 500;
        let too_large = run.pending.input.as_ref().is_some_and(|input| input.len() > LARGEST_INPUT);
        let length = if too_large { HANG } else { LENGTH + i64::from(b) * 5_000 };
        RunRow {
            id: new_id(),
            scheduled_id: run.pending.id,
            workflow_id: run.pending.workflow_id,
            created_at,
            started_at: run.pause.is_none().then_some(started_at),
            // One that nobody took is cancelled by its end.
            finished_at: Some(run.pause.map_or(started_at + length, |pause| run.at.saturating_add(pause.ttl * 1_000))),
            failure: too_large.then(|| "the input is larger than a worker can receive (4 MiB)".to_owned()),
            priority: run.pending.priority,
            input: run.pending.input.clone(),
            metadata: run.pending.metadata.clone(),
        }
    }
}
