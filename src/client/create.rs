//! `create`: with a key once, else as it comes.

use super::operation::Operation;
use crate::api::{Create, NewScheduledRun, check_workflow_name};
use crate::error::{Error, ErrorKind};
use crate::model::{ScheduledRun, Warned};
use crate::transport::Platform;
use crate::value::Invalid;

impl<P: Platform> Operation<'_, P> {
    pub(crate) async fn create(&self, workflow_name: &str, run: NewScheduledRun) -> Result<Warned, Error> {
        let create = self.prepare_create(workflow_name, run).map_err(run_argument)?;
        match self.create_prepared(&create).await {
            Err(error) if is_unknown_workflow(&error) => Err(self.hint_at_similar(error, &create.workflow_name).await),
            Ok(Warned { run, mut warnings }) => {
                warnings.extend(self.clock_skew());
                Ok(Warned { run, warnings })
            }
            failed => failed,
        }
    }

    /// Checks a run to create; paths are those of the run, but for `workflowName`.
    pub(super) fn prepare_create(&self, workflow_name: &str, run: NewScheduledRun) -> Result<Create, Invalid> {
        check_workflow_name(workflow_name)?;
        let (at, delay) = self.resolve(&run.trigger_at).map_err(|invalid| invalid.under("triggerAt"))?;
        let trace_key = run.traceable.then(|| self.trace_key());
        let create = Create::new(self.call.namespace.apply(workflow_name), at, run, trace_key)?;
        Ok(match delay {
            Some(delay) => create.delayed_by(delay),
            None => create,
        })
    }

    /// A text that nobody else has.
    fn trace_key(&self) -> String {
        let part = || (self.call.connection.platform.random() * f64::from(u32::MAX)) as u32;
        format!("{:08x}{:08x}{:08x}{:08x}", part(), part(), part(), part())
    }

    /// Creates a run, once where it has a key.
    pub(super) async fn create_prepared(&self, create: &Create) -> Result<Warned, Error> {
        let warned = match create.key() {
            Some(key) => self.create_once(create, key).await?,
            None => Warned { run: self.create_anew(create).await?, warnings: Vec::new() },
        };
        self.remember(&warned.run);
        Ok(warned)
    }

    async fn create_anew(&self, create: &Create) -> Result<ScheduledRun, Error> {
        self.call.send(create).await.map_err(|error| {
            if error.may_have_acted() {
                error.with_hint(
                    "The run may have been created all the same: list before repeating, or give an idempotencyKey",
                )
            } else {
                error
            }
        })
    }
}

/// The same refusal seen from the arguments of `create`.
fn run_argument(invalid: Invalid) -> Invalid {
    if invalid.path == "workflowName" { invalid } else { invalid.under("run") }
}

fn is_unknown_workflow(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Api(refusal) if refusal.status == 400
        && refusal.errors.iter().any(|error| error.description.eq_ignore_ascii_case("workflow not found")))
}
