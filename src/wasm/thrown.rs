//! What JavaScript throws, and values of unexpected types, in words.

use std::fmt;
use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

use crate::value::describe;

/// What JavaScript threw, kept as it is, to be the cause of an error.
pub(super) struct Thrown(pub(super) JsValue);

impl fmt::Debug for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&describe(&self.0))
    }
}

impl std::error::Error for Thrown {}

/// A property; undefined where the value has none or reading it throws.
pub(super) fn property(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(key)).unwrap_or_default()
}

/// What JavaScript threw, where a failure that the facade tells of comes from that.
pub(super) fn cause(failure: &JsValue) -> Option<Rc<dyn std::error::Error>> {
    property(failure, "caused").is_truthy().then(|| Rc::new(Thrown(property(failure, "cause"))) as _)
}
