//! The client's methods: each answers through a promise, with what the call answers as JSON.

use futures_util::future::LocalBoxFuture;
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::args::{self, Args, Read};
use super::cursor::{Cursor, Source};
use super::error::to_error;
use super::options::{self, Cancel};
use super::platform::{Hooks, JsPlatform};
use crate::bulk::BulkOptions;
use crate::call::{Call, CallOptions};
use crate::client::Client as Core;
use crate::config::Config;
use crate::error::Error;
use crate::json::{Object, array, quote};
use crate::model::ClientWarning;

/// What the facade holds.
#[wasm_bindgen]
pub struct Client(Core<JsPlatform>);

#[wasm_bindgen]
impl Client {
    /// A client from the facade's settings and functions.
    ///
    /// # Errors
    /// A `ValidationError` that names the option.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str, hooks: Hooks) -> Result<Client, JsValue> {
        let (options, environment) = options::settings(&Args::new(settings), hooks.token());
        match Config::new(options, environment) {
            Ok(config) => Ok(Self(Core::new(JsPlatform::new(hooks), config))),
            Err(invalid) => Err(to_error(&invalid.under("options").into())),
        }
    }

    /// Schedules a run.
    pub fn create(&self, args: String, cancel: &Cancel) -> Promise {
        self.call(Method::Create, args, cancel, None)
    }

    /// Reads a run.
    pub fn get(&self, args: String, cancel: &Cancel) -> Promise {
        self.call(Method::Get, args, cancel, None)
    }

    /// Reads a page of runs.
    pub fn list(&self, args: String, cancel: &Cancel) -> Promise {
        self.call(Method::List, args, cancel, None)
    }

    /// Moves a run.
    pub fn update(&self, args: String, cancel: &Cancel) -> Promise {
        self.call(Method::Update, args, cancel, None)
    }

    /// Tells whether a late update held.
    pub fn confirm(&self, args: String, cancel: &Cancel) -> Promise {
        self.call(Method::Confirm, args, cancel, None)
    }

    /// Deletes a run.
    pub fn delete(&self, args: String, cancel: &Cancel) -> Promise {
        self.call(Method::Delete, args, cancel, None)
    }

    /// Starts a run now.
    pub fn trigger(&self, args: String, cancel: &Cancel) -> Promise {
        self.call(Method::Trigger, args, cancel, None)
    }

    /// Deletes any number of runs.
    #[wasm_bindgen(js_name = bulkDelete)]
    pub fn bulk_delete(&self, args: String, cancel: &Cancel, on_progress: Option<Function>) -> Promise {
        self.call(Method::BulkDelete, args, cancel, on_progress)
    }

    /// Moves any number of runs.
    #[wasm_bindgen(js_name = bulkUpdate)]
    pub fn bulk_update(&self, args: String, cancel: &Cancel, on_progress: Option<Function>) -> Promise {
        self.call(Method::BulkUpdate, args, cancel, on_progress)
    }

    /// Schedules any number of runs.
    #[wasm_bindgen(js_name = bulkCreate)]
    pub fn bulk_create(&self, args: String, cancel: &Cancel, on_progress: Option<Function>) -> Promise {
        self.call(Method::BulkCreate, args, cancel, on_progress)
    }

    /// Every matching run, page by page.
    pub fn iterate(&self, args: &str, cancel: &Cancel) -> Cursor {
        self.cursor("iterate", args, cancel, |args, options| {
            Ok(Source::Runs(self.0.iterate(args::iterate_query(args)?, options)))
        })
    }

    /// Changes, look by look.
    pub fn watch(&self, args: &str, cancel: &Cancel) -> Cursor {
        self.cursor("watch", args, cancel, |args, options| {
            // A watch has no use for an order, but a query of the other calls may hold one.
            let filter = args::iterate_query(args)?.filter;
            Ok(Source::Changes(self.0.watch(filter, options::watch(args, options)?)))
        })
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
    Delete,
    Trigger,
    BulkDelete,
    BulkUpdate,
    BulkCreate,
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Get => "get",
            Self::List => "list",
            Self::Update => "update",
            Self::Confirm => "confirm",
            Self::Delete => "delete",
            Self::Trigger => "trigger",
            Self::BulkDelete => "bulkDelete",
            Self::BulkUpdate => "bulkUpdate",
            Self::BulkCreate => "bulkCreate",
        }
    }
}

impl Client {
    fn cursor(
        &self,
        operation: &'static str,
        args: &str,
        cancel: &Cancel,
        begin: impl FnOnce(&Args<'_>, CallOptions) -> Read<Source>,
    ) -> Cursor {
        let args = Args::new(args);
        Cursor::new(operation, begin(&args, options::call(&args, cancel.core())))
    }

    fn call(&self, method: Method, args: String, cancel: &Cancel, on_progress: Option<Function>) -> Promise {
        let client = self.0.clone();
        let cancel = cancel.core();
        promise(Box::pin(async move {
            let args = Args::new(&args);
            let bulk = options::bulk(&args, options::call(&args, cancel), on_progress);
            let run = async |call: &Call<'_, JsPlatform>| answer(call, method, &args, &bulk).await;
            client.call(method.name(), &bulk.call, run).await.map(JsValue::from)
        }))
    }
}

/// One future for all calls, so that what they share is compiled once.
async fn answer(
    call: &Call<'_, JsPlatform>,
    method: Method,
    args: &Args<'_>,
    bulk: &BulkOptions,
) -> Result<String, Error> {
    Ok(match method {
        Method::Create => {
            let (workflow_name, run) = args::create(args)?;
            call.create(&workflow_name, run).await?.as_str().to_owned()
        }
        Method::Get => call.get(args::scheduled(args)?.id).await?.as_str().to_owned(),
        Method::List => call.list(args::list_query(args)?).await?.to_json(),
        Method::Update => {
            let run = args::scheduled(args)?;
            let time = args::trigger_at(args.get("change")).map_err(|invalid| invalid.under("change"))?;
            let updated = call.update(run, &time).await?;
            let mut warned = Object::after(updated.run.json());
            if !updated.warnings.is_empty() {
                warned.json("warnings", &array(&updated.warnings, ClientWarning::to_json));
            }
            warned.finish()
        }
        Method::Confirm => quote(call.confirm(&args::updated(args)?).await?.as_str()),
        Method::Delete => {
            call.delete(args::scheduled(args)?).await?;
            "null".to_owned()
        }
        Method::Trigger => {
            let mut started = Object::new();
            started.text("externalId", &call.trigger(args::scheduled(args)?.id).await?.external_id);
            started.finish()
        }
        Method::BulkDelete => call.bulk_delete(args::selection(args)?, bulk).await?.to_json(),
        Method::BulkUpdate => call.bulk_update(args::updates(args)?, bulk).await?.to_json(),
        Method::BulkCreate => call.bulk_create(args::creates(args)?, bulk).await?.to_json(),
    })
}

/// The promise of what a call comes to.
pub(super) fn promise(answer: LocalBoxFuture<'static, Result<JsValue, Error>>) -> Promise {
    future_to_promise(async move { answer.await.map_err(|error| to_error(&error)) })
}
