//! What keeps the rows: a database below the index, or this process's memory.

use std::collections::HashSet;

use uuid::Uuid;

use super::index::Entry;
use super::rows::{Pending, RunFilter, RunRow, WorkflowRow};
use crate::error::Error;

/// The rows by id. Each change is one transaction: it happens whole or not at all.
pub(crate) trait Tables: Send {
    /// All of it as a text, from those that keep nothing elsewhere.
    fn snapshot(&self) -> Result<String, Error> {
        Err(Error::Options("what is kept in a folder is not told as a text".to_owned()))
    }

    /// A setting that was kept.
    fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, Error>;

    /// Keeps a setting.
    fn keep_setting(&mut self, name: &str, value: &[u8]) -> Result<(), Error>;

    /// All workflows, in any order.
    fn workflows(&self) -> Result<Vec<WorkflowRow>, Error>;

    /// Adds a workflow, or puts it in the place of the one with its id.
    fn put_workflow(&mut self, workflow: &WorkflowRow) -> Result<(), Error>;

    /// What the index has to know of every pending run.
    fn entries(&self, each: &mut dyn FnMut(Entry)) -> Result<(), Error>;

    /// A pending run.
    fn pending(&self, id: Uuid) -> Result<Option<Pending>, Error>;

    /// The pending runs that were made in code.
    fn made_in_code(&self) -> Result<HashSet<Uuid>, Error>;

    /// Adds pending runs.
    fn insert(&mut self, runs: &[Pending]) -> Result<(), Error>;

    /// Gives runs new times; those made in code are left alone unless `any_method`. Gives those that were changed.
    fn reschedule(&mut self, times: &[(Uuid, i64)], any_method: bool) -> Result<Vec<(Uuid, i64)>, Error>;

    /// Deletes pending runs, save those made in code. Gives the ids that were deleted.
    fn delete(&mut self, ids: &[Uuid]) -> Result<HashSet<Uuid>, Error>;

    /// Takes pending runs away, and adds the runs that they become, save where one has been before. Gives the ids of those that
    /// were added, in order.
    fn start(&mut self, runs: &[RunRow]) -> Result<Vec<Uuid>, Error>;

    /// Gives the runs of a workflow that stand queued at a time their start and their end.
    fn release(&mut self, workflow: Uuid, at: i64, times: (i64, i64)) -> Result<(), Error>;

    /// A run that started.
    fn run(&self, id: Uuid) -> Result<Option<RunRow>, Error>;

    /// How many started runs match at `now` (microseconds), and a page of them, the newest first.
    fn runs(&self, filter: &RunFilter, now: i64, offset: i64, limit: i64) -> Result<(i64, Vec<RunRow>), Error>;
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;

    use super::super::memory::Memory;
    use super::super::sqlite::Sqlite;
    use super::*;
    use crate::wire::Method;

    fn choose(random: &mut Rng, ids: &[Uuid]) -> Vec<Uuid> {
        (0..random.usize(..4)).map(|_| ids[random.usize(..ids.len())]).collect()
    }

