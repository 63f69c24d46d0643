//! The client's methods: each reads its arguments at once, then answers through a promise.

use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::cursor::Cursor;
use super::error::{Origin, to_error};
use super::fields::{self, Read, Reader};
use super::options::{Call, client_options, environment};
use super::platform::JsPlatform;
use super::zones::IntlZones;
use super::{args, to_js};
use crate::bulk::BulkOptions;
use crate::call::CallOptions;
use crate::client::Client as Core;
use crate::config::Config;
use crate::error::Error;
use crate::invalid::Invalid;

/// What the facade holds.
#[wasm_bindgen]
pub struct Client(Core<JsPlatform>);

#[wasm_bindgen]
impl Client {
    /// A client from the facade's options and the variables that it found.
    ///
    /// # Errors
    /// A `ValidationError` that names the option.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, variables: &JsValue) -> Result<Client, JsValue> {
        let read = || {
            let options = client_options(options)?;
            let platform = JsPlatform { fetch: options.fetch, on_event: options.on_event, zones: IntlZones::default() };
            Ok(Self(Core::new(platform, Config::new(options.core, environment(variables)?)?)))
        };
        read().map_err(|invalid: Invalid| to_error(&invalid.under("options").into(), &Origin::default()))
    }

    /// Schedules a run.
    pub fn create(&self, workflow_name: &JsValue, run: &JsValue, options: &JsValue) -> Promise {
        let arguments = args::workflow_name(workflow_name).and_then(|name| Ok((name, args::new_run(run)?)));
        self.call("create", arguments, options, async |client, (name, run), options| {
            Ok(to_js::json(&client.create(&name, run, options).await?))
        })
    }

    /// Reads a run.
    pub fn get(&self, scheduled: &JsValue, options: &JsValue) -> Promise {
        self.call("get", args::scheduled(scheduled), options, async |client, run, options| {
            Ok(to_js::json(&client.get(&run.id, options).await?))
        })
    }

    /// Reads a page of runs.
    pub fn list(&self, query: &JsValue, options: &JsValue) -> Promise {
        self.call("list", args::list_query(query), options, async |client, query, options| {
            Ok(to_js::json(&client.list(&query, options).await?))
        })
    }

    /// Moves a run.
    pub fn update(&self, scheduled: &JsValue, change: &JsValue, options: &JsValue) -> Promise {
        let arguments = args::scheduled(scheduled).and_then(|run| Ok((run, args::change(change)?)));
        self.call("update", arguments, options, async |client, (run, time), options| {
            let updated = client.update(&run, &time, options).await?;
            Ok(to_js::with_warnings(to_js::json(&updated.run), &updated.warnings))
        })
    }

    /// Tells whether a late update held.
    pub fn confirm(&self, updated: &JsValue, options: &JsValue) -> Promise {
        self.call("confirm", args::updated(updated), options, async |client, updated, options| {
            Ok(client.confirm(&updated, options).await?.as_str().into())
        })
    }

    /// Deletes a run.
    pub fn delete(&self, scheduled: &JsValue, options: &JsValue) -> Promise {
        self.call("delete", args::scheduled(scheduled), options, async |client, run, options| {
            client.delete(&run, options).await?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Starts a run now.
    pub fn trigger(&self, scheduled: &JsValue, options: &JsValue) -> Promise {
        self.call("trigger", args::scheduled(scheduled), options, async |client, run, options| {
            Ok(to_js::small(&client.trigger(&run.id, options).await?))
        })
    }

    /// Deletes any number of runs.
    #[wasm_bindgen(js_name = bulkDelete)]
    pub fn bulk_delete(&self, selection: &JsValue, options: &JsValue) -> Promise {
        let read = args::selection(selection).and_then(|selection| {
            let (call, options) = Call::read_bulk(options, Vec::new(), true)?;
            Ok(((selection, options), call))
        });
        self.answer("bulkDelete", read, async |client, (selection, options), _| {
            Ok(to_js::json(&client.bulk_delete(selection, &options).await?))
        })
    }

    /// Moves any number of runs.
    #[wasm_bindgen(js_name = bulkUpdate)]
    pub fn bulk_update(&self, updates: &JsValue, options: &JsValue) -> Promise {
        let read = bulk_items(updates, "updates", args::bulk_update, options);
        self.answer("bulkUpdate", read, async |client, (updates, options), _| {
            Ok(to_js::json(&client.bulk_update(updates, &options).await?))
        })
    }

    /// Schedules any number of runs.
    #[wasm_bindgen(js_name = bulkCreate)]
    pub fn bulk_create(&self, runs: &JsValue, options: &JsValue) -> Promise {
        let read = bulk_items(runs, "runs", args::bulk_create, options);
        self.answer("bulkCreate", read, async |client, (runs, options), _| {
            Ok(to_js::json(&client.bulk_create(runs, &options).await?))
        })
    }

    /// Every matching run, page by page.
    ///
    /// # Errors
    /// A `ValidationError`.
    pub fn iterate(&self, query: &JsValue, options: &JsValue) -> Result<Cursor, JsValue> {
        let read = || Ok((args::iterate_query(query)?, Call::read(options)?));
        let (query, call) = read().map_err(|invalid| refusal(invalid, "iterate"))?;
        Ok(Cursor::new(self.0.iterate(query, call.options.clone()), call))
    }

    /// Changes, look by look.
    ///
    /// # Errors
    /// A `ValidationError`.
    pub fn watch(&self, query: &JsValue, options: &JsValue) -> Result<Cursor, JsValue> {
        let read = || Ok((args::watch_query(query)?, Call::read_watch(options)?));
        let (filter, (call, options)) = read().map_err(|invalid| refusal(invalid, "watch"))?;
        Ok(Cursor::new(self.0.watch(filter, options), call))
    }
}

impl Client {
    fn call<A, F>(&self, operation: &'static str, arguments: Read<A>, options: &JsValue, call: F) -> Promise
    where
        A: 'static,
        F: AsyncFnOnce(Core<JsPlatform>, A, &CallOptions) -> Result<JsValue, Error> + 'static,
    {
        self.answer(operation, arguments.and_then(|arguments| Ok((arguments, Call::read(options)?))), call)
    }

    fn answer<A, F>(&self, operation: &'static str, read: Read<(A, Call)>, call: F) -> Promise
    where
        A: 'static,
        F: AsyncFnOnce(Core<JsPlatform>, A, &CallOptions) -> Result<JsValue, Error> + 'static,
    {
        let client = self.0.clone();
        promise(
            operation,
            read.map(|(arguments, context)| {
                let context = Rc::new(context);
                let options = Rc::clone(&context);
                let answer: Answer = Box::pin(async move { call(client, arguments, &options.options).await });
                (answer, context)
            }),
        )
    }
}

/// What a call comes to. Boxed, so that what surrounds it is compiled once.
type Answer = LocalBoxFuture<'static, Result<JsValue, Error>>;

fn promise(operation: &'static str, begun: Read<(Answer, Rc<Call>)>) -> Promise {
    future_to_promise(async move {
        let (answer, context) = begun.map_err(|invalid| refusal(invalid, operation))?;
        answer.await.map_err(|error| to_error(&error, &context.origin()))
    })
}

fn refusal(invalid: Invalid, operation: &'static str) -> JsValue {
    to_error(&Error::from(invalid).in_operation(operation), &Origin::default())
}

/// The items of a bulk call, with its options.
fn bulk_items<T>(
    items: &JsValue,
    name: &str,
    read: Reader<T>,
    options: &JsValue,
) -> Read<((Vec<T>, BulkOptions), Call)> {
    // Once from the caller's iterable, which may be one that cannot be gone through again.
    let given = fields::items(items, fields::any).map_err(|invalid| invalid.under(name))?;
    let read = |(place, item)| read(item).map_err(|invalid| invalid.under(&format!("{name}[{place}]")));
    let items = given.iter().enumerate().map(read).collect::<Read<_>>()?;
    let (call, options) = Call::read_bulk(options, given, false)?;
    Ok(((items, options), call))
}
