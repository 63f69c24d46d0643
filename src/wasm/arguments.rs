//! The arguments of the calls, and the settings of a client. One structure serves all calls: each takes the members that
//! are its own, and the facade has refused those that are not.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use js_sys::Function;
use serde::Deserialize;
use wasm_bindgen::JsValue;

use crate::api::{Filter, ListQuery, NewScheduledRun, OnExisting, OrderBy};
use crate::client::{
    BulkCreate, BulkOptions, IterateQuery, NewPause, NewTime, Progress, RunRef, RunsQuery, Selection, WatchOptions,
    WorkflowRef,
};
use crate::model::{
    Instant, MetadataFilter, OrderByDirection, OrderByField, Rows, RunId, ScheduledRun, ScheduledRunStatus,
};
use crate::time::TriggerTime;
use crate::transport::{self, CallOptions, Cancel, check_duration};
use crate::value::{Invalid, List, Value};

/// What a method was given.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Arguments {
    workflow_name: Option<String>,
    run: Option<Run>,
    runs: Option<Vec<Run>>,
    scheduled: Option<RunRef>,
    workflow: Option<Value>,
    pause: Option<NewPause>,
    started: Option<RunRef>,
    change: Option<Change>,
    updated: Option<Value>,
    updates: Option<List>,
    query: Option<Query>,
    selection: Option<Query>,
    options: Option<Options>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    workflow_name: Option<String>,
    trigger_at: TriggerTime,
    input: Option<Value>,
    additional_metadata: Option<Value>,
    priority: Option<i32>,
    idempotency_key: Option<String>,
    on_existing: Option<OnExisting>,
    traceable: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    trigger_at: TriggerTime,
}

/// Which runs, in which order, and how many: of listings and deletions.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Query {
    name: Option<String>,
    workflow_id: Option<String>,
    workflow_name: Option<String>,
    parent_workflow_run_id: Option<String>,
    parent_step_run_id: Option<String>,
    statuses: Option<Value>,
    since: Option<TriggerTime>,
    until: Option<TriggerTime>,
    additional_metadata: Option<MetadataFilter>,
    order_by_field: Option<OrderByField>,
    order_by_direction: Option<OrderByDirection>,
    offset: Option<usize>,
    limit: Option<usize>,
    include_payloads: Option<bool>,
    page_size: Option<usize>,
    scheduled_ids: Option<Vec<RunRef>>,
    all: Option<bool>,
}

/// The options of a client and of its calls.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Options {
    token: Option<String>,
    server_url: Option<String>,
    api_url: Option<String>,
    tenant_id: Option<String>,
    namespace: Option<String>,
    keepalive: Option<bool>,
    timeout_ms: Option<f64>,
    total_timeout_ms: Option<f64>,
    max_retries: Option<usize>,
    headers: Option<HashMap<String, String>>,
    dry_run: Option<bool>,
    concurrency: Option<usize>,
    interval_ms: Option<f64>,
    known: Option<List>,
}

impl Arguments {
    /// `workflowName` and `run` of `create`.
    pub(super) fn create(&mut self) -> Result<(String, NewScheduledRun), Invalid> {
        let name = required(self.workflow_name.take(), "workflowName", "a string")?;
        Ok((name, required(self.run.take(), "run", "an object")?.into_run()))
    }

    /// `runs` of `bulkCreate`.
    pub(super) fn creates(&mut self) -> Result<Vec<BulkCreate>, Invalid> {
        let runs = required(self.runs.take(), "runs", "an array or another iterable")?;
        let mut creates = Vec::with_capacity(runs.len());
        for mut run in runs {
            let Some(workflow_name) = run.workflow_name.take() else {
                return Err(Invalid::new(format!("runs[{}].workflowName", creates.len()), "is missing"));
            };
            creates.push(BulkCreate { workflow_name, run: run.into_run() });
        }
        Ok(creates)
    }

    /// `pause` of `pause`.
    pub(super) fn pause(&mut self) -> Result<NewPause, Invalid> {
        required(self.pause.take(), "pause", "an object")
    }

    /// `started` of `run`: its id, or what `trigger` answered.
    pub(super) fn started(&self) -> Result<RunId, Invalid> {
        required(self.started, "run", RunRef::EXPECTED).map(|run| run.id)
    }

    /// `query` of `runs`.
    pub(super) fn runs_query(&mut self) -> Result<RunsQuery, Invalid> {
        let query = self.query.take().unwrap_or_default();
        let statuses = query.statuses.map(|given| given.read()).transpose();
        let statuses = statuses.map_err(|invalid| invalid.under("statuses").under("query"))?;
        Ok(RunsQuery {
            since: query.since,
            until: query.until,
            workflow_id: query.workflow_id,
            workflow_name: query.workflow_name,
            statuses: statuses.unwrap_or_default(),
            additional_metadata: query.additional_metadata.unwrap_or_default(),
            payloads: query.include_payloads,
            limit: query.limit,
        })
    }

