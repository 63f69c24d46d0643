//! What the server keeps: settings, workflows, pending runs and the runs that started.
//!
//! The rows are in [`Tables`], in a folder's SQLite or in memory; the index over the pending ones is in memory, and follows
//! only what was committed.

pub(crate) mod index;
mod memory;
mod rows;
mod runs;
mod scheduled;
mod sorted;
#[cfg(not(target_arch = "wasm32"))]
mod sqlite;
mod tables;
mod workflows;

use std::path::Path;

use index::Index;
use memory::Memory;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use rows::new_id;
pub(crate) use rows::{NewRun, Pending, Registration, RunFilter, RunRow, StartedRun, WorkflowRow, micros, shown};
#[cfg(not(target_arch = "wasm32"))]
use sqlite::Sqlite;
use tables::Tables;

use crate::error::Error;

/// The rows, and the index over the pending runs among them.
pub(crate) struct Store {
    tables: Box<dyn Tables>,
    pub(crate) index: Index,
    /// The newest first.
    workflows: Vec<WorkflowRow>,
    /// When the newest pending run was made (microseconds): each is later than the one before.
    last_created: i64,
    /// When the run before started (microseconds), so that those of one moment keep their order.
    last_started: i64,
    /// Counts up with every change.
    changes: u64,
}

impl Store {
    /// Opens what a folder keeps; without one nothing outlives the process.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self, Error> {
        match folder {
            #[cfg(not(target_arch = "wasm32"))]
            Some(folder) => Self::over(Box::new(Sqlite::open(folder)?)),
            #[cfg(target_arch = "wasm32")]
            Some(folder) => Err(Error::Options(format!("there are no folders here, and so no {}", folder.display()))),
            None => Self::over(Box::new(Memory::default())),
        }
    }

    /// Takes up a snapshot.
    pub(crate) fn restore(snapshot: &str) -> Result<Self, Error> {
        Self::over(Box::new(Memory::restore(snapshot)?))
    }

    /// All of it as a text, where nothing outlives the process otherwise.
    pub(crate) fn snapshot(&self) -> Result<String, Error> {
        self.tables.snapshot()
    }

    /// Another number after every change.
    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    fn over(tables: Box<dyn Tables>) -> Result<Self, Error> {
        let mut workflows = tables.workflows()?;
        workflows.sort_by_key(|workflow| std::cmp::Reverse(workflow.created_at));
        let (mut index, mut last_created) = (Index::default(), 0);
        tables.entries(&mut |entry| {
            last_created = last_created.max(entry.created_at);
            index.insert(entry);
        })?;
        Ok(Self { tables, index, workflows, last_created, last_started: i64::MIN, changes: 0 })
    }

    /// A setting, made by `make` where there is none yet.
    pub(crate) fn setting(&mut self, name: &str, make: impl FnOnce() -> Vec<u8>) -> Result<Vec<u8>, Error> {
        if let Some(value) = self.tables.setting(name)? {
            return Ok(value);
        }
        let value = make();
        self.tables.keep_setting(name, &value)?;
        Ok(value)
    }
}
