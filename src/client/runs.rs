//! `runs`: what started, or stands in line to.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::operation::Operation;
use crate::api::{Filter, WorkflowRun as GetRun, WorkflowRuns};
use crate::error::Error;
use crate::model::{MetadataFilter, RunId, RunStatus, WorkflowRun, matching};
use crate::time::TriggerTime;
use crate::transport::Platform;
use crate::value::Invalid;

/// Which of the runs that started.
#[derive(Debug, Clone, Default)]
pub struct RunsQuery {
    /// Made at this time or later. Default: 24 hours ago, by the server's clock.
    pub since: Option<TriggerTime>,
    /// Made at this time or before. Default: any.
    pub until: Option<TriggerTime>,
    /// Of this workflow, by id.
    pub workflow_id: Option<String>,
    /// Of this workflow, by exact name; the namespace is applied.
    pub workflow_name: Option<String>,
    /// With one of these statuses; all when empty.
    pub statuses: Vec<RunStatus>,
    /// Whose metadata holds all of these values. A run has the metadata of the scheduled run that it came from.
    pub additional_metadata: MetadataFilter,
    /// Whether their inputs and outputs are read, too. Default: they are.
    pub payloads: Option<bool>,
    /// How many at most. Default 1,000.
    pub limit: Option<usize>,
}

/// How many runs are answered at most, unless told otherwise.
const DEFAULT_LIMIT: usize = 1_000;
/// How many are asked for at once.
const PAGE: usize = 500;

impl<P: Platform> Operation<'_, P> {
    pub(crate) async fn runs(&self, query: RunsQuery) -> Result<Vec<WorkflowRun>, Error> {
        let RunsQuery { workflow_id, workflow_name, additional_metadata, .. } = &query;
        let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
        if limit == 0 {
            return Err(Invalid::new("query.limit", "must be at least 1").into());
        }
        let filter = Filter {
            workflow_id: workflow_id.clone(),
            workflow_name: workflow_name.clone(),
            additional_metadata: additional_metadata.clone(),
            ..Filter::default()
        };
        filter.check().map_err(|invalid| invalid.under("query"))?;
        let since = self.instant(query.since.as_ref(), "query.since")?;
        let until = self.instant(query.until.as_ref(), "query.until")?;
        let named = self.workflow_id(&filter).await?;
        let since = since.unwrap_or_else(|| self.call.now() - TimeDelta::days(1));
        let workflow_id = named.as_deref().or(workflow_id.as_deref());
        let payloads = query.payloads.unwrap_or(true);
        let statuses = &query.statuses;
        let which =
            WorkflowRuns { since, until, workflow_id, statuses, additional_metadata, payloads, offset: 0, limit };
        self.runs_that(which).await
    }

    pub(crate) async fn run(&self, id: RunId) -> Result<WorkflowRun, Error> {
        self.call.send(&GetRun { id }).await
    }

    /// The newest of the runs that match, up to the limit. Others may come while they are read, so that one may stand on two pages.
    pub(super) async fn runs_that(&self, mut which: WorkflowRuns<'_>) -> Result<Vec<WorkflowRun>, Error> {
        let (mut runs, mut seen, most) = (Vec::new(), HashSet::new(), which.limit);
        loop {
            // What is compared here may leave out any number of a page.
            which.limit = if which.additional_metadata.is_empty() { PAGE.min(most - runs.len()) } else { PAGE };
            let rows = self.call.send(&which).await?;
            for place in matching(&rows, which.additional_metadata) {
                let value = rows.get(place as usize).unwrap_or_default();
                let run = WorkflowRun::new(value);
                let run = run.map_err(|invalid| Error::decode(invalid.under(&format!("[{place}]")).under("rows")))?;
                if runs.len() < most && seen.insert(run.id) {
                    runs.push(run);
                }
            }
            if rows.len() < which.limit || runs.len() == most {
                return Ok(runs);
            }
            which.offset += rows.len();
        }
    }

    /// An instant of a query, where one is given.
    fn instant(&self, time: Option<&TriggerTime>, path: &str) -> Result<Option<DateTime<Utc>>, Invalid> {
        match time {
            None => Ok(None),
            Some(TriggerTime::In(_)) => {
                Err(Invalid::new(path, "must be a time, and a delay leads to one that is to come"))
            }
            Some(time) => Ok(Some(self.resolve(time).map_err(|invalid| invalid.under(path))?.0)),
        }
    }
}
