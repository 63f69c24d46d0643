//! Pauses: holding back the runs of a workflow, and letting them go.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::operation::Operation;
use super::page::{DEFAULT_PAGE_SIZE, Pager};
use super::workflow_ref::WorkflowRef;
use crate::api::{CronRuns, Filter, ListQuery, OrderBy, Pause, ScheduledRuns, WorkflowRuns};
use crate::error::{Error, Refusal};
use crate::model::{MetadataFilter, OrderByDirection, OrderByField, Rows, RunStatus, Workflow, WorkflowRun};
use crate::time::Delay;
use crate::transport::Platform;
use crate::value::Invalid;

/// How to pause.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewPause {
    /// What becomes of scheduled runs that come due meanwhile.
    pub scheduled_runs: ScheduledRuns,
    /// What becomes of a cron's runs meanwhile. Default: they are left out.
    pub cron_runs: Option<CronRuns>,
    /// How long a run stands queued at most before it is cancelled.
    pub ttl: Option<Delay>,
}

/// What the end of a pause does.
#[derive(Debug, Clone, Serialize)]
pub struct Unpaused {
    /// The workflow: as it is now, or, in a dry run, as it is still.
    pub workflow: Workflow,
    /// The scheduled runs that are overdue, earliest first: all of them fire.
    pub overdue: Rows,
    /// The runs that stand queued: they go to workers.
    pub queued: Vec<WorkflowRun>,
}

/// What the server is told where no run queues.
const UNUSED_TTL: Duration = Duration::from_secs(3600);
/// How long back queued runs are looked for.
const QUEUED_SINCE: chrono::TimeDelta = chrono::TimeDelta::days(30);
/// The most that are told of.
const MOST_QUEUED: usize = 10_000;

impl NewPause {
    fn ttl(&self) -> Result<Duration, Invalid> {
        let queues = self.scheduled_runs == ScheduledRuns::Queue || self.cron_runs == Some(CronRuns::Queue);
        let refuse = |reason: String| Invalid::new("pause.ttl", reason);
        match &self.ttl {
            None if queues => Err(refuse(
                "is missing: runs that queue longer than this are cancelled; say how long, such as \"12h\"".to_owned(),
            )),
            None => Ok(UNUSED_TTL),
            Some(ttl) => match ttl.millis().map_err(refuse)? {
                milliseconds if milliseconds < 1_000 => Err(refuse("must be at least a second".to_owned())),
                milliseconds => Ok(Duration::from_millis(milliseconds.unsigned_abs())),
            },
        }
    }
}

impl<P: Platform> Operation<'_, P> {
    pub(crate) async fn pause(&self, workflow: WorkflowRef, pause: NewPause) -> Result<Workflow, Error> {
        let ttl = pause.ttl()?;
        let id = self.id_of(workflow).await?;
        let crons = pause.cron_runs.unwrap_or(CronRuns::Drop);
        self.call.send(&Pause { workflow: &id, pause: Some((pause.scheduled_runs, crons, ttl)) }).await
    }

    pub(crate) async fn unpause(&self, workflow: WorkflowRef, dry_run: bool) -> Result<Unpaused, Error> {
        let id = self.id_of(workflow).await?;
        let found = self.workflows(None, &|workflow| workflow.id == id).await?.into_iter().next();
        let Some(workflow) = found else { return Err(Error::refused(Refusal::unknown_workflow(&id, "workflow"))) };
        let overdue = if workflow.paused().is_some() { self.overdue(&id).await? } else { Rows::default() };
        let queued = if workflow.paused().is_some_and(|behavior| behavior != "DROP") {
            let none = MetadataFilter::default();
            let since = self.call.now() - QUEUED_SINCE;
            let which = WorkflowRuns {
                since,
                until: None,
                workflow_id: Some(&id),
                statuses: &[RunStatus::Queued],
                additional_metadata: &none,
                payloads: false,
                offset: 0,
                limit: MOST_QUEUED,
            };
            self.runs_that(which).await?
        } else {
            Vec::new()
        };
        let workflow = if dry_run { workflow } else { self.call.send(&Pause { workflow: &id, pause: None }).await? };
        Ok(Unpaused { workflow, overdue, queued })
    }

    /// The runs of a workflow that are overdue. Read in the order of their times, the rest need not be.
    async fn overdue(&self, workflow: &str) -> Result<Rows, Error> {
        let order = OrderBy { field: Some(OrderByField::TriggerAt), direction: Some(OrderByDirection::Asc) };
        let filter = Filter { workflow_id: Some(workflow.to_owned()), ..Filter::default() };
        let mut query = ListQuery { filter, order, ..ListQuery::default() };
        let mut pager = Pager::new(order, DEFAULT_PAGE_SIZE);
        let (mut overdue, now) = (Rows::default(), self.call.now());
        while let Some(runs) = self.next_runs(&mut query, None, &mut pager).await? {
            let heads = runs.heads().map_err(Error::decode)?;
            let due = heads.iter().take_while(|run| run.trigger_at <= now).count();
            let is_last = due < heads.len();
            let places: Vec<u32> = (0..due as u32).collect();
            overdue.append(runs.pick(&places));
            if is_last {
                break;
            }
        }
        Ok(overdue)
    }
}
