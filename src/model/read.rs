//! Reading the types of answers, each refusal with its place.

use chrono::{DateTime, Utc};

use crate::invalid::Invalid;
use crate::json::Json;
use crate::time::from_wire;

pub(super) fn missing(key: &str) -> Invalid {
    Invalid::new("", format!("missing field `{key}`"))
}

fn expected(what: &str, json: Json<'_>) -> Invalid {
    Invalid::new("", format!("expected {what}, got {}", json.kind()))
}

/// The member of this key as `read` makes it, which has to be there.
pub(crate) fn required<'a, T>(
    json: Json<'a>,
    key: &str,
    read: impl FnOnce(Json<'a>) -> Result<T, Invalid>,
) -> Result<T, Invalid> {
    let value = json.get(key).ok_or_else(|| missing(key))?;
    read(value).map_err(|invalid| invalid.under(key))
}

/// The array of this key, which has to be there, each item as `read` makes it.
pub(crate) fn list<'a, T>(
    json: Json<'a>,
    key: &str,
    read: fn(Json<'a>) -> Result<T, Invalid>,
) -> Result<Vec<T>, Invalid> {
    required(json, key, |value| array(value, read))
}

/// An array, each item as `read` makes it.
pub(super) fn array<'a, T>(json: Json<'a>, read: fn(Json<'a>) -> Result<T, Invalid>) -> Result<Vec<T>, Invalid> {
    if json.is_array() { items(json, read) } else { Err(expected("an array", json)) }
}

/// The items of an array, each as `read` makes it. A loop, as collecting results weighs twice as much.
pub(crate) fn items<'a, T>(array: Json<'a>, read: fn(Json<'a>) -> Result<T, Invalid>) -> Result<Vec<T>, Invalid> {
    let mut items = Vec::new();
    for item in array.items() {
        match read(item) {
            Ok(item) => items.push(item),
            Err(invalid) => return Err(invalid.under(&format!("[{}]", items.len()))),
        }
    }
    Ok(items)
}

pub(crate) fn text(json: Json<'_>) -> Result<String, Invalid> {
    json.as_text().map(Into::into).ok_or_else(|| expected("a string", json))
}

pub(super) fn integer(json: Json<'_>) -> Result<i64, Invalid> {
    json.as_integer().ok_or_else(|| expected("a whole number", json))
}

pub(super) fn object(json: Json<'_>) -> Result<(), Invalid> {
    if json.is_object() { Ok(()) } else { Err(expected("an object", json)) }
}

pub(super) fn instant(json: Json<'_>) -> Result<DateTime<Utc>, Invalid> {
    from_wire(&text(json)?).map_err(|reason| Invalid::new("", reason))
}
