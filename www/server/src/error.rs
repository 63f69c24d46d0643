//! Why the server cannot start or go on.

use std::io;

/// Why the server cannot start or go on. What a request is answered is no such error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The database refused.
    #[cfg(not(target_arch = "wasm32"))]
    #[error("the database: {0}")]
    Database(#[from] rusqlite::Error),
    /// A file or socket refused.
    #[error("{what}: {source}")]
    Io {
        /// What was attempted, on which path or address.
        what: String,
        /// Why it failed.
        source: io::Error,
    },
    /// The data folder was written by another version of this server.
    #[error("the data folder holds format {found}, this server writes format {expected}: start with an empty folder")]
    Format {
        /// The format found.
        found: i64,
        /// The format this server writes.
        expected: i64,
    },
    /// A stored value that this server never writes.
    #[error("the data folder is damaged: {0}")]
    Damaged(&'static str),
    /// Options that do not go together.
    #[error("{0}")]
    Options(String),
}

#[cfg(not(target_arch = "wasm32"))]
impl Error {
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { what: what.into(), source }
    }
}
