//! The few functions of the JavaScript engine that neither js-sys nor web-sys offers in a form that cannot throw
//! through the WebAssembly.

use wasm_bindgen::prelude::*;

use crate::invalid::Invalid;

#[wasm_bindgen]
extern "C" {
    type Written;

    /// The own enumerable string keys. A proxy may throw.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    pub(super) fn keys(object: &JsValue) -> Result<js_sys::Array, JsValue>;

    /// The method that says how an object is written as JSON. A getter may throw.
    #[wasm_bindgen(method, getter, structural, catch, js_name = toJSON)]
    fn to_json_of(this: &Written) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = getPrototypeOf)]
    fn prototype_of(object: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(thread_local_v2, js_namespace = Object, js_name = prototype)]
    static OBJECT_PROTOTYPE: JsValue;

    /// `[object Date]` and the like, whatever realm the value comes from.
    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn tag_of(value: &JsValue) -> Result<String, JsValue>;
}

/// An object's `toJSON`.
pub(super) fn to_json(object: &JsValue) -> Result<JsValue, JsValue> {
    object.unchecked_ref::<Written>().to_json_of()
}

/// Whether an object was made by `{}`, so that it is sure to be none of the built-in kinds.
pub(super) fn is_plain(object: &JsValue) -> bool {
    prototype_of(object).is_ok_and(|prototype| OBJECT_PROTOTYPE.with(|plain| *plain == prototype))
}

/// A value as JSON text; `null` where there is none. A getter or a `toJSON` may throw.
pub(super) fn stringify(value: &JsValue) -> Result<String, Invalid> {
    js_sys::JSON::stringify(value)
        .map(|text| text.as_string().unwrap_or_else(|| "null".to_owned()))
        .map_err(|thrown| Invalid::new("", format!("reading it failed: {}", describe_thrown(&thrown))))
}

/// What kind of object a value is: `Object`, `Array`, `Date`, `Map`, ...
pub(super) fn tag(value: &JsValue) -> String {
    let tag = tag_of(value).unwrap_or_default();
    tag.strip_prefix("[object ").and_then(|tag| tag.strip_suffix(']')).unwrap_or("Object").to_owned()
}

/// Text of anything that was thrown.
pub(super) fn describe_thrown(thrown: &JsValue) -> String {
    // Node's connection errors may have a code and no message.
    let text = |key: &str| {
        let text = js_sys::Reflect::get(thrown, &JsValue::from_str(key)).ok()?.as_string()?;
        Some(text).filter(|text| !text.is_empty())
    };
    match text("message").or_else(|| text("code")).or_else(|| thrown.as_string()) {
        Some(text) => text,
        None => format!("{} was thrown", kind(thrown)),
    }
}

/// The type of a value, in words.
pub(super) fn kind(value: &JsValue) -> String {
    if value.is_undefined() {
        return "undefined".to_owned();
    }
    if value.is_null() {
        return "null".to_owned();
    }
    let name = match value.js_typeof().as_string().unwrap_or_default() {
        name if name == "object" => tag(value),
        name => name,
    };
    let name = if name == "Object" || name == "Array" { name.to_ascii_lowercase() } else { name };
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
    format!("{article} {name}")
}
