//! `bulkUpdate`: new times for any number of runs.

use std::collections::HashMap;
use std::ops::Range;

use super::{BulkOptions, CHUNK, Fate, Ledger, Settled, conclude, gone, told};
use crate::call::Call;
use crate::client::Client;
use crate::error::{BulkDone, Error, Interrupted, Rest};
use crate::invalid::Invalid;
use crate::late::RunRef;
use crate::operations::{BulkUpdate, BulkUpdated, Change, RunId};
use crate::platform::Platform;
use crate::time::TriggerTime;

/// A new time for a run.
#[derive(Debug, Clone)]
pub struct NewTime {
    /// The run.
    pub run: RunRef,
    /// When it is to fire.
    pub trigger_at: TriggerTime,
}

impl<P: Platform> Client<P> {
    /// Moves any number of runs. The same change of the same run twice is sent once; two different times for one run
    /// are refused, because either may win on the server.
    ///
    /// # Errors
    /// An id that is not there is no error of the call but an entry in `errors`. A call that was cut short is
    /// [`ErrorKind::Interrupted`](crate::error::ErrorKind::Interrupted).
    pub async fn bulk_update(&self, updates: Vec<NewTime>, options: &BulkOptions) -> Result<BulkUpdated, Error> {
        let call = Call::new(self, "bulkUpdate", &options.call)?;
        let concurrency = options.concurrency().map_err(|invalid| call.refuse(invalid))?;
        let plan = call.plan_updates(&updates).map_err(|invalid| call.refuse(invalid))?;
        let changes = &plan.changes;
        let mut ledger = Ledger::new(changes.len());
        let stop = ledger
            .run(CHUNK, concurrency, options, &|range: Range<usize>| {
                let (call, plan, updates) = (&call, &plan, &updates);
                Box::pin(async move {
                    let settled = call.update_chunk(changes.get(range.clone()).unwrap_or_default(), concurrency).await;
                    let changed = plan.places.iter().skip(range.start).filter_map(|place| updates.get(*place));
                    call.warn_of_late(settled, changed.map(|new| (new.run.id.clone(), call.due_time(&new.run))))
                })
            })
            .await;
        let stop = match stop {
            Some(error) if ledger.is_untouched() => return Err(error.in_operation(call.operation)),
            stop => stop,
        };

        let mut done = BulkUpdated::default();
        for (change, fate) in changes.iter().zip(&ledger.fates) {
            if let Fate::Done(warning) = fate {
                done.updated_ids.push(change.id.as_str().to_owned());
                done.warnings.extend(warning.clone());
                call.remember_due(change.id.as_str(), change.trigger_at);
            }
        }
        let id_at = |place: usize| changes.get(place).map(|change| change.id.as_str().to_owned());
        done.errors = ledger.errors(|place| (id_at(place), None));
        conclude(done, stop, call.operation, |done| {
            let place = |unique: usize| plan.places.get(unique).copied();
            Interrupted {
                done: BulkDone::Updated(done),
                unknown: ledger.unknown().into_iter().filter_map(id_at).collect(),
                rest: Rest::Places(ledger.untried().into_iter().filter_map(place).collect()),
            }
        })
    }
}

/// Changes without duplicates, and where each stood first in the input.
#[derive(Debug)]
struct Plan {
    changes: Vec<Change>,
    places: Vec<usize>,
}

impl<P: Platform> Call<'_, P> {
    fn plan_updates(&self, updates: &[NewTime]) -> Result<Plan, Invalid> {
        let mut first: HashMap<&RunId, usize> = HashMap::new();
        let mut plan = Plan { changes: Vec::new(), places: Vec::new() };
        for (place, new) in updates.iter().enumerate() {
            let path = format!("updates[{place}]");
            let trigger_at =
                self.resolve(&new.trigger_at).map_err(|invalid| invalid.under("triggerAt").under(&path))?;
            match first
                .get(&new.run.id)
                .and_then(|unique| Some((plan.changes.get(*unique)?, plan.places.get(*unique)?)))
            {
                Some((known, _)) if known.trigger_at == trigger_at => {}
                Some((_, other)) => {
                    return Err(Invalid::new(
                        format!("{path}.triggerAt"),
                        format!(
                            "differs from updates[{other}].triggerAt for the same run, and either may win on the server; \
                             keep one"
                        ),
                    ));
                }
                None => {
                    first.insert(&new.run.id, plan.changes.len());
                    plan.changes.push(Change { id: new.run.id.clone(), trigger_at });
                    plan.places.push(place);
                }
            }
        }
        Ok(plan)
    }

    async fn update_chunk(&self, updates: &[Change], concurrency: usize) -> Settled<()> {
        let ids: Vec<&RunId> = updates.iter().map(|change| &change.id).collect();
        match self.send(&BulkUpdate { updates }).await {
            Ok(answer) => {
                let mut fates = told(&ids, &answer.updated_ids, &answer.errors);
                for fate in fates.iter_mut().filter(|fate| matches!(fate, Fate::Unknown)) {
                    *fate = Fate::Failed("the server did not say what became of it".to_owned());
                }
                Settled { fates, stop: None }
            }
            Err(error) => {
                let missing = gone(&error);
                self.settle_failure(error, &ids, concurrency, &|place, found| match found {
                    None => Some(missing.clone()),
                    Some(run) if updates.get(place).is_some_and(|change| change.trigger_at == run.trigger_at) => {
                        Some(Fate::Done(()))
                    }
                    Some(_) => None,
                })
                .await
            }
        }
    }
}
