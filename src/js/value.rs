//! JavaScript values as JSON, without a silent change: what JSON.stringify would drop or turn into null is refused.

use js_sys::{Array, Function};
use serde_json::{Map, Number, Value};
use wasm_bindgen::{JsCast, JsValue};

use super::engine::{self, describe_thrown, kind, tag};
use super::fields::{expected, shown, step, unreadable};
use crate::invalid::Invalid;
use crate::json;

const MAX_EXACT: i64 = json::LARGEST_INTEGER as i64;

/// Built-in objects that JSON.stringify would write as `{}`, or as something that reads back differently.
const REFUSED: &[&str] = &[
    "Map",
    "Set",
    "WeakMap",
    "WeakSet",
    "WeakRef",
    "Promise",
    "RegExp",
    "Error",
    "ArrayBuffer",
    "SharedArrayBuffer",
    "DataView",
    "Number",
    "String",
    "Boolean",
    "BigInt",
    "Symbol",
    "Generator",
    "AsyncGenerator",
    "Window",
    "Function",
    "AsyncFunction",
];

/// The objects on the way from the outermost value to the one that is read.
struct Parents<'a> {
    object: &'a JsValue,
    outer: Option<&'a Parents<'a>>,
    depth: usize,
}

/// A JSON object, such as a run's input.
pub(super) fn json_object(value: &JsValue) -> Result<Map<String, Value>, Invalid> {
    match any(value)? {
        Value::Object(object) => Ok(object),
        _ => Err(expected("an object", value)),
    }
}

/// Any JSON value.
pub(super) fn any(value: &JsValue) -> Result<Value, Invalid> {
    convert(value, "", None)?.ok_or_else(|| expected("a JSON value", value))
}

/// `None` for undefined, which an object's property may be.
fn convert(value: &JsValue, key: &str, outer: Option<&Parents<'_>>) -> Result<Option<Value>, Invalid> {
    if value.is_undefined() {
        return Ok(None);
    }
    if value.is_object() {
        return convert_object(value, key, outer);
    }
    primitive(value).map(Some)
}

fn primitive(value: &JsValue) -> Result<Value, Invalid> {
    if let Some(text) = value.as_string() {
        // A lone half of a surrogate pair has become this character.
        if text.contains('\u{FFFD}') && !js_sys::JsString::unchecked_from_js_ref(value).is_valid_utf16() {
            return Err(Invalid::new("", "holds half a character (a lone surrogate), which the server would change"));
        }
        return Ok(Value::String(text));
    }
    if let Some(number) = value.as_f64() {
        return finite(number);
    }
    if let Some(boolean) = value.as_bool() {
        return Ok(Value::Bool(boolean));
    }
    if value.is_null() {
        return Ok(Value::Null);
    }
    if value.is_bigint() {
        let exact = i64::try_from(value.clone()).ok().filter(|number| (-MAX_EXACT..=MAX_EXACT).contains(number));
        let reason = "a BigInt beyond 2^53: the server would change it, as it keeps numbers as 64-bit floats; send it as a string";
        return exact.map(Value::from).ok_or_else(|| Invalid::new("", reason));
    }
    Err(Invalid::new("", format!("{} cannot be sent as JSON", kind(value))))
}

fn finite(number: f64) -> Result<Value, Invalid> {
    let whole = number as i64;
    if whole as f64 == number && whole.abs() <= MAX_EXACT {
        return Ok(Value::from(whole));
    }
    let reason = || Invalid::new("", format!("{} cannot be sent as JSON; use null or leave it out", shown(number)));
    Number::from_f64(number).map(Value::Number).ok_or_else(reason)
}

fn convert_object(object: &JsValue, key: &str, outer: Option<&Parents<'_>>) -> Result<Option<Value>, Invalid> {
    let depth = outer.map_or(1, |outer| outer.depth + 1);
    if depth > json::DEEPEST {
        return Err(Invalid::new("", format!("is nested more than {} levels deep", json::DEEPEST)));
    }
    if std::iter::successors(outer, |parents| parents.outer).any(|parents| parents.object == object) {
        return Err(Invalid::new("", "refers back to an object that holds it, so it has no JSON form"));
    }
    let parents = Parents { object, outer, depth };
    let to_json = engine::to_json(object).map_err(|thrown| unreadable(&thrown).under("toJSON"))?;
    if let Some(to_json) = to_json.dyn_ref::<Function>() {
        if tag(object) == "Date" && js_sys::Date::unchecked_from_js_ref(object).value_of().is_nan() {
            return Err(Invalid::new("", "is an invalid Date"));
        }
        let written = to_json
            .call1(object, &JsValue::from_str(key))
            .map_err(|thrown| Invalid::new("", format!("its toJSON() failed: {}", describe_thrown(&thrown))))?;
        // As JSON.stringify does, toJSON is asked once: an object it gives is written as it is.
        return if written.is_object() {
            members(&written, &parents).map(Some)
        } else {
            convert(&written, key, Some(&parents))
        };
    }
    members(object, &parents).map(Some)
}

fn members(object: &JsValue, parents: &Parents<'_>) -> Result<Value, Invalid> {
    if let Some(array) = object.dyn_ref::<Array>() {
        // Not sized beforehand: a sparse array may claim any length.
        let mut items = Vec::new();
        for index in 0..array.length() {
            let item = js_sys::Reflect::get_u32(object, index).map_err(|thrown| unreadable(&thrown));
            let item = item.and_then(|item| {
                let reason = "undefined in an array cannot be sent as JSON; use null";
                convert(&item, "", Some(parents))?.ok_or_else(|| Invalid::new("", reason))
            });
            items.push(item.map_err(|invalid| invalid.under(&format!("[{index}]")))?);
        }
        return Ok(Value::Array(items));
    }
    if !engine::is_plain(object) {
        let tag = tag(object);
        if REFUSED.contains(&tag.as_str()) || tag.ends_with("Array") {
            let reason = format!("{} cannot be sent as JSON; make it a plain object or array first", kind(object));
            return Err(Invalid::new("", reason));
        }
    }
    let mut members = Map::new();
    for name in engine::keys(object).map_err(|thrown| unreadable(&thrown))? {
        let key = name.as_string().unwrap_or_default();
        let value = js_sys::Reflect::get(object, &name).map_err(|thrown| unreadable(&thrown));
        let value = value.and_then(|value| convert(&value, &key, Some(parents)));
        if let Some(value) = value.map_err(|invalid| invalid.under(&step(&key)))? {
            members.insert(key, value);
        }
    }
    Ok(Value::Object(members))
}
