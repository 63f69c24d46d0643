//! The client's methods: each answers through a promise.

use js_sys::{Function, Promise};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::arguments::Arguments;
use super::cursor::{Cursor, Source};
use super::error::to_error;
use super::platform::{Hooks, JsPlatform};
use super::promise::promise;
use super::settings::config;
use crate::client::{BulkOptions, Client as Core, Operation};
use crate::error::Error;
use crate::transport::{self, ServerTime};
use crate::value::{Invalid, Value};

/// What the facade holds.
#[wasm_bindgen]
pub struct Client(Core<JsPlatform>);

/// Ends the calls that it is given to.
#[wasm_bindgen]
#[derive(Default)]
pub struct Cancel(transport::Cancel);

#[wasm_bindgen]
impl Cancel {
    /// Ends nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self(transport::Cancel::new())
    }

    /// Ends nothing ever.
    pub fn never() -> Self {
        Self(transport::Cancel::never())
    }

    /// Ends the call, wherever it is.
    pub fn cancel(&self) {
        self.0.cancel();
    }
}

#[wasm_bindgen]
impl Client {
    /// A client from the facade's settings and functions.
    ///
    /// # Errors
    /// A `ValidationError` that names the option.
    #[wasm_bindgen(constructor)]
    pub fn new(given: JsValue, hooks: Hooks) -> Result<Client, JsValue> {
        match config(&given.into(), hooks.token()) {
            Ok(config) => Ok(Self(Core::new(JsPlatform::new(hooks), config))),
            Err(invalid) => Err(to_error(&invalid.into())),
        }
    }

    /// Schedules a run.
    pub fn create(&self, given: JsValue, cancel: &Cancel) -> Promise {
        self.call(Method::Create, given, cancel, None)
    }

    /// Reads a run.
    pub fn get(&self, given: JsValue, cancel: &Cancel) -> Promise {
        self.call(Method::Get, given, cancel, None)
    }

    /// Reads a page of runs.
    pub fn list(&self, given: JsValue, cancel: &Cancel) -> Promise {
        self.call(Method::List, given, cancel, None)
    }

    /// Moves a run.
    pub fn update(&self, given: JsValue, cancel: &Cancel) -> Promise {
        self.call(Method::Update, given, cancel, None)
    }

    /// Tells whether a late update held.
    pub fn confirm(&self, given: JsValue, cancel: &Cancel) -> Promise {
        self.call(Method::Confirm, given, cancel, None)
    }

    /// Tells the time on the server.
    #[wasm_bindgen(js_name = serverTime)]
    pub fn server_time(&self, given: JsValue, cancel: &Cancel) -> Promise {
        self.call(Method::ServerTime, given, cancel, None)
    }

    /// Tells what this client may do.
    pub fn access(&self, given: JsValue, cancel: &Cancel) -> Promise {
        self.call(Method::Access, given, cancel, None)
    }

    /// Reads workflows.
    pub fn workflows(&self, given: JsValue, cancel: &Cancel) -> Promise {
        self.call(Method::Workflows, given, cancel, None)
    }

    /// Reads how a workflow is now.
    #[wasm_bindgen(js_name = workflowVersion)]
    pub fn workflow_version(&self, given: JsValue, cancel: &Cancel) -> Promise {
        self.call(Method::WorkflowVersion, given, cancel, None)
    }

    /// Deletes a run.
    pub fn delete(&self, given: JsValue, cancel: &Cancel) -> Promise {
        self.call(Method::Delete, given, cancel, None)
    }

    /// Starts a run now.
    pub fn trigger(&self, given: JsValue, cancel: &Cancel) -> Promise {
        self.call(Method::Trigger, given, cancel, None)
    }

    /// Deletes any number of runs.
    #[wasm_bindgen(js_name = bulkDelete)]
    pub fn bulk_delete(&self, given: JsValue, cancel: &Cancel, on_progress: Option<Function>) -> Promise {
        self.call(Method::BulkDelete, given, cancel, on_progress)
    }

    /// Moves any number of runs.
    #[wasm_bindgen(js_name = bulkUpdate)]
    pub fn bulk_update(&self, given: JsValue, cancel: &Cancel, on_progress: Option<Function>) -> Promise {
        self.call(Method::BulkUpdate, given, cancel, on_progress)
    }

    /// Schedules any number of runs.
    #[wasm_bindgen(js_name = bulkCreate)]
    pub fn bulk_create(&self, given: JsValue, cancel: &Cancel, on_progress: Option<Function>) -> Promise {
        self.call(Method::BulkCreate, given, cancel, on_progress)
    }

    /// Reads runs that started.
    pub fn runs(&self, given: JsValue, cancel: &Cancel) -> Promise {
        self.call(Method::Runs, given, cancel, None)
    }

    /// Reads a run that started.
    pub fn run(&self, given: JsValue, cancel: &Cancel) -> Promise {
        self.call(Method::Run, given, cancel, None)
    }

    /// Pauses a workflow.
    pub fn pause(&self, given: JsValue, cancel: &Cancel) -> Promise {
        self.call(Method::Pause, given, cancel, None)
    }

