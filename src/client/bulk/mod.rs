//! Bulk calls of any size: chunks of 500, the most that the API takes (one server transaction each), a bounded number in flight, results in the
//! order of the input, and nothing forgotten when the call is cut short.
//!
//! A ledger holds the fate of every item. A chunk whose request failed is settled by looking its runs up, where
//! that can tell. What stops the call (the caller, no answer, a refusal that every chunk would meet) ends in
//! [`ErrorKind::Interrupted`](crate::error::ErrorKind::Interrupted), whose parts are exactly the input.

mod change;
mod create;
mod ledger;

pub use change::{NewTime, Selection};
pub use create::BulkCreate;

use std::fmt;
use std::rc::Rc;

use serde::Serialize;

use crate::transport::CallOptions;
use crate::value::Invalid;

/// How many runs go into one request: the server takes them in one transaction.
pub const CHUNK: usize = 500;
/// How many requests are in flight at most, unless told otherwise.
pub const DEFAULT_CONCURRENCY: usize = 4;
/// The most requests in flight that may be asked for.
pub const MOST_CONCURRENCY: usize = 100;

/// What a caller sets for a bulk call.
#[derive(Clone, Default)]
pub struct BulkOptions {
    /// As for any call.
    pub call: CallOptions,
    /// How many requests are in flight at most, 1 to 100. Default 4.
    pub concurrency: Option<usize>,
    /// `bulkDelete` and `bulkCreate` only: answer what they would delete or send, and change nothing.
    pub dry_run: bool,
    /// Told after every chunk.
    pub on_progress: Option<Rc<dyn Fn(Progress)>>,
}

impl fmt::Debug for BulkOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkOptions")
            .field("call", &self.call)
            .field("concurrency", &self.concurrency)
            .field("dry_run", &self.dry_run)
            .finish_non_exhaustive()
    }
}

impl BulkOptions {
    /// How many requests may be in flight; refuses what is out of range, and a dry run of a call that knows none.
    fn concurrency(&self, knows_dry_run: bool) -> Result<usize, Invalid> {
        if self.dry_run && !knows_dry_run {
            let reason = "is for bulkDelete and bulkCreate only: this call would make its changes";
            return Err(Invalid::new("options.dryRun", reason));
        }
        match self.concurrency.unwrap_or(DEFAULT_CONCURRENCY) {
            concurrency @ 1..=MOST_CONCURRENCY => Ok(concurrency),
            _ => Err(Invalid::new("options.concurrency", format!("must be from 1 to {MOST_CONCURRENCY}"))),
        }
    }
}

/// How far a bulk call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Items that were done.
    pub done: usize,
    /// Items that failed.
    pub failed: usize,
    /// Items in all, duplicates left out.
    pub total: usize,
}
