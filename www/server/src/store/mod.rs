//! What the server keeps: settings, workflows, pending runs and the runs that started, in SQLite.
//!
//! The write-ahead log with `synchronous = NORMAL` loses nothing when the process is killed at any moment; each change
//! is one transaction, and the index in memory follows only what was committed.

mod database;
pub(crate) mod index;
mod rows;
mod runs;
mod scheduled;
mod workflows;

use std::path::Path;

use rusqlite::Connection;

pub(crate) use database::Store;
use index::{Entry, Index};
use rows::shared_pairs;
pub(crate) use rows::{NewRun, Pending, Registration, RunRow, StartedRun, WorkflowRow, micros, new_id, shown};
pub(crate) use runs::RunFilter;

use crate::error::Error;

/// Format of the tables; a folder with a newer one is refused.
const FORMAT: i64 = 2;

const TABLES: &str = "
    CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE workflow (
        id BLOB PRIMARY KEY, version_id BLOB NOT NULL, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL,
        is_paused INTEGER NOT NULL, created_at INTEGER NOT NULL, input_schema TEXT
    );
    -- trigger_at in milliseconds, created_at in microseconds since 1970
    CREATE TABLE scheduled (
        id BLOB PRIMARY KEY, workflow_id BLOB NOT NULL, trigger_at INTEGER NOT NULL, created_at INTEGER NOT NULL,
        priority INTEGER NOT NULL, method TEXT NOT NULL, input TEXT, metadata TEXT
    );
    CREATE INDEX scheduled_in_code ON scheduled (id) WHERE method = 'DEFAULT';
    -- a scheduled run starts at most once, which scheduled_id guards
    CREATE TABLE run (
        id BLOB PRIMARY KEY, scheduled_id BLOB NOT NULL UNIQUE, workflow_id BLOB NOT NULL, created_at INTEGER NOT NULL,
        started_at INTEGER, finished_at INTEGER, failure TEXT, priority INTEGER NOT NULL, input TEXT, metadata TEXT
    );
    CREATE INDEX run_by_creation ON run (created_at);
    CREATE TABLE run_metadata (key TEXT, value TEXT, run_id BLOB, PRIMARY KEY (key, value, run_id)) WITHOUT ROWID;
";

impl Store {
    /// Opens the database in `folder`, or one in memory.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self, Error> {
        let connection = match folder {
            Some(folder) => {
                std::fs::create_dir_all(folder).map_err(Error::io(format!("making {}", folder.display())))?;
                Connection::open(folder.join("hatchet.sqlite"))?
            }
            None => Connection::open_in_memory()?,
        };
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -64000; PRAGMA temp_store = MEMORY;",
        )?;
        connection.set_prepared_statement_cache_capacity(64);
        let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match found {
            0 => {
                connection.execute_batch(&format!("BEGIN; {TABLES} PRAGMA user_version = {FORMAT}; COMMIT;"))?;
            }
            1 => connection.execute_batch(
                "BEGIN; ALTER TABLE workflow ADD COLUMN input_schema TEXT; PRAGMA user_version = 2; COMMIT;",
            )?,
            FORMAT => {}
            _ => return Err(Error::Format { found, expected: FORMAT }),
        }
        let mut store = Self { connection, index: Index::default(), workflows: Vec::new(), last_created: 0 };
        store.load_workflows()?;
        store.load_index()?;
        Ok(store)
    }

    fn load_index(&mut self) -> Result<(), Error> {
        let mut statement =
            self.connection.prepare("SELECT id, workflow_id, trigger_at, created_at, metadata FROM scheduled")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let metadata: Option<String> = row.get(4)?;
            let created_at = row.get(3)?;
            self.last_created = self.last_created.max(created_at);
            self.index.insert(Entry {
                id: row.get(0)?,
                workflow: row.get(1)?,
                trigger_at: row.get(2)?,
                created_at,
                pairs: shared_pairs(metadata.as_deref()),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_the_first_format_is_taken_over_and_one_of_a_later_format_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hatchet.sqlite");
        let first = TABLES.replace(", input_schema TEXT", "");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(&format!("{first} PRAGMA user_version = 1;")).unwrap();
        old.execute("INSERT INTO workflow VALUES (?1, ?1, 'simple', '', 0, 1)", [new_id()]).unwrap();
        drop(old);
        for _ in 0..2 {
            let store = Store::open(Some(folder.path())).unwrap();
            assert_eq!(store.workflow_named("simple").unwrap().input_schema, None);
        }
        Connection::open(&path).unwrap().pragma_update(None, "user_version", FORMAT + 1).unwrap();
        assert!(Store::open(Some(folder.path())).is_err());
    }
}
