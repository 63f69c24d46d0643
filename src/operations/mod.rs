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

pub use bulk_delete::BulkDelete;
pub use bulk_update::BulkUpdate;
pub(crate) use create::check_workflow_name;
pub use create::{Create, IDEMPOTENCY_KEY, LARGEST_INPUT, NewScheduledRun};
pub use delete::Delete;
pub use get::Get;
pub use list::{Filter, List, ListQuery, MetadataValue, OrderBy, OrderByDirection, OrderByField, ScheduledRunStatus};
pub use trigger::{Trigger, TriggerRunResult};
pub use update::Update;
pub use workflows::Workflows;

use std::fmt::{self, Write as _};

use crate::endpoint::Endpoint;
use crate::id;
use crate::invalid::Invalid;
use crate::json::{array, quote};

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

/// The id of a scheduled run: a UUID, shown in its usual form, lower-case. Ordered as the database orders ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId(u128);

impl RunId {
    /// Reads an id.
    ///
    /// # Errors
    /// When it is no UUID.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        id::check(text).map(Self)
    }

    /// The id as a number.
    pub(crate) fn key(self) -> u128 {
        self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, length) in [(96, 8), (80, 4), (64, 4), (48, 4), (0, 12)] {
            if place != 96 {
                f.write_char('-')?;
            }
            for digit in (0..length).rev() {
                let digit = (self.0 >> (place + digit * 4)) as u32 & 15;
                f.write_char(char::from_digit(digit, 16).unwrap_or_default())?;
            }
        }
        Ok(())
    }
}

/// The ids as a JSON array.
pub(crate) fn ids_to_json(ids: &[RunId]) -> String {
    array(ids, |id| quote(&id.to_string()))
}

#[cfg(test)]
mod tests {
    use super::RunId;

    /// A run's id to test with.
    pub(super) fn id() -> RunId {
        RunId::parse("7F2C1A5E-4b3d-4c2a-9e8f-0a1b2c3d4e5f").unwrap()
    }
}
