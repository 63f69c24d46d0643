//! Rows in SQLite, in a folder.
//!
//! The write-ahead log with `synchronous = NORMAL` loses nothing when the process is killed at any moment.

mod runs;
mod scheduled;
mod workflows;

use std::collections::HashSet;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::index::Entry;
use super::rows::{Pending, RunFilter, RunRow, WorkflowRow};
use super::tables::Tables;
use crate::error::Error;

/// Format of the tables; a folder with a newer one is refused.
const FORMAT: i64 = 3;

const TABLES: &str = "
    CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE workflow (
        id BLOB PRIMARY KEY, version_id BLOB NOT NULL, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL,
        is_paused INTEGER NOT NULL, created_at INTEGER NOT NULL, input_schema TEXT, pause TEXT
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

pub(super) struct Sqlite(Connection);

impl Sqlite {
    /// Opens the database in `folder`, or makes one there.
    pub(super) fn open(folder: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(Error::io(format!("making {}", folder.display())))?;
        let connection = Connection::open(folder.join("hatchet.sqlite"))?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -64000; PRAGMA mmap_size = 2147483648;
             PRAGMA temp_store = MEMORY;",
        )?;
        connection.set_prepared_statement_cache_capacity(64);
        let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match found {
            0 => {
                connection.execute_batch(&format!("BEGIN; {TABLES} PRAGMA user_version = {FORMAT}; COMMIT;"))?;
            }
            1 | 2 => {
                let columns = ["ADD COLUMN input_schema TEXT", "ADD COLUMN pause TEXT"];
                for column in columns.iter().skip(usize::from(found == 2)) {
                    connection.execute_batch(&format!("ALTER TABLE workflow {column};"))?;
                }
                connection.execute_batch(&format!("PRAGMA user_version = {FORMAT};"))?;
            }
            FORMAT => {}
            _ => return Err(Error::Format { found, expected: FORMAT }),
        }
        Ok(Self(connection))
    }
}

impl Tables for Sqlite {
    fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let mut statement = self.0.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    fn keep_setting(&mut self, name: &str, value: &[u8]) -> Result<(), Error> {
        self.0.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)", params![name, value])?;
        Ok(())
    }

    fn workflows(&self) -> Result<Vec<WorkflowRow>, Error> {
        workflows::all(&self.0)
    }

    fn put_workflow(&mut self, workflow: &WorkflowRow) -> Result<(), Error> {
        workflows::put(&self.0, workflow)
    }

    fn entries(&self, each: &mut dyn FnMut(Entry)) -> Result<(), Error> {
        scheduled::entries(&self.0, each)
    }

    fn pending(&self, id: Uuid) -> Result<Option<Pending>, Error> {
        scheduled::pending(&self.0, id)
    }

    fn made_in_code(&self) -> Result<HashSet<Uuid>, Error> {
        scheduled::made_in_code(&self.0)
    }

    fn insert(&mut self, runs: &[Pending]) -> Result<(), Error> {
        scheduled::insert(&mut self.0, runs)
    }

    fn reschedule(&mut self, times: &[(Uuid, i64)], any_method: bool) -> Result<Vec<(Uuid, i64)>, Error> {
        scheduled::reschedule(&mut self.0, times, any_method)
    }

    fn delete(&mut self, ids: &[Uuid]) -> Result<HashSet<Uuid>, Error> {
        scheduled::delete(&mut self.0, ids)
    }

    fn start(&mut self, runs: &[RunRow]) -> Result<Vec<Uuid>, Error> {
        runs::start(&mut self.0, runs)
    }

    fn release(&mut self, workflow: Uuid, at: i64, times: (i64, i64)) -> Result<(), Error> {
        runs::release(&self.0, workflow, at, times)
    }

    fn run(&self, id: Uuid) -> Result<Option<RunRow>, Error> {
        runs::run(&self.0, id)
    }

    fn runs(&self, filter: &RunFilter, now: i64, offset: i64, limit: i64) -> Result<(i64, Vec<RunRow>), Error> {
        runs::runs(&self.0, filter, now, offset, limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use crate::store::rows::new_id;
    use crate::wire::pause::Pause;

    #[test]
    fn a_folder_of_the_first_format_is_taken_over_and_one_of_a_later_format_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hatchet.sqlite");
        let first = TABLES.replace(", input_schema TEXT, pause TEXT", "");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(&format!("{first} PRAGMA user_version = 1;")).unwrap();
        old.execute("INSERT INTO workflow VALUES (?1, ?1, 'simple', '', 1, 1)", [new_id()]).unwrap();
        drop(old);
        for _ in 0..2 {
            let store = Store::open(Some(folder.path())).unwrap();
            let simple = store.workflow_named("simple").unwrap();
            assert_eq!((&simple.input_schema, simple.pause), (&None, Some(Pause::default())));
        }
        Connection::open(&path).unwrap().pragma_update(None, "user_version", FORMAT + 1).unwrap();
        assert!(Store::open(Some(folder.path())).is_err());
    }
}
