//! The client: Hatchet's calls for scheduled runs, over any [`Platform`].

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use crate::bulk::{BulkCreate, BulkCreated, BulkOptions, NewTime, Selection};
use crate::call::{Call, CallOptions};
use crate::config::Config;
use crate::error::{BulkDone, Error, ErrorDetail, Refusal};
use crate::invalid::Invalid;
use crate::late::{Confirmation, DueTimes, RunRef};
use crate::model::{BulkChanged, ClientWarning, Pagination, ScheduledWorkflows, ScheduledWorkflowsList, Workflow};
use crate::operations::check_workflow_name;
use crate::operations::{
    Create, Delete, Filter, Get, List, ListQuery, NewScheduledRun, RunId, Trigger, TriggerRunResult, Update, Workflows,
};
use crate::platform::Platform;
use crate::text::{lower_case, quoted};
use crate::time::TriggerTime;

/// What the server pages by when nothing is said.
const DEFAULT_LIMIT: usize = 50;
/// How many workflows are asked for at once.
const WORKFLOWS_PAGE: usize = 200;

/// A client of one tenant. Clones share everything.
pub struct Client<P>(Rc<Shared<P>>);

struct Shared<P> {
    platform: P,
    config: Config,
    due: RefCell<DueTimes>,
}

impl<P> Clone for Client<P> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<P> fmt::Debug for Client<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("config", &self.0.config).finish_non_exhaustive()
    }
}

/// A run that was moved, and what should be known about that.
#[derive(Debug, Clone)]
pub struct Updated {
    /// The run with its new time.
    pub run: ScheduledWorkflows,
    /// Empty when there is nothing to say.
    pub warnings: Vec<ClientWarning>,
}

impl<P: Platform> Client<P> {
    /// A client; nothing is sent.
    pub fn new(platform: P, config: Config) -> Self {
        Self(Rc::new(Shared { platform, config, due: RefCell::default() }))
    }

