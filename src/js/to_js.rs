//! Values for JavaScript.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use super::error::set;
use crate::model::ClientWarning;

/// A value of any size: as text, which the engine's own parser reads faster than anything that goes value by value.
pub(super) fn json(value: &impl Serialize) -> JsValue {
    let text = serde_json::to_string(value).unwrap_or_default();
    js_sys::JSON::parse(&text).unwrap_or(JsValue::NULL)
}

/// A value of a few fields.
pub(super) fn small(value: &impl Serialize) -> JsValue {
    value.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
}

/// The value with its warnings, where there are any.
pub(super) fn with_warnings(value: JsValue, warnings: &[ClientWarning]) -> JsValue {
    if !warnings.is_empty() {
        set(&value, "warnings", &small(&warnings));
    }
    value
}
