//! `bulkCreate`: any number of creates, a few at a time.

use std::ops::Range;

use serde::Serialize;

use super::{BulkOptions, Fate, Ledger, Settled, conclude};
use crate::call::Call;
use crate::client::Client;
use crate::error::{BulkDone, Error, ErrorKind, Interrupted, Rest};
use crate::model::{BulkItemError, ScheduledWorkflows};
use crate::operations::{Create, NewScheduledRun};
use crate::platform::Platform;

/// A run to schedule, and of which workflow.
#[derive(Debug, Clone)]
pub struct BulkCreate {
    /// The workflow's name; the namespace is applied.
    pub workflow_name: String,
    /// The run.
    pub run: NewScheduledRun,
}

/// What `bulkCreate` did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BulkCreated {
    /// The runs that were created, in the order of the input.
    pub created: Vec<ScheduledWorkflows>,
    /// The items that were not, by their place in the input.
    pub errors: Vec<BulkItemError>,
}

impl<P: Platform> Client<P> {
    /// Schedules any number of runs. All are checked before the first is sent.
    ///
    /// # Errors
    /// A run that the server refuses is no error of the call but an entry in `errors`. A call that was cut short is
    /// [`ErrorKind::Interrupted`]; an item of unknown fate is named by its place in the input.
    pub async fn bulk_create(&self, runs: Vec<BulkCreate>, options: &BulkOptions) -> Result<BulkCreated, Error> {
        let call = Call::new(self, "bulkCreate", &options.call)?;
        let concurrency = options.concurrency().map_err(|invalid| call.refuse(invalid))?;
        let mut creates = Vec::with_capacity(runs.len());
        for (place, BulkCreate { workflow_name, run }) in runs.into_iter().enumerate() {
            let create = call.prepare_create(&workflow_name, run);
            creates.push(create.map_err(|invalid| call.refuse(invalid.under(&format!("runs[{place}]"))))?);
        }
        let mut ledger = Ledger::new(creates.len());
        let stop = ledger
            .run(1, concurrency, options, &|range: Range<usize>| {
                Box::pin(call.create_items(creates.get(range).unwrap_or_default()))
            })
            .await;
        let stop = match stop {
            Some(error) if ledger.is_untouched() => return Err(error.in_operation(call.operation)),
            stop => stop,
        };

        let errors = ledger.errors(|place| (None, Some(place)));
        let (unknown, untried) = (ledger.unknown(), ledger.untried());
        let created = ledger.fates.into_iter().filter_map(|fate| match fate {
            Fate::Done(run) => Some(run),
            _ => None,
        });
        let done = BulkCreated { created: created.collect(), errors };
        conclude(done, stop, call.operation, |done| Interrupted {
            done: BulkDone::Created(done),
            unknown: unknown.iter().map(usize::to_string).collect(),
            rest: Rest::Places(untried),
        })
    }
}

impl<P: Platform> Call<'_, P> {
    async fn create_items(&self, creates: &[Create]) -> Settled<ScheduledWorkflows> {
        let mut settled = Settled { fates: Vec::new(), stop: None };
        for create in creates {
            let (fate, stop) = match self.create(create).await {
                Ok(run) => (Fate::Done(run), None),
                Err(error) if error.is_ambiguous() => (Fate::Unknown, Some(error)),
                Err(error) => match error.kind() {
                    ErrorKind::Api(refusal) if !matches!(refusal.status, 401 | 403 | 429) => {
                        (Fate::Failed(error.to_string()), None)
                    }
                    _ => (Fate::Untried, Some(error)),
                },
            };
            settled.fates.push(fate);
            settled.stop = settled.stop.or(stop);
        }
        settled
    }
}
