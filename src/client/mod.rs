//! The client: Hatchet's calls for scheduled runs, over any [`Platform`].

mod access;
mod bulk;
mod create;
mod delay;
mod due;
mod late;
mod list;
mod once;
mod operation;
mod page;
mod pause;
mod run;
mod run_ref;
mod runs;
mod server_time;
mod similar;
mod watch;
mod workflow_ref;

pub use bulk::{BulkCreate, BulkOptions, CHUNK, DEFAULT_CONCURRENCY, MOST_CONCURRENCY, NewTime, Progress, Selection};
pub use late::Confirmation;
pub use operation::Client;
#[cfg(all(target_arch = "wasm32", feature = "npm"))]
pub(crate) use operation::Operation;
pub use page::{DEFAULT_PAGE_SIZE, Iterate, IterateQuery, Pager};
pub use pause::{NewPause, Unpaused};
pub use run_ref::RunRef;
pub use runs::RunsQuery;
pub use watch::{Change, DEFAULT_INTERVAL, Watch, WatchOptions, diff, wait};
pub use workflow_ref::WorkflowRef;

use crate::api::{ListQuery, NewScheduledRun, TriggerRunResult};
use crate::error::Error;
use crate::model::{
    BulkChanged, BulkCreated, BulkDone, ClientWarning, RunId, ScheduledRun, ScheduledWorkflowsList, Warned, Workflow,
    WorkflowRun,
};
use crate::time::TriggerTime;
use crate::transport::{CallOptions, Platform, ServerTime};
use crate::value::Value;

impl<P: Platform> Client<P> {
    /// Schedules a run of the workflow.
    ///
    /// Without an idempotency key it is sent again only when the server surely did not act on it (429, or 503 with
    /// `Retry-After`). With one it is created once: see [`NewScheduledRun::idempotency_key`].
    ///
    /// # Errors
    /// [`ErrorKind`](crate::error::ErrorKind) tells them apart; for an unknown workflow the hint names similar ones.
    pub async fn create(
        &self,
        workflow_name: &str,
        run: NewScheduledRun,
        options: &CallOptions,
    ) -> Result<Warned, Error> {
        let operation = self.operation("create", options)?;
        operation.told(operation.create(workflow_name, run).await)
    }

    /// One run.
    ///
    /// # Errors
    /// 404 for a run that is not there, also because it fired.
    pub async fn get(&self, id: RunId, options: &CallOptions) -> Result<ScheduledRun, Error> {
        let operation = self.operation("get", options)?;
        operation.told(operation.get(id).await)
    }

    /// A page of runs. A metadata filter that the server cannot do (colons, numbers, booleans) is done here, over the
    /// whole listing.
    ///
    /// # Errors
    /// 404 for a workflow name that is not there.
    pub async fn list(&self, query: &ListQuery, options: &CallOptions) -> Result<ScheduledWorkflowsList, Error> {
        let operation = self.operation("list", options)?;
        operation.told(operation.list(query.clone()).await)
    }

    /// Moves a run.
    ///
    /// # Errors
    /// 404 for a run that is not there, also because it fired.
    pub async fn update(&self, run: RunRef, trigger_at: &TriggerTime, options: &CallOptions) -> Result<Warned, Error> {
        let operation = self.operation("update", options)?;
        operation.told(operation.update(run, trigger_at).await)
    }

    /// Whether a late update held: waits until 6 s after the run's old time, then looks the run up.
    ///
    /// A late *delete* cannot be confirmed: the run's row is gone either way.
    ///
    /// # Errors
    /// As `get`; that the run is not there is no error here.
    pub async fn confirm(&self, updated: &Warned, options: &CallOptions) -> Result<Confirmation, Error> {
        let operation = self.operation("confirm", options)?;
        operation.told(operation.confirm(&updated.run, updated.was_due()).await)
    }

    /// The time on the server; `None` where its answers do not show it. Asks for a row when no answer has shown it yet.
    ///
    /// # Errors
    /// As `list`.
    pub async fn server_time(&self, options: &CallOptions) -> Result<Option<ServerTime>, Error> {
        let operation = self.operation("serverTime", options)?;
        operation.told(operation.server_time().await)
    }

    /// What this client may do: the names of the operations under `allow`, and how they are narrowed. With a token of
    /// Hatchet's that is everything, and nothing is sent; a handler on a server is asked.
    ///
    /// # Errors
    /// As `list`.
    pub async fn access(&self, options: &CallOptions) -> Result<Value, Error> {
        let operation = self.operation("access", options)?;
        operation.told(operation.access().await)
    }