    pub(crate) fn platform(&self) -> &P {
        &self.0.platform
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn due(&self) -> &RefCell<DueTimes> {
        &self.0.due
    }

    /// A call from its checks to its end: whatever fails is told as a failure of this operation.
    pub(crate) async fn call<T>(
        &self,
        operation: &'static str,
        options: &CallOptions,
        run: impl AsyncFnOnce(&Call<'_, P>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let run = async { run(&Call::new(self, operation, options)?).await };
        run.await.map_err(|error| error.in_operation(operation))
    }

    /// Schedules a run of the workflow.
    ///
    /// Without an idempotency key it is sent again only when the server surely did not act on it (429, or 503 with
    /// `Retry-After`). With one it is created once: see [`crate::once`].
    ///
    /// # Errors
    /// [`ErrorKind`](crate::error::ErrorKind) tells them apart; for an unknown workflow the hint names similar ones.
    pub async fn create(
        &self,
        workflow_name: &str,
        run: NewScheduledRun,
        options: &CallOptions,
    ) -> Result<ScheduledWorkflows, Error> {
        self.call("create", options, async |call| call.create(workflow_name, run).await).await
    }

    /// One run.
    ///
    /// # Errors
    /// 404 for a run that is not there, also because it fired.
    pub async fn get(&self, id: RunId, options: &CallOptions) -> Result<ScheduledWorkflows, Error> {
        self.call("get", options, async |call| call.get(id).await).await
    }

    /// A page of runs. A metadata filter that the server cannot do (colons, numbers, booleans) is done here, over the
    /// whole listing.
    ///
    /// # Errors
    /// 404 for a workflow name that is not there.
    pub async fn list(&self, query: &ListQuery, options: &CallOptions) -> Result<ScheduledWorkflowsList, Error> {
        self.call("list", options, async |call| call.list(query.clone()).await).await
    }

    /// Moves a run.
    ///
    /// # Errors
    /// 404 for a run that is not there, also because it fired.
    pub async fn update(&self, run: RunRef, trigger_at: &TriggerTime, options: &CallOptions) -> Result<Updated, Error> {
        self.call("update", options, async |call| call.update(run, trigger_at).await).await
    }

    /// Whether a late update held: waits until 6 s after the run's old time, then looks the run up.
    ///
    /// A late *delete* cannot be confirmed: the run's row is gone either way.
    ///
    /// # Errors
    /// As `get`; that the run is not there is no error here.
    pub async fn confirm(&self, updated: &Updated, options: &CallOptions) -> Result<Confirmation, Error> {
        self.call("confirm", options, async |call| call.confirm(updated).await).await
    }

    /// Deletes a run. That it is gone when the request is repeated is success.
    ///
    /// # Errors
    /// 404 for a run that is not there, also because it fired.
    pub async fn delete(&self, run: RunRef, options: &CallOptions) -> Result<Vec<ClientWarning>, Error> {
        self.call("delete", options, async |call| call.delete(run).await).await
    }

    /// Starts a run now. It is never sent again after an answer or a loss that may have started the run.
    ///
    /// # Errors
    /// 404 for a run that is not there, also because it fired.
    pub async fn trigger(&self, id: RunId, options: &CallOptions) -> Result<TriggerRunResult, Error> {
        self.call("trigger", options, async |call| call.trigger(id).await).await
    }

    /// Deletes any number of runs. A filter is first listed to ids, so that `statuses`, numbers and colons in metadata,
    /// and several conditions are honoured exactly; runs made in code are left out and told in `errors`.
    ///
    /// # Errors
    /// An id that is not there is no error of the call but an entry in `errors`. A call that was cut short is
    /// [`ErrorKind::Interrupted`](crate::error::ErrorKind::Interrupted).
    pub async fn bulk_delete(&self, selection: Selection, options: &BulkOptions) -> Result<BulkChanged, Error> {
        let done = self.call("bulkDelete", &options.call, async |call| call.bulk_delete(selection, options).await);
        done.await.map(BulkDone::changed)
    }

    /// Moves any number of runs. The same change of the same run twice is sent once; two different times for one run
    /// are refused, because either may win on the server.
    ///
    /// # Errors
    /// As [`bulk_delete`](Self::bulk_delete).
    pub async fn bulk_update(&self, updates: Vec<NewTime>, options: &BulkOptions) -> Result<BulkChanged, Error> {
        let done = self.call("bulkUpdate", &options.call, async |call| call.bulk_update(updates, options).await);
        done.await.map(BulkDone::changed)
    }

    /// Schedules any number of runs. All are checked before the first is sent.
    ///
    /// # Errors
    /// A run that the server refuses is no error of the call but an entry in `errors`. A call that was cut short is
    /// [`ErrorKind::Interrupted`](crate::error::ErrorKind::Interrupted); an item of unknown fate is named by its place
    /// in the input.
    pub async fn bulk_create(&self, runs: Vec<BulkCreate>, options: &BulkOptions) -> Result<BulkCreated, Error> {
        let done = self.call("bulkCreate", &options.call, async |call| call.bulk_create(runs, options).await);
        done.await.map(BulkDone::created)
    }
}

impl<P: Platform> Call<'_, P> {
    pub(crate) async fn create(&self, workflow_name: &str, run: NewScheduledRun) -> Result<ScheduledWorkflows, Error> {
        let create = self.prepare_create(workflow_name, run).map_err(run_argument)?;
        let created = self.create_prepared(&create).await;
        match created {
            Err(error) if is_unknown_workflow(&error) => Err(self.hint_at_similar(error, &create.workflow_name).await),
            created => created,
        }
    }

    pub(crate) async fn get(&self, id: RunId) -> Result<ScheduledWorkflows, Error> {
        let run = self.send(&Get { id }).await.map_err(may_have_fired)?;
        self.remember(&run);
        Ok(run)
    }

    pub(crate) async fn list(&self, mut query: ListQuery) -> Result<ScheduledWorkflowsList, Error> {
        query.check().map_err(|invalid| invalid.under("query"))?;
        let workflow_id = self.workflow_id(&query.filter).await?;
        if query.filter.is_servers() {
            let page = self.send(&List { query: &query, workflow_id: workflow_id.as_deref() }).await?;
            page.rows.iter().for_each(|run| self.remember(run));
            return Ok(page);
        }
        let (offset, limit) = (query.offset.unwrap_or(0), query.limit.unwrap_or(DEFAULT_LIMIT));
        let rows = self.every_run(&mut query, workflow_id.as_deref()).await?;
        Ok(page_of(rows, offset, limit))
    }

    pub(crate) async fn update(&self, run: RunRef, trigger_at: &TriggerTime) -> Result<Updated, Error> {
        let trigger_at = self.resolve(trigger_at).map_err(|invalid| invalid.under("triggerAt").under("change"))?;
        let due = self.due_time(run);
        let moved = self.send(&Update { id: run.id, trigger_at }).await.map_err(may_have_fired)?;
        let warnings = self.late_change(run.id, due).into_iter().collect();
        self.remember(&moved);
        Ok(Updated { run: moved, warnings })
    }

    pub(crate) async fn delete(&self, run: RunRef) -> Result<Vec<ClientWarning>, Error> {
        let due = self.due_time(run);
        match self.send(&Delete { id: run.id }).await {
            Err(error) if !(error.is_not_found() && error.attempts() > 1) => return Err(may_have_fired(error)),
            _ => {}
        }
        self.forget(run.id);
        Ok(self.late_change(run.id, due).into_iter().collect())
    }

    pub(crate) async fn trigger(&self, id: RunId) -> Result<TriggerRunResult, Error> {
        let started = self.send(&Trigger { id }).await.map_err(|error| {
            if error.may_have_acted() {
                error.with_hint("The run may have started all the same: `get` answers 404 then")
            } else {
                may_have_fired(error)
            }
        })?;
        self.forget(id);
        Ok(started)
    }

    /// The instant that is meant.
    pub(crate) fn resolve(&self, time: &TriggerTime) -> Result<chrono::DateTime<chrono::Utc>, Invalid> {
        time.resolve(self.now(), self.client.platform())
    }

    /// Checks a run to create; paths are those of the run, but for `workflowName`.
    pub(crate) fn prepare_create(&self, workflow_name: &str, run: NewScheduledRun) -> Result<Create, Invalid> {
        check_workflow_name(workflow_name)?;
        let trigger_at = self.resolve(&run.trigger_at).map_err(|invalid| invalid.under("triggerAt"))?;
        Create::new(self.namespace.apply(workflow_name), trigger_at, run)
    }

    /// Creates a run, once where it has a key.
    pub(crate) async fn create_prepared(&self, create: &Create) -> Result<ScheduledWorkflows, Error> {
        let run = match create.key() {
            Some(key) => self.create_once(create, key).await?,
            None => self.send(create).await.map_err(|error| {
                if error.may_have_acted() {
                    error.with_hint(
                        "The run may have been created all the same: list before repeating, or give an idempotencyKey",
                    )
                } else {
                    error
                }
            })?,
        };
        self.remember(&run);
        Ok(run)
    }

    /// The id of the workflow that a filter names.
    pub(crate) async fn workflow_id(&self, filter: &Filter) -> Result<Option<String>, Error> {
        let Some(name) = &filter.workflow_name else { return Ok(None) };
        let name = self.namespace.apply(name);
        let found = self.workflows(Some(&name), &|workflow| workflow.name == name).await?;
        match found.into_iter().next() {
            Some(workflow) => Ok(Some(workflow.id)),
            None => {
                let description = format!("there is no workflow {}", quoted(&name));
                let refusal = Refusal {
                    status: 404,
                    errors: vec![ErrorDetail { description, code: None, field: Some("workflowName".to_owned()) }],
                    body: "null".to_owned(),
                    headers: Vec::new(),
                    retry_after: None,
                };
                Err(self.hint_at_similar(Error::refused(refusal), &name).await)
            }
        }
    }

    /// The workflows that pass, of those whose name holds `name`.
    async fn workflows(&self, name: Option<&str>, passes: &dyn Fn(&Workflow) -> bool) -> Result<Vec<Workflow>, Error> {
        let mut found = Vec::new();
        let mut offset = 0;
        loop {
            let page = self.send(&Workflows { name, offset, limit: WORKFLOWS_PAGE }).await?;
            let count = page.len();
            for workflow in page {
                if passes(&workflow) {
                    found.push(workflow);
                }
            }
            offset += count;
            if count < WORKFLOWS_PAGE {
                return Ok(found);
            }
        }
    }

    /// The error, with a hint at workflows whose name differs from this one only in case or by the namespace.
    async fn hint_at_similar(&self, error: Error, name: &str) -> Error {
        let bare = |name: &str| {
            let name = lower_case(name);
            name.strip_prefix(self.namespace.as_str()).map(str::to_owned).unwrap_or(name)
        };
        let wanted = bare(name);
        let similar = |workflow: &Workflow| {
            let known = bare(&workflow.name);
            known == wanted || known.strip_suffix(&wanted).is_some_and(|namespace| namespace.ends_with('_'))
        };
        let found = self.workflows(None, &similar).await.unwrap_or_default();
        let mut names = String::new();
        for workflow in found.iter().take(5) {
            names.push_str(if names.is_empty() { "" } else { ", " });
            names.push_str(&quoted(&workflow.name));
        }
        if names.is_empty() {
            return error;
        }
        error.with_hint(
            ["Workflow names are case-sensitive and carry their namespace: did you mean ", &names, "?"].concat(),
        )
    }
}

/// The page of rows that were filtered here.
fn page_of(rows: Vec<ScheduledWorkflows>, offset: usize, limit: usize) -> ScheduledWorkflowsList {
    let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let num_pages = rows.len().div_ceil(limit);
    let current_page = offset / limit + 1;
    ScheduledWorkflowsList {
        pagination: Pagination {
            current_page: whole(current_page),
            next_page: whole((current_page + 1).min(num_pages.max(1))),
            num_pages: whole(num_pages),
        },
        rows: rows.into_iter().skip(offset).take(limit).collect(),
    }
}

/// The same refusal seen from the arguments of `create`.
fn run_argument(invalid: Invalid) -> Invalid {
    if invalid.path == "workflowName" { invalid } else { invalid.under("run") }
}

fn is_unknown_workflow(error: &Error) -> bool {
    matches!(error.kind(), crate::error::ErrorKind::Api(refusal) if refusal.status == 400
        && refusal.errors.iter().any(|error| error.description.eq_ignore_ascii_case("workflow not found")))
}

fn may_have_fired(error: Error) -> Error {
    if error.is_not_found() && error.hint().is_none() {
        error.with_hint("It may have fired: Hatchet deletes a scheduled run when it fires")
    } else {
        error
    }
}
