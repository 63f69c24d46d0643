//! Reading the objects that callers pass: known keys only, and every refusal says where.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

use super::engine::{self, describe_thrown, kind};
use crate::endpoint::to_json;
use crate::invalid::Invalid;

#[wasm_bindgen(raw_module = "./errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = unknownKey)]
    fn unknown_key(key: &str, known: Vec<String>) -> String;
}

/// A value, or why it is refused.
pub(super) type Read<T> = Result<T, Invalid>;

/// Makes something of a value. Not a closure: what reads an option is then compiled once for each type.
pub(super) type Reader<T> = fn(&JsValue) -> Read<T>;

/// An object whose keys have been checked.
pub(super) struct Fields<'a> {
    object: &'a JsValue,
}

impl<'a> Fields<'a> {
    /// Takes an object that has no other keys than `known`.
    pub(super) fn of(object: &'a JsValue, known: &[&str]) -> Read<Self> {
        if kind(object) != "an object" {
            return Err(expected("an object", object));
        }
        for key in keys(object)? {
            if !known.contains(&key.as_str()) {
                let known = known.iter().map(|&name| name.to_owned()).collect();
                let reason = unknown_key(&key, known);
                return Err(Invalid::new(key, reason));
            }
        }
        Ok(Self { object })
    }

    /// The property as `read` makes it; `None` where it is absent or undefined.
    pub(super) fn optional<T>(&self, key: &str, read: Reader<T>) -> Read<Option<T>> {
        let value = get(self.object, key)?;
        if value.is_undefined() { Ok(None) } else { read(&value).map(Some).map_err(|invalid| invalid.under(key)) }
    }

    /// The property as `read` makes it, which has to be there.
    pub(super) fn required<T>(&self, key: &str, read: Reader<T>) -> Read<T> {
        self.optional(key, read)?.ok_or_else(|| Invalid::new(key, "is missing"))
    }
}

/// Any value, as it is.
pub(super) fn any(value: &JsValue) -> Read<JsValue> {
    Ok(value.clone())
}

/// A string.
pub(super) fn string(value: &JsValue) -> Read<String> {
    value.as_string().ok_or_else(|| expected("a string", value))
}

/// A number, whatever its value.
pub(super) fn number(value: &JsValue) -> Read<f64> {
    value.as_f64().ok_or_else(|| expected("a number", value))
}

/// A whole number that fits.
pub(super) fn integer(value: &JsValue) -> Read<i64> {
    let number = number(value)?;
    let whole = number as i64;
    if whole as f64 == number && number.abs() <= 9_007_199_254_740_992.0 {
        Ok(whole)
    } else {
        Err(Invalid::new("", format!("expected a whole number, got {}", shown(number))))
    }
}

/// A number as JavaScript writes it.
pub(super) fn shown(number: f64) -> String {
    JsValue::from_f64(number)
        .unchecked_into::<js_sys::Number>()
        .to_string_with_radix(10)
        .map(String::from)
        .unwrap_or_default()
}

/// A whole number that is not negative.
pub(super) fn count<T: TryFrom<i64>>(value: &JsValue) -> Read<T> {
    let number = integer(value)?;
    T::try_from(number).map_err(|_| Invalid::new("", format!("must be a whole number from 0 up, got {number}")))
}

/// True or false.
pub(super) fn boolean(value: &JsValue) -> Read<bool> {
    value.as_bool().ok_or_else(|| expected("true or false", value))
}

/// A function.
pub(super) fn function(value: &JsValue) -> Read<js_sys::Function> {
    value.dyn_ref::<js_sys::Function>().cloned().ok_or_else(|| expected("a function", value))
}

/// The items of an array or any other iterable that is no string, each as `read` makes it.
pub(super) fn items<T>(value: &JsValue, read: Reader<T>) -> Read<Vec<T>> {
    let failed = |thrown: JsValue| Invalid::new("", format!("reading it failed: {}", describe_thrown(&thrown)));
    let iterator = if value.is_object() { js_sys::try_iter(value).map_err(failed)? } else { None };
    let mut items = Vec::new();
    for (index, item) in iterator.ok_or_else(|| expected("an array or another iterable", value))?.enumerate() {
        items.push(read(&item.map_err(failed)?).map_err(|invalid| invalid.under(&format!("[{index}]")))?);
    }
    Ok(items)
}

/// The keys and values of a plain object, each value as `read` makes it.
pub(super) fn entries<T>(object: &JsValue, read: Reader<T>) -> Read<Vec<(String, T)>> {
    if kind(object) != "an object" {
        return Err(expected("an object", object));
    }
    let mut entries = Vec::new();
    for key in keys(object)? {
        let value = get(object, &key)?;
        if !value.is_undefined() {
            let value = read(&value).map_err(|invalid| invalid.under(&step(&key)))?;
            entries.push((key, value));
        }
    }
    Ok(entries)
}

/// The own enumerable keys of an object.
pub(super) fn keys(object: &JsValue) -> Read<Vec<String>> {
    let keys = engine::keys(object).map_err(|thrown| unreadable(&thrown))?;
    Ok(keys.iter().filter_map(|key| key.as_string()).collect())
}

/// A property; a getter that throws is a refusal.
pub(super) fn get(object: &JsValue, key: &str) -> Read<JsValue> {
    Reflect::get(object, &JsValue::from_str(key)).map_err(|thrown| unreadable(&thrown).under(&step(key)))
}

/// A key as a step of a path: `name` or `["two words"]`.
pub(super) fn step(key: &str) -> String {
    let is_name = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
        && !key.starts_with(|c: char| c.is_ascii_digit());
    if is_name && !key.is_empty() { key.to_owned() } else { format!("[{}]", to_json(key)) }
}

/// The refusal of a value of a wrong type. It names the type and never the value, which may be secret.
pub(super) fn expected(what: &str, value: &JsValue) -> Invalid {
    Invalid::new("", format!("expected {what}, got {}", kind(value)))
}

/// The refusal of what cannot even be looked at: a getter or a proxy threw.
pub(super) fn unreadable(thrown: &JsValue) -> Invalid {
    Invalid::new("", format!("reading it failed: {}", describe_thrown(thrown)))
}
