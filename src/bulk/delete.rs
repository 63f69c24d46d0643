//! `bulkDelete`: runs by id, or by a filter that is listed to ids first.

use std::collections::HashSet;
use std::ops::Range;

use super::{BulkOptions, CHUNK, Fate, Ledger, Settled, conclude, gone, told};
use crate::call::{Answer, Call};
use crate::client::Client;
use crate::error::{BulkDone, Error, Interrupted, Rest};
use crate::invalid::Invalid;
use crate::late::RunRef;
use crate::model::{BulkItemError, Method};
use crate::operations::{BulkDelete, BulkDeleted, Filter, ListQuery, RunId};
use crate::platform::Platform;

/// Which runs to delete. "All" has to be said: no filter is empty by accident.
#[derive(Debug, Clone)]
pub enum Selection {
    /// These runs.
    Runs(Vec<RunRef>),
    /// Every run of the tenant.
    All,
    /// The runs that match; at least one condition.
    Filter(Filter),
}

const MADE_IN_CODE: &str = "left out: the run was made in code (method DEFAULT), and the server deletes only runs that \
                            were made through the API";

impl<P: Platform> Client<P> {
    /// Deletes any number of runs. A filter is first listed to ids, so that `statuses`, numbers and colons in metadata,
    /// and several conditions are honoured exactly; runs made in code are left out and told in `errors`.
    ///
    /// # Errors
    /// An id that is not there is no error of the call but an entry in `errors`. A call that was cut short is
    /// [`ErrorKind::Interrupted`](crate::error::ErrorKind::Interrupted).
    pub async fn bulk_delete(&self, selection: Selection, options: &BulkOptions) -> Result<BulkDeleted, Error> {
        let call = Call::new(self, "bulkDelete", &options.call)?;
        let concurrency = options.concurrency().map_err(|invalid| call.refuse(invalid))?;
        let (runs, left_out) = call.select(selection).await?;
        let ids: Vec<RunId> = runs.iter().map(|run| run.id.clone()).collect();
        if options.dry_run {
            let deleted_ids = ids.iter().map(|id| id.as_str().to_owned()).collect();
            return Ok(BulkDeleted { deleted_ids, errors: left_out, warnings: Vec::new() });
        }
        let mut ledger = Ledger::new(ids.len());
        let stop = ledger
            .run(CHUNK, concurrency, options, &|range: Range<usize>| {
                let (call, ids, runs) = (&call, &ids, &runs);
                Box::pin(async move {
                    let settled = call.delete_chunk(ids.get(range.clone()).unwrap_or_default(), concurrency).await;
                    let due = runs.iter().skip(range.start).map(|run| (run.id.clone(), call.due_time(run)));
                    call.warn_of_late(settled, due)
                })
            })
            .await;
        let stop = match stop {
            Some(error) if ledger.is_untouched() => return Err(error.in_operation(call.operation)),
            stop => stop,
        };

        let mut done = BulkDeleted::default();
        for (id, fate) in ids.iter().zip(&ledger.fates) {
            if let Fate::Done(warning) = fate {
                done.deleted_ids.push(id.as_str().to_owned());
                done.warnings.extend(warning.clone());
                call.forget(id);
            }
        }
        let id_at = |place: usize| ids.get(place).map(|id| id.as_str().to_owned());
        done.errors = ledger.errors(|place| (id_at(place), None));
        done.errors.extend(left_out);
        conclude(done, stop, call.operation, |done| Interrupted {
            done: BulkDone::Deleted(done),
            unknown: ledger.unknown().into_iter().filter_map(id_at).collect(),
            rest: Rest::Ids(ledger.untried().into_iter().filter_map(id_at).collect()),
        })
    }
}

impl<P: Platform> Call<'_, P> {
    /// The runs that are meant, each once, and those that the server would refuse to delete.
    async fn select(&self, selection: Selection) -> Result<(Vec<RunRef>, Vec<BulkItemError>), Error> {
        let filter = match selection {
            Selection::Runs(mut runs) => {
                let mut seen = HashSet::new();
                runs.retain(|run| seen.insert(run.id.clone()));
                return Ok((runs, Vec::new()));
            }
            Selection::All => Filter::default(),
            Selection::Filter(filter) if filter.is_empty() => {
                return Err(self.refuse(Invalid::new(
                    "selection",
                    "holds no condition; give scheduledIds, at least one filter, or { all: true } for every run",
                )));
            }
            Selection::Filter(filter) => filter,
        };
        filter.check().map_err(|invalid| self.refuse(invalid.under("selection")))?;
        let workflow_id = self.workflow_id(&filter).await?;
        let query = ListQuery { filter, ..ListQuery::default() };
        let mut left_out = Vec::new();
        let mut runs = Vec::new();
        for run in self.every_run(&query, workflow_id.as_deref()).await? {
            match run.method {
                Method::Default => left_out.push(BulkItemError {
                    id: Some(run.metadata.id),
                    index: None,
                    error: MADE_IN_CODE.to_owned(),
                }),
                Method::Api => {
                    let id = RunId::parse(&run.metadata.id)
                        .map_err(|invalid| Error::decode("rows.metadata.id".to_owned(), invalid.reason.clone()))?;
                    runs.push(RunRef { id, trigger_at: Some(run.trigger_at) });
                }
            }
        }
        Ok((runs, left_out))
    }

    async fn delete_chunk(&self, runs: &[RunId], concurrency: usize) -> Settled<()> {
        let ids: Vec<&RunId> = runs.iter().collect();
        match self.send_counted(&BulkDelete { ids: runs }).await {
            Ok(Answer { value, attempts }) => {
                let fates = told(&ids, &value.deleted_ids, &value.errors);
                self.settle_doubts(fates, &ids, attempts > 1, concurrency).await
            }
            Err(error) => {
                // After a lost answer it was most likely this call that deleted what is gone.
                let missing = if error.is_ambiguous() { Fate::Done(()) } else { gone(&error) };
                self.settle_failure(error, &ids, concurrency, &|_, found| found.is_none().then(|| missing.clone()))
                    .await
            }
        }
    }

    /// Looks up what the answer leaves open: runs that it does not tell of, and after a repeat those that it could not
    /// delete, because an earlier attempt may have deleted them.
    async fn settle_doubts(
        &self,
        mut fates: Vec<Fate<()>>,
        ids: &[&RunId],
        repeated: bool,
        concurrency: usize,
    ) -> Settled<()> {
        let doubtful = |fate: &Fate<()>| matches!(fate, Fate::Unknown) || repeated && matches!(fate, Fate::Failed(_));
        let (doubts, asked): (Vec<&mut Fate<()>>, Vec<&RunId>) =
            fates.iter_mut().zip(ids).filter(|(fate, _)| doubtful(fate)).unzip();
        let mut stop = None;
        for (fate, look) in doubts.into_iter().zip(self.look_up(&asked, concurrency).await) {
            match (look, &fate) {
                (Ok(None), _) => *fate = Fate::Done(()),
                (Ok(Some(_)), Fate::Unknown) => {
                    *fate = Fate::Failed("the server did not say, and the run is still there".to_owned());
                }
                (Ok(Some(_)), _) => {}
                (Err(error), _) => {
                    *fate = Fate::Unknown;
                    stop = stop.or(Some(error));
                }
            }
        }
        Settled { fates, stop }
    }
}
