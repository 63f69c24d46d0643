//! Hatchet's calls for scheduled runs, a file each: the request, its answer, the endpoint, and the tests of what goes
//! over the wire.

mod bulk_delete;
mod bulk_update;
mod create;
mod delete;
mod get;
mod list;
mod trigger;
mod update;
mod workflows;

pub use bulk_delete::{BulkDelete, BulkDeleted};
pub use bulk_update::{BulkUpdate, BulkUpdated, Change};
pub(crate) use create::check_workflow_name;
pub use create::{Create, IDEMPOTENCY_KEY, LARGEST_INPUT, NewScheduledRun};
pub use delete::Delete;
pub use get::Get;
pub use list::{Filter, List, ListQuery, OrderBy, OrderByDirection, OrderByField, ScheduledRunStatus};
pub use trigger::{Trigger, TriggerRunResult};
pub use update::Update;
pub use workflows::Workflows;

use crate::endpoint::Endpoint;
use crate::id;
use crate::invalid::Invalid;

/// Every call's name, for checks that none was forgotten further out.
pub const NAMES: [&str; 9] = [
    BulkDelete::NAME,
    BulkUpdate::NAME,
    Create::NAME,
    Delete::NAME,
    Get::NAME,
    List::NAME,
    Trigger::NAME,
    Update::NAME,
    Workflows::NAME,
];

/// The id of a scheduled run: a UUID, lower-case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct RunId(String);

impl RunId {
    /// Reads an id.
    ///
    /// # Errors
    /// When it is no UUID.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        id::check(text).map_err(|reason| Invalid::new("", reason))?;
        Ok(Self(text.to_ascii_lowercase()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::RunId;

    /// A run's id to test with.
    pub(super) fn id() -> RunId {
        RunId::parse("7F2C1A5E-4b3d-4c2a-9e8f-0a1b2c3d4e5f").unwrap()
    }
}