    /// `query` of `workflows`.
    pub(super) fn workflow_name_part(&mut self) -> Option<String> {
        self.query.take().and_then(|query| query.name)
    }

    /// `scheduled` of the calls of one run.
    pub(super) fn scheduled(&self) -> Result<RunRef, Invalid> {
        required(self.scheduled, "scheduled", RunRef::EXPECTED)
    }

    /// `workflow` of the calls of one workflow.
    pub(super) fn workflow(&mut self) -> Result<WorkflowRef, Invalid> {
        let workflow = required(self.workflow.take(), "workflow", "a name, an id, or an object with its metadata")?;
        match workflow.as_text() {
            Some(text) => Ok(text.as_str().into()),
            None => match workflow.read::<RunRef>() {
                Ok(RunRef { id, .. }) => Ok(WorkflowRef::Id(id)),
                Err(invalid) => Err(invalid.under("workflow")),
            },
        }
    }

    /// `change` of `update`.
    pub(super) fn trigger_at(&mut self) -> Result<TriggerTime, Invalid> {
        Ok(required(self.change.take(), "change", "an object")?.trigger_at)
    }

    /// `updated` of `confirm`: a run as `update` gave it, and when it was due before, by the warnings that came with it.
    pub(super) fn updated(&self) -> Result<(ScheduledRun, Option<DateTime<Utc>>), Invalid> {
        #[derive(Deserialize)]
        struct Told {
            warnings: Option<Vec<Late>>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Late {
            due_at: Option<Instant>,
        }
        let value = required(self.updated.clone(), "updated", "an object")?;
        let read = || {
            let Told { warnings } = value.read()?;
            let due =
                warnings.unwrap_or_default().into_iter().filter_map(|late| late.due_at).map(|Instant(at)| at).max();
            Ok((ScheduledRun::new(value.clone())?, due))
        };
        read().map_err(|invalid: Invalid| given_before(invalid).under("updated"))
    }

    /// `updates` of `bulkUpdate`.
    pub(super) fn updates(&mut self) -> Result<Vec<NewTime>, Invalid> {
        let updates = required(self.updates.take(), "updates", "an array or another iterable")?;
        let plain = |[id, time]: [&str; 2]| {
            let run = RunRef::from(RunId::parse(id).ok()?);
            (!time.is_empty()).then(|| NewTime { run, trigger_at: TriggerTime::Text(time.to_owned()) })
        };
        updates.read_each(["id", "triggerAt"], plain).map_err(|invalid| invalid.under("updates"))
    }

    /// `query` of `list`.
    pub(super) fn list_query(&mut self) -> Result<ListQuery, Invalid> {
        let (offset, limit) = self.query.as_ref().map(|query| (query.offset, query.limit)).unwrap_or_default();
        let (filter, order) = self.filter_and_order()?;
        Ok(ListQuery { filter, order, offset, limit })
    }

    /// `query` of `iterate`, and of `watch`, which has no use for the order.
    pub(super) fn iterate_query(&mut self) -> Result<IterateQuery, Invalid> {
        let page_size = self.query.as_ref().and_then(|query| query.page_size);
        if page_size == Some(0) {
            return Err(Invalid::new("query.pageSize", "must be at least 1"));
        }
        let (filter, order) = self.filter_and_order()?;
        Ok(IterateQuery { filter, order, page_size })
    }

    fn filter_and_order(&mut self) -> Result<(Filter, OrderBy), Invalid> {
        let query = self.query.take().unwrap_or_default();
        let order = OrderBy { field: query.order_by_field, direction: query.order_by_direction };
        Ok((query.filter().map_err(|invalid| invalid.under("query"))?, order))
    }

    /// `selection` of `bulkDelete`: exactly one of its forms.
    pub(super) fn selection(&mut self) -> Result<Selection, Invalid> {
        let mut selection = required(self.selection.take(), "selection", "an object")?;
        let (runs, all) = (selection.scheduled_ids.take(), selection.all);
        let filter = selection.filter().map_err(|invalid| invalid.under("selection"))?;
        match (runs, all) {
            (Some(runs), None) if filter.is_empty() => Ok(Selection::Runs(runs)),
            (None, Some(true)) if filter.is_empty() => Ok(Selection::All),
            (None, None) => Ok(Selection::Filter(filter)),
            (None, Some(false)) => Err(Invalid::new("selection.all", "must be true, or be left out")),
            _ => Err(Invalid::new(
                "selection",
                "says which runs in more than one way; give scheduledIds, or conditions, or all: true",
            )),
        }
    }

    /// The options of any call; those of bulk calls are of no use to the others.
    pub(super) fn options(&mut self, cancel: Cancel, on_progress: Option<Function>) -> BulkOptions {
        let options = self.options.take().unwrap_or_default();
        let on_progress = on_progress.map(|listener| -> Rc<dyn Fn(Progress)> {
            // What a listener throws is its own affair.
            Rc::new(move |progress| {
                let _ = listener.call1(&JsValue::UNDEFINED, Value::of(&progress).as_js());
            })
        });
        let (concurrency, dry_run) = (options.concurrency, options.dry_run.unwrap_or_default());
        BulkOptions { call: options.call(cancel), concurrency, dry_run, on_progress }
    }

    /// The options of `watch`.
    pub(super) fn watch_options(&mut self, cancel: Cancel) -> Result<WatchOptions, Invalid> {
        let mut options = self.options.take().unwrap_or_default();
        let interval = options.interval_ms.map(duration);
        check_duration(interval, "options.intervalMs")?;
        let known = options.known.take().map(known).transpose();
        let known = known.map_err(|invalid| given_before(invalid).under("options.known"))?;
        Ok(WatchOptions { call: options.call(cancel), interval, known })
    }
}

/// An argument that has to be there.
fn required<T>(given: Option<T>, name: &str, expected: &str) -> Result<T, Invalid> {
    given.ok_or_else(|| Invalid::new(name, format!("expected {expected}, got undefined")))
}

/// Runs that calls gave are read as answers are.
fn given_before(invalid: Invalid) -> Invalid {
    let reason = format!("is not as a call of this client gave it: {}", invalid.reason);
    invalid.because(reason)
}

/// Runs that a watch goes on from. What is wrong with one is told before anything is asked for.
fn known(given: List) -> Result<Rows, Invalid> {
    let rows = Rows::new(given)?;
    rows.heads()?;
    Ok(rows)
}

/// Milliseconds as JavaScript counts. What is no length of time is zero here, and what is too long the longest: both are
/// refused with the limits of the option.
fn duration(milliseconds: f64) -> Duration {
    let longest = if milliseconds > 0.0 { Duration::MAX } else { Duration::ZERO };
    Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or(longest)
}

impl Run {
    fn into_run(self) -> NewScheduledRun {
        NewScheduledRun {
            trigger_at: self.trigger_at,
            input: self.input.unwrap_or_default(),
            additional_metadata: self.additional_metadata.unwrap_or_default(),
            priority: self.priority,
            idempotency_key: self.idempotency_key,
            on_existing: self.on_existing.unwrap_or_default(),
            traceable: self.traceable.unwrap_or_default(),
        }
    }
}

impl Query {
    fn filter(self) -> Result<Filter, Invalid> {
        let statuses: Option<Vec<ScheduledRunStatus>> = match &self.statuses {
            Some(given) => Some(given.read().map_err(|invalid| invalid.under("statuses"))?),
            None => None,
        };
        if statuses.as_ref().is_some_and(Vec::is_empty) {
            // It would match nothing here and everything on the server.
            return Err(Invalid::new("statuses", "is empty; leave it out for any status"));
        }
        Ok(Filter {
            workflow_id: self.workflow_id,
            workflow_name: self.workflow_name,
            parent_workflow_run_id: self.parent_workflow_run_id,
            parent_step_run_id: self.parent_step_run_id,
            statuses: statuses.unwrap_or_default(),
            additional_metadata: self.additional_metadata.unwrap_or_default(),
        })
    }
}

impl Options {
    fn call(self, cancel: Cancel) -> CallOptions {
        CallOptions {
            cancel,
            keepalive: self.keepalive.unwrap_or_default(),
            namespace: self.namespace,
            timeout: self.timeout_ms.map(duration),
            total_timeout: self.total_timeout_ms.map(duration),
            max_retries: self.max_retries.map(|retries| retries as u32),
            headers: self.headers.into_iter().flatten().collect(),
        }
    }

    /// As the options of a client, but for the token, which may be a function.
    pub(super) fn client(self, token: Option<transport::TokenSource>) -> transport::Options {
        transport::Options {
            token: token.or(self.token.map(transport::TokenSource::Fixed)),
            server_url: self.server_url,
            tenant_id: self.tenant_id,
            namespace: self.namespace,
            timeout: self.timeout_ms.map(duration),
            total_timeout: self.total_timeout_ms.map(duration),
            max_retries: self.max_retries.map(|retries| retries as u32),
            headers: self.headers.into_iter().flatten().collect(),
        }
    }

    /// As the variables of the environment, under the names of the options.
    pub(super) fn environment(self) -> transport::Environment {
        transport::Environment {
            token: self.token,
            tenant_id: self.tenant_id,
            server_url: self.server_url,
            api_url: self.api_url,
            namespace: self.namespace,
        }
    }
}
