//! `bulkCreate`: any number of creates, a few at a time.

use std::ops::Range;

use futures_util::future::LocalBoxFuture;

use super::BulkOptions;
use super::ledger::{Fate, Ledger, Settled};
use crate::api::{Create, NewScheduledRun};
use crate::client::operation::Operation;
use crate::error::{Error, ErrorKind};
use crate::model::{BulkCreated, BulkDone};
use crate::transport::Platform;

/// A run to schedule, and of which workflow.
#[derive(Debug, Clone)]
pub struct BulkCreate {
    /// The workflow's name; the namespace is applied.
    pub workflow_name: String,
    /// The run.
    pub run: NewScheduledRun,
}

impl<P: Platform> Operation<'_, P> {
    pub(crate) async fn bulk_create(&self, runs: Vec<BulkCreate>, options: &BulkOptions) -> Result<BulkDone, Error> {
        let concurrency = options.concurrency(true)?;
        let mut creates = Vec::with_capacity(runs.len());
        for BulkCreate { workflow_name, run } in runs {
            let path = || format!("runs[{}]", creates.len());
            let create = self.prepare_create(&workflow_name, run).map_err(|invalid| invalid.under(&path()))?;
            creates.push(create);
        }
        if options.dry_run {
            let planned = creates.iter().map(Create::planned).collect();
            return Ok(BulkDone::Created(BulkCreated { planned, ..BulkCreated::default() }));
        }
        let mut ledger = Ledger::new(creates.len());
        let start = |range: Range<usize>| -> LocalBoxFuture<'_, Settled> {
            let create = creates.get(range.start);
            Box::pin(self.create_item(create))
        };
        let stop = ledger.run(1, concurrency, &self.call.options.cancel, options.on_progress.as_deref(), &start).await;
        let no_id = |_: usize| None;
        let mut done = BulkCreated { errors: ledger.errors(&no_id), ..BulkCreated::default() };
        done.warnings.append(&mut ledger.warnings);
        done.warnings.extend(self.clock_skew());
        for fate in &mut ledger.fates {
            if let Fate::Done(run) = fate {
                done.created.extend(run.take());
            }
        }
        ledger.conclude(self.call.operation, stop, BulkDone::Created(done), &no_id, &Some)
    }

    async fn create_item(&self, create: Option<&Create>) -> Settled {
        let Some(create) = create else { return Settled::new(Vec::new(), None) };
        let mut warnings = Vec::new();
        let (fate, stop) = match self.create_prepared(create).await {
            Ok(created) => {
                warnings = created.warnings;
                (Fate::Done(Some(created.run)), None)
            }
            Err(error) if error.is_ambiguous() => (Fate::Unknown, Some(error)),
            Err(error) => match error.kind() {
                ErrorKind::Api(refusal) if !matches!(refusal.status, 401 | 403 | 429) => {
                    (Fate::Failed(error.to_string()), None)
                }
                _ if error.may_have_acted() => (Fate::Unknown, Some(error)),
                _ => (Fate::Untried, Some(error)),
            },
        };
        Settled { fates: vec![fate], warnings, stop }
    }
}