    fn told<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
        format!("{:?}", answer.unwrap())
    }

    fn set(answer: Result<HashSet<Uuid>, Error>) -> Result<Vec<Uuid>, Error> {
        let mut ids: Vec<Uuid> = answer?.into_iter().collect();
        ids.sort();
        Ok(ids)
    }

    /// One operation, drawn from `random`; what it answers.
    fn operate(tables: &mut dyn Tables, random: &mut Rng, ids: &[Uuid], step: i64) -> String {
        let metadata = |random: &mut Rng| {
            let team = random.u8(..3);
            [None, Some("{}".to_owned()), Some(format!(r#"{{"team":"t{team}","n":1}}"#))][random.usize(..3)].clone()
        };
        match random.u8(..14) {
            0..4 => {
                let id = Uuid::from_u128(random.u128(..));
                let pending = Pending {
                    id: if random.bool() { id } else { ids[random.usize(..ids.len())] },
                    workflow_id: ids[random.usize(..3)],
                    trigger_at: random.i64(0..100),
                    created_at: step,
                    priority: random.i32(1..4),
                    method: if random.u8(..4) == 0 { Method::Default } else { Method::Api },
                    input: random.bool().then(|| "{}".to_owned()),
                    metadata: metadata(random),
                };
                if tables.pending(pending.id).unwrap().is_some() {
                    String::new()
                } else {
                    told(tables.insert(&[pending]))
                }
            }
            4 => told(tables.pending(ids[random.usize(..ids.len())])),
            5 => told(set(tables.made_in_code())),
            6 => {
                let times: Vec<_> = choose(random, ids).into_iter().map(|id| (id, random.i64(0..100))).collect();
                told(tables.reschedule(&times, random.bool()))
            }
            7 => told(set(tables.delete(&choose(random, ids)))),
            8 | 9 => {
                let runs: Vec<_> = choose(random, ids)
                    .into_iter()
                    .map(|scheduled_id| {
                        let started_at = random.bool().then(|| random.i64(0..200));
                        RunRow {
                            id: Uuid::from_u128(random.u128(..)),
                            scheduled_id,
                            workflow_id: ids[random.usize(..3)],
                            created_at: random.i64(0..100),
                            started_at,
                            finished_at: started_at
                                .map(|at| at + 50)
                                .or_else(|| random.bool().then(|| random.i64(0..200))),
                            failure: random.bool().then(|| "no".to_owned()),
                            priority: 1,
                            input: None,
                            metadata: metadata(random),
                        }
                    })
                    .collect();
                told(tables.start(&runs))
            }
            13 => {
                let (_, runs) = tables.runs(&RunFilter::default(), 0, random.i64(0..5), 1).unwrap();
                let id = runs.first().map_or(ids[0], |run| run.id);
                told(tables.run(id))
            }
            12 => {
                let at = random.i64(0..200);
                told(tables.release(ids[random.usize(..3)], at, (at + 5, at + 30)))
            }
            _ => {
                let pair = |random: &mut Rng| ("team".to_owned(), format!("t{}", random.u8(..3)));
                let statuses = ["QUEUED", "RUNNING", "COMPLETED", "CANCELLED", "FAILED"].map(str::to_owned);
                let filter = RunFilter {
                    since: random.i64(0..100),
                    until: random.bool().then(|| random.i64(0..250)),
                    workflows: random.bool().then(|| ids[..random.usize(..3)].to_vec()),
                    statuses: random.bool().then(|| statuses[random.usize(..5)..].to_vec()),
                    pairs: (0..random.usize(..3)).map(|_| pair(random)).collect(),
                    any_pair: random.bool(),
                };
                told(tables.runs(&filter, random.i64(0..250), random.i64(0..5), random.i64(-1..20)))
            }
        }
    }

    #[test]
    fn memory_and_sqlite_answer_the_same_whatever_is_done_in_whatever_order() {
        let folder = tempfile::tempdir().unwrap();
        let (mut memory, mut sqlite) = (Memory::default(), Sqlite::open(folder.path()).unwrap());
        let mut random = Rng::with_seed(11);
        let ids: Vec<Uuid> = (0..30).map(|_| Uuid::from_u128(random.u128(..))).collect();
        for step in 0..3_000 {
            let mut same = random.clone();
            let wanted = operate(&mut sqlite, &mut random, &ids, step);
            assert_eq!(operate(&mut memory, &mut same, &ids, step), wanted, "step {step}");
            let entries = |tables: &dyn Tables| {
                let mut entries = Vec::new();
                tables.entries(&mut |entry| entries.push(entry)).unwrap();
                entries.sort_by_key(|entry| entry.id);
                format!("{entries:?}")
            };
            if step % 100 == 0 {
                memory = Memory::restore(&memory.snapshot().unwrap()).unwrap();
                assert_eq!(entries(&memory), entries(&sqlite));
            }
        }
    }
}
