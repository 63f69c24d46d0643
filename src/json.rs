//! JSON as text, read where it stands and written piece by piece: no tree of values, and no code for each type.
//!
//! Answers hold thousands of runs whose text goes to the caller as it came. So [`Json`] is a slice of text that is known
//! to be well-formed, and looking into it costs nothing but the reading. What goes out is checked for what the server
//! would refuse or change: see [`check`].

mod check;
mod reader;
mod write;

pub use check::{DEEPEST, check};
pub(crate) use check::{check_text, step};
pub(crate) use reader::number;
pub(crate) use write::{Object, array, quote};

use std::borrow::Cow;
use std::fmt;

use reader::{Reader, unescape};

/// How deep values may nest in what is read: the reader recurses.
pub const DEEPEST_READ: usize = 128;

/// The text of one JSON value, well-formed, without white space around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    /// The empty object.
    pub const EMPTY: Json<'static> = Json("{}");

    /// Reads a text that is one JSON value and nothing else.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut reader = Reader::new(text, 0);
        let value = reader.value(DEEPEST_READ)?;
        reader.next().is_none().then_some(value)
    }

    /// Takes text that is known to be one.
    pub(crate) fn known(text: &'a str) -> Self {
        Self(text)
    }

    /// The text itself.
    pub fn text(self) -> &'a str {
        self.0
    }

    fn begins_with(self, byte: u8) -> bool {
        self.0.as_bytes().first() == Some(&byte)
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.begins_with(b'n')
    }

    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        self.begins_with(b'{')
    }

    /// Whether it is an array.
    pub fn is_array(self) -> bool {
        self.begins_with(b'[')
    }

    /// Whether it is a string.
    pub fn is_text(self) -> bool {
        self.begins_with(b'"')
    }

    /// `true` or `false`.
    pub fn as_bool(self) -> Option<bool> {
        match self.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// A string, its escapes resolved; half a surrogate pair becomes U+FFFD.
    pub fn as_text(self) -> Option<Cow<'a, str>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        Some(if inner.contains('\\') { Cow::Owned(unescape(inner).0) } else { Cow::Borrowed(inner) })
    }

    /// A number.
    pub fn as_number(self) -> Option<f64> {
        number(self.0)
    }

    /// A whole number, as exact as a double is.
    pub fn as_integer(self) -> Option<i64> {
        let number = self.as_number()?;
        let whole = number as i64;
        (whole as f64 == number).then_some(whole)
    }

    /// The members of an object in their order, none of anything else.
    pub fn members(self) -> impl Iterator<Item = (Cow<'a, str>, Json<'a>)> {
        let mut members = self.keyed();
        std::iter::from_fn(move || {
            let (key, value) = members.next()?;
            Some((key.as_text()?, value))
        })
    }

    /// The members of an object with their keys as JSON.
    pub(crate) fn keyed(self) -> impl Iterator<Item = (Json<'a>, Json<'a>)> {
        let mut reader = Reader::new(self.0, usize::from(self.is_object()));
        std::iter::from_fn(move || {
            let key = reader.item()?;
            reader.take(b':')?;
            Some((key, reader.item()?))
        })
    }

    /// The items of an array in their order, none of anything else.
    pub fn items(self) -> impl Iterator<Item = Json<'a>> {
        let mut reader = Reader::new(self.0, if self.is_array() { 1 } else { self.0.len() });
        std::iter::from_fn(move || reader.item())
    }

    /// The member of an object with this key; the first one, should there be several.
    pub fn get(self, key: &str) -> Option<Json<'a>> {
        self.members().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// The member of this key; empty where there is none.
    pub(crate) fn member(self, key: &str) -> Json<'a> {
        self.get(key).unwrap_or(Json::EMPTY)
    }

    /// The string under this key.
    pub(crate) fn text_of(self, key: &str) -> Option<String> {
        self.get(key)?.as_text().map(Cow::into_owned)
    }

    /// What kind of value it is, in words.
    pub(crate) fn kind(self) -> &'static str {
        match self.0.as_bytes().first() {
            Some(b'{') => "an object",
            Some(b'[') => "an array",
            Some(b'"') => "a string",
            Some(b'n') => "null",
            Some(b't' | b'f') => "a boolean",
            _ => "a number",
        }
    }
}

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_filter_map("finite", |number| serde_json::Number::from_f64(number).map(Value::Number)),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    /// The value again, out of what the reader gives.
    fn rebuilt(json: Json<'_>) -> Value {
        if json.is_object() {
            Value::Object(json.members().map(|(key, value)| (key.into_owned(), rebuilt(value))).collect())
        } else if json.is_array() {
            json.items().map(rebuilt).collect()
        } else if let Some(text) = json.as_text() {
            Value::from(text.into_owned())
        } else {
            serde_json::from_str(json.text()).unwrap()
        }
    }

    proptest! {
        #[test]
        fn values_are_read_as_they_were_written(value in value()) {
            for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
                prop_assert_eq!(rebuilt(Json::parse(&text).unwrap()), serde_json::from_str::<Value>(&text).unwrap());
            }
        }

        #[test]
        fn what_is_json_is_what_others_take_for_json(text in r#"[\[\]{}:,"\\ue0-9.+\- ntrals]{0,24}"#) {
            prop_assert_eq!(Json::parse(&text).is_some(), serde_json::from_str::<Value>(&text).is_ok(), "{}", text);
        }

        #[test]
        fn escapes_are_resolved_as_others_do(units in prop::collection::vec(any::<u16>(), 0..6)) {
            let quoted = format!("\"{}\"", units.iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>());
            prop_assert_eq!(Json::parse(&quoted).unwrap().as_text().unwrap(), String::from_utf16_lossy(&units));
        }
    }

    proptest! {
        #[test]
        fn looking_into_what_is_no_json_never_panics(text in r#"[\[\]{}:,"\\ueé0 a]{0,24}"#) {
            let json = Json::known(&text);
            prop_assert!(json.members().count() + json.items().count() <= 2 * text.len());
        }
    }

    #[test]
    fn of_two_members_with_one_key_the_first_counts() {
        assert_eq!(Json::parse(r#"{"a":1,"a":2}"#).unwrap().get("a").unwrap().text(), "1");
    }
}