    /// Lets a workflow go on.
    pub fn unpause(&self, given: JsValue, cancel: &Cancel) -> Promise {
        self.call(Method::Unpause, given, cancel, None)
    }

    /// Every matching run, page by page.
    pub fn iterate(&self, given: JsValue, cancel: &Cancel) -> Cursor {
        let begin = |mut arguments: Arguments| {
            let query = arguments.iterate_query()?;
            Ok(Source::Runs(self.0.iterate(query, arguments.options(cancel.0.clone(), None).call)))
        };
        Cursor::new("iterate", read(given).and_then(begin))
    }

    /// Changes, look by look.
    pub fn watch(&self, given: JsValue, cancel: &Cancel) -> Cursor {
        let begin = |mut arguments: Arguments| {
            let filter = arguments.iterate_query()?.filter;
            Ok(Source::Changes(self.0.watch(filter, arguments.watch_options(cancel.0.clone())?)))
        };
        Cursor::new("watch", read(given).and_then(begin))
    }
}

/// The calls that are answered once.
#[derive(Debug, Clone, Copy)]
enum Method {
    Create,
    Get,
    List,
    Update,
    Confirm,
    ServerTime,
    Access,
    Workflows,
    WorkflowVersion,
    Delete,
    Trigger,
    BulkDelete,
    BulkUpdate,
    BulkCreate,
    Runs,
    Run,
    Pause,
    Unpause,
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Get => "get",
            Self::List => "list",
            Self::Update => "update",
            Self::Confirm => "confirm",
            Self::ServerTime => "serverTime",
            Self::Access => "access",
            Self::Workflows => "workflows",
            Self::WorkflowVersion => "workflowVersion",
            Self::Delete => "delete",
            Self::Trigger => "trigger",
            Self::BulkDelete => "bulkDelete",
            Self::BulkUpdate => "bulkUpdate",
            Self::BulkCreate => "bulkCreate",
            Self::Runs => "runs",
            Self::Run => "run",
            Self::Pause => "pause",
            Self::Unpause => "unpause",
        }
    }
}

impl Client {
    fn call(&self, method: Method, given: JsValue, cancel: &Cancel, on_progress: Option<Function>) -> Promise {
        let (client, cancel) = (self.0.clone(), cancel.0.clone());
        promise(Box::pin(async move {
            let mut given = read(given).map_err(|invalid| Error::from(invalid).in_operation(method.name()))?;
            let options = given.options(cancel, on_progress);
            let operation = client.operation(method.name(), &options.call)?;
            operation.told(answer(&operation, method, given, &options).await).map(JsValue::from)
        }))
    }
}

fn read(given: JsValue) -> Result<Arguments, Invalid> {
    Value::from(given).read()
}

/// One future for all calls, so that what they share is compiled once.
async fn answer(
    operation: &Operation<'_, JsPlatform>,
    method: Method,
    mut given: Arguments,
    options: &BulkOptions,
) -> Result<Value, Error> {
    Ok(match method {
        Method::Create => {
            let (workflow_name, run) = given.create()?;
            operation.create(&workflow_name, run).await?.value()
        }
        Method::Get => told(&operation.get(given.scheduled()?.id).await?),
        Method::List => told(&operation.list(given.list_query()?).await?),
        Method::Update => {
            let run = given.scheduled()?;
            operation.update(run, &given.trigger_at()?).await?.value()
        }
        Method::Confirm => {
            let (run, due) = given.updated()?;
            told(&operation.confirm(&run, due).await?)
        }
        Method::ServerTime => told(&operation.server_time().await?.map(Shown::from)),
        Method::Access => operation.access().await?,
        Method::Workflows => {
            let name = given.workflow_name_part();
            told(&operation.workflows_named(name.as_deref()).await?)
        }
        Method::WorkflowVersion => operation.workflow_version(given.workflow()?).await?,
        Method::Delete => {
            operation.delete(given.scheduled()?).await?;
            told(&())
        }
        Method::Trigger => told(&operation.trigger(given.scheduled()?.id).await?),
        Method::BulkDelete => told(&operation.bulk_delete(given.selection()?, options).await?),
        Method::BulkUpdate => told(&operation.bulk_update(given.updates()?, options).await?),
        Method::BulkCreate => told(&operation.bulk_create(given.creates()?, options).await?),
        Method::Runs => told(&operation.runs(given.runs_query()?).await?),
        Method::Run => told(&operation.run(given.started()?).await?),
        Method::Pause => {
            let workflow = given.workflow()?;
            told(&operation.pause(workflow, given.pause()?).await?)
        }
        Method::Unpause => told(&operation.unpause(given.workflow()?, options.dry_run).await?),
    })
}

/// The server's time, for JavaScript.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    epoch_milliseconds: i64,
    uncertainty_ms: i64,
}

impl From<ServerTime> for Shown {
    fn from(time: ServerTime) -> Self {
        // What is likely need not be in the middle.
        let uncertainty = (time.latest - time.likely).max(time.likely - time.earliest);
        Self { epoch_milliseconds: time.likely.timestamp_millis(), uncertainty_ms: uncertainty.num_milliseconds() + 1 }
    }
}

fn told<T: Serialize>(answer: &T) -> Value {
    Value::of(answer)
}
