//! What `iterate` and `watch` go through, a batch at a time.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::platform::JsPlatform;
use super::promise::promise;
use crate::client::{Iterate, Watch};
use crate::error::Error;
use crate::value::{Invalid, Value};

/// Batches of runs or of changes. The facade asks for one at a time.
#[wasm_bindgen]
pub struct Cursor(Rc<RefCell<Option<Source>>>);

pub(super) enum Source {
    Runs(Iterate<JsPlatform>),
    Changes(Watch<JsPlatform>),
    /// What could not be begun.
    Refused(Error),
}

#[wasm_bindgen]
impl Cursor {
    /// The next batch, an array; undefined at the end, which a failure is as well.
    pub fn next(&self) -> Promise {
        let place = Rc::clone(&self.0);
        promise(Box::pin(async move {
            let taken = place.take();
            let (batch, source) = match taken {
                None => return Ok(JsValue::UNDEFINED),
                Some(Source::Refused(error)) => return Err(error),
                Some(Source::Runs(mut runs)) => {
                    (runs.next_page().await?.map(|runs| Value::of(&runs)), Source::Runs(runs))
                }
                Some(Source::Changes(mut changes)) => {
                    let batch = match changes.next_changes().await {
                        Ok(changes) => Some(Value::of(&changes)),
                        // An abort is how a watch ends.
                        Err(error) if error.is_aborted() => None,
                        Err(error) => return Err(error),
                    };
                    (batch, Source::Changes(changes))
                }
            };
            if batch.is_some() {
                place.replace(Some(source));
            }
            Ok(batch.map_or(JsValue::UNDEFINED, JsValue::from))
        }))
    }
}

impl Cursor {
    pub(super) fn new(operation: &'static str, source: Result<Source, Invalid>) -> Self {
        let refused = |invalid| Source::Refused(Error::from(invalid).in_operation(operation));
        Self(Rc::new(RefCell::new(Some(source.unwrap_or_else(refused)))))
    }
}