    /// The workflows whose name holds `name` anywhere, whatever its case; all of them for `None`.
    ///
    /// # Errors
    /// [`ErrorKind`](crate::error::ErrorKind) tells them apart.
    pub async fn workflows(&self, name: Option<&str>, options: &CallOptions) -> Result<Vec<Workflow>, Error> {
        let operation = self.operation("workflows", options)?;
        operation.told(operation.workflows_named(name).await)
    }

    /// The newest version of the workflow, as the server tells it: `inputJsonSchema` is there where the workflow
    /// declares what its input looks like. The server does not hold inputs against it.
    ///
    /// # Errors
    /// 404 for a workflow that is not there.
    pub async fn workflow_version(&self, workflow: WorkflowRef, options: &CallOptions) -> Result<Value, Error> {
        let operation = self.operation("workflowVersion", options)?;
        operation.told(operation.workflow_version(workflow).await)
    }

    /// The runs that started, or stand in line to, the newest first.
    ///
    /// # Errors
    /// 404 for a workflow name that is not there.
    pub async fn runs(&self, query: RunsQuery, options: &CallOptions) -> Result<Vec<WorkflowRun>, Error> {
        let operation = self.operation("runs", options)?;
        operation.told(operation.runs(query).await)
    }

    /// A run that started, by its id.
    ///
    /// # Errors
    /// 404 for a run that is not there.
    pub async fn run(&self, id: RunId, options: &CallOptions) -> Result<WorkflowRun, Error> {
        let operation = self.operation("run", options)?;
        operation.told(operation.run(id).await)
    }

    /// Pauses a workflow.
    ///
    /// # Errors
    /// 404 for a workflow that is not there.
    pub async fn pause(
        &self,
        workflow: WorkflowRef,
        pause: NewPause,
        options: &CallOptions,
    ) -> Result<Workflow, Error> {
        let operation = self.operation("pause", options)?;
        operation.told(operation.pause(workflow, pause).await)
    }

    /// Lets a paused workflow go on, and tells what that sets off; in a dry run only tells it.
    ///
    /// # Errors
    /// 404 for a workflow that is not there.
    pub async fn unpause(
        &self,
        workflow: WorkflowRef,
        dry_run: bool,
        options: &CallOptions,
    ) -> Result<Unpaused, Error> {
        let operation = self.operation("unpause", options)?;
        operation.told(operation.unpause(workflow, dry_run).await)
    }

    /// Deletes a run. That it is gone when the request is repeated is success.
    ///
    /// # Errors
    /// 404 for a run that is not there, also because it fired.
    pub async fn delete(&self, run: RunRef, options: &CallOptions) -> Result<Vec<ClientWarning>, Error> {
        let operation = self.operation("delete", options)?;
        operation.told(operation.delete(run).await)
    }

    /// Starts a run now. It is never sent again after an answer or a loss that may have started the run.
    ///
    /// # Errors
    /// 404 for a run that is not there, also because it fired.
    pub async fn trigger(&self, id: RunId, options: &CallOptions) -> Result<TriggerRunResult, Error> {
        let operation = self.operation("trigger", options)?;
        operation.told(operation.trigger(id).await)
    }

    /// Deletes any number of runs. A filter is first listed to ids, so that `statuses`, numbers and colons in metadata,
    /// and several conditions are honoured exactly; runs made in code are left out and told in `errors`.
    ///
    /// # Errors
    /// An id that is not there is no error of the call but an entry in `errors`. A call that was cut short is
    /// [`ErrorKind::Interrupted`](crate::error::ErrorKind::Interrupted).
    pub async fn bulk_delete(&self, selection: Selection, options: &BulkOptions) -> Result<BulkChanged, Error> {
        let operation = self.operation("bulkDelete", &options.call)?;
        operation.told(operation.bulk_delete(selection, options).await).map(BulkDone::changed)
    }

    /// Moves any number of runs. The same change of the same run twice is sent once; two different times for one run
    /// are refused, because either may win on the server.
    ///
    /// # Errors
    /// As [`bulk_delete`](Self::bulk_delete).
    pub async fn bulk_update(&self, updates: Vec<NewTime>, options: &BulkOptions) -> Result<BulkChanged, Error> {
        let operation = self.operation("bulkUpdate", &options.call)?;
        operation.told(operation.bulk_update(updates, options).await).map(BulkDone::changed)
    }

    /// Schedules any number of runs. All are checked before the first is sent.
    ///
    /// # Errors
    /// A run that the server refuses is no error of the call but an entry in `errors`. A call that was cut short is
    /// [`ErrorKind::Interrupted`](crate::error::ErrorKind::Interrupted); an item of unknown fate is named by its place
    /// in the input.
    pub async fn bulk_create(&self, runs: Vec<BulkCreate>, options: &BulkOptions) -> Result<BulkCreated, Error> {
        let operation = self.operation("bulkCreate", &options.call)?;
        operation.told(operation.bulk_create(runs, options).await).map(BulkDone::created)
    }
}
