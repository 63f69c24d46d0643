//! What Hatchet says: the types that its answers are read into, by serde.
//!
//! Field names are Hatchet's own (camelCase on the wire). Instants are [`DateTime<Utc>`](chrono::DateTime), written as
//! RFC 3339 with `Z` and no trailing zeros, as the server writes them.

mod id;
mod metadata;
mod outcome;
mod rows;
mod run;
mod warning;
mod words;
mod workflow;
mod workflow_run;

pub use id::RunId;
pub(crate) use id::check as check_id;
pub use metadata::{MetadataFilter, MetadataValue};
pub use outcome::{BulkChanged, BulkCreated, BulkDone, BulkItemError};
pub(crate) use rows::Due;
pub use rows::Rows;
pub(crate) use rows::matching;
pub use run::{Head, Instant, Members, Metadata, ScheduledRun, ScheduledWorkflows};
pub use warning::{ClientWarning, Warned, WarningCode};
pub use words::{Method, OrderByDirection, OrderByField, ScheduledRunStatus};
pub use workflow::{PauseBehavior, Workflow};
pub use workflow_run::{RunStatus, WorkflowRun};

use serde::{Deserialize, Serialize};

/// Where a page stands in its listing. Do not loop on `next_page`: with no rows at all it is 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pagination {
    /// 1-based.
    pub current_page: i64,
    /// The page after this one, or this one when it is the last.
    pub next_page: i64,
    /// 0 when nothing matches.
    pub num_pages: i64,
}

/// A page of scheduled runs.
#[derive(Debug, Clone, Serialize)]
pub struct ScheduledWorkflowsList {
    /// The runs.
    pub rows: Rows,
    /// Where the page stands.
    pub pagination: Pagination,
}
