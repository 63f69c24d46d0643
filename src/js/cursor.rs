//! What `iterate` and `watch` go through, a batch at a time.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::error::to_error;
use super::options::Call;
use super::platform::JsPlatform;
use super::to_js;
use crate::error::Error;
use crate::model::ScheduledWorkflows;
use crate::page::Iterate;
use crate::watch::{Change, Watch};

/// Batches of runs or of changes. The facade asks for one at a time.
#[wasm_bindgen]
pub struct Cursor {
    source: Rc<RefCell<Option<Source>>>,
    call: Rc<Call>,
}

pub(super) enum Source {
    Runs(Iterate<JsPlatform>),
    Changes(Watch<JsPlatform>),
}

#[wasm_bindgen]
impl Cursor {
    /// The next batch, an array; undefined at the end, which a failure is as well.
    pub fn next(&self) -> Promise {
        let place = Rc::clone(&self.source);
        let call = Rc::clone(&self.call);
        future_to_promise(async move {
            let taken = place.take();
            let Some(mut source) = taken else { return Ok(JsValue::UNDEFINED) };
            let batch = source.next().await.map_err(|error| to_error(&error, &call.origin()))?;
            if !batch.is_undefined() {
                place.replace(Some(source));
            }
            Ok(batch)
        })
    }

    /// Ends it at once, with what is under way.
    pub fn stop(&self) {
        self.call.options.cancel.cancel();
    }
}

impl Cursor {
    pub(super) fn new(source: impl Into<Source>, call: Call) -> Self {
        Self { source: Rc::new(RefCell::new(Some(source.into()))), call: Rc::new(call) }
    }
}

impl Source {
    async fn next(&mut self) -> Result<JsValue, Error> {
        match self {
            Self::Runs(runs) => Ok(runs.next_page().await?.map_or(JsValue::UNDEFINED, |runs| to_js::json(&runs))),
            Self::Changes(changes) => match changes.next_changes().await {
                Ok(changes) => Ok(to_js::json(&changes.iter().map(Told::from).collect::<Vec<_>>())),
                // An abort is how a watch ends.
                Err(error) if error.is_aborted() => Ok(JsValue::UNDEFINED),
                Err(error) => Err(error),
            },
        }
    }
}

impl From<Iterate<JsPlatform>> for Source {
    fn from(runs: Iterate<JsPlatform>) -> Self {
        Self::Runs(runs)
    }
}

impl From<Watch<JsPlatform>> for Source {
    fn from(changes: Watch<JsPlatform>) -> Self {
        Self::Changes(changes)
    }
}

#[derive(Serialize)]
struct Told<'a> {
    r#type: &'static str,
    run: &'a ScheduledWorkflows,
}

impl<'a> From<&'a Change> for Told<'a> {
    fn from(change: &'a Change) -> Self {
        let (r#type, run) = match change {
            Change::Added(run) => ("added", run),
            Change::Updated(run) => ("updated", run),
            Change::Removed(run) => ("removed", run),
        };
        Self { r#type, run }
    }
}
