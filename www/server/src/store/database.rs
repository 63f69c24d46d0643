//! What all calls on the database work on.

use rusqlite::{Connection, OptionalExtension, params};

use super::index::Index;
use super::rows::WorkflowRow;
use crate::error::Error;

/// The database and the index over its pending runs.
pub(crate) struct Store {
    pub(super) connection: Connection,
    pub(crate) index: Index,
    pub(super) workflows: Vec<WorkflowRow>,
    /// When the newest pending run was made (microseconds): each is later than the one before.
    pub(super) last_created: i64,
}

impl Store {
    /// A setting, made by `make` where there is none yet.
    pub(crate) fn setting(&mut self, name: &str, make: impl FnOnce() -> Vec<u8>) -> Result<Vec<u8>, Error> {
        let found = self
            .connection
            .query_row("SELECT value FROM setting WHERE name = ?1", [name], |row| row.get(0))
            .optional()?;
        if let Some(value) = found {
            return Ok(value);
        }
        let value = make();
        self.connection.execute("INSERT INTO setting (name, value) VALUES (?1, ?2)", params![name, value])?;
        Ok(value)
    }
}
