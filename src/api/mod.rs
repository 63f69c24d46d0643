//! Hatchet's calls for scheduled runs, a file each: the request, its answer, the endpoint, and the tests of what goes
//! over the wire.

mod access;
mod bulk_delete;
mod bulk_update;
mod create;
mod delete;
mod endpoint;
mod filter;
mod get;
mod list;
mod pause;
mod trigger;
mod update;
mod workflow_run;
mod workflow_runs;
mod workflow_version;
mod workflows;

pub use access::Access;
pub use bulk_delete::BulkDelete;
pub use bulk_update::{BulkUpdate, NewTriggerAt};
pub(crate) use create::check_workflow_name;
pub use create::{Create, IDEMPOTENCY_KEY, LARGEST_INPUT, NewScheduledRun, OnExisting, REPLACES_KEY, TRACE_KEY};
pub use delete::Delete;
pub use endpoint::{Endpoint, Place};
pub(crate) use endpoint::{Message, not_a_success};
pub use filter::{Filter, ListQuery, OrderBy};
pub use get::Get;
pub use list::List;
pub use pause::{CronRuns, Pause, ScheduledRuns};
pub use trigger::{Trigger, TriggerRunResult};
pub use update::Update;
pub use workflow_run::WorkflowRun;
pub use workflow_runs::WorkflowRuns;
pub use workflow_version::WorkflowVersion;
pub use workflows::Workflows;

/// What a caller may be let do, by name. The version of a workflow is there for whoever may list workflows,
/// a run by its id for whoever may list runs.
pub const NAMES: [&str; 11] = [
    BulkDelete::NAME,
    BulkUpdate::NAME,
    Create::NAME,
    Delete::NAME,
    Get::NAME,
    List::NAME,
    Pause::NAME,
    WorkflowRuns::NAME,
    Trigger::NAME,
    Update::NAME,
    Workflows::NAME,
];

#[cfg(test)]
mod broken;
#[cfg(test)]
mod tests {
    use crate::model::RunId;

    /// A run's id to test with.
    pub(super) fn id() -> RunId {
        RunId::parse("7F2C1A5E-4b3d-4c2a-9e8f-0a1b2c3d4e5f").unwrap()
    }
}
