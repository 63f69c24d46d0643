//! Values as serde_json makes them.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use super::Invalid;
use super::step::Step;

/// A value of JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Value(serde_json::Value);

impl Default for Value {
    /// The empty object.
    fn default() -> Self {
        Self(serde_json::Value::Object(serde_json::Map::new()))
    }
}

impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        Self(value)
    }
}

impl Value {
    /// Reads a text that is one value and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// The value that serde makes of anything.
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        // What is serialised here has text for keys and nothing that fails.
        Self(serde_json::to_value(value).unwrap_or_default())
    }

    /// The value as serde_json's own.
    pub fn as_json(&self) -> &serde_json::Value {
        &self.0
    }

    /// The member of an object with this key.
    pub fn get(&self, key: &str) -> Option<Self> {
        self.0.get(key).cloned().map(Self)
    }

    /// Whether it is an object.
    pub fn is_object(&self) -> bool {
        self.0.is_object()
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        self.0.is_null()
    }

    /// A string.
    pub fn as_text(&self) -> Option<String> {
        self.0.as_str().map(str::to_owned)
    }

    /// The text of the value.
    pub fn to_text(&self) -> Text {
        Text(self.0.to_string())
    }

    /// The object with one more member.
    pub(crate) fn with(&self, key: &str, member: &Self) -> Self {
        let mut value = self.0.clone();
        if let Some(object) = value.as_object_mut() {
            object.insert(key.to_owned(), member.0.clone());
        }
        Self(value)
    }

    /// Takes a member out of an object.
    pub(crate) fn remove(&mut self, key: &str) {
        if let Some(object) = self.0.as_object_mut() {
            object.remove(key);
        }
    }

    /// Whether it is the same JSON, in whatever order its members are.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self == other
    }

    /// What kind of value it is, in words.
    pub(crate) fn kind(&self) -> String {
        let kind = match &self.0 {
            serde_json::Value::Null => "null",
            serde_json::Value::Bool(_) => "a boolean",
            serde_json::Value::Number(_) => "a number",
            serde_json::Value::String(_) => "a string",
            serde_json::Value::Array(_) => "an array",
            serde_json::Value::Object(_) => "an object",
        };
        kind.to_owned()
    }

    /// A number, as it is shown.
    pub(super) fn number(&self) -> Option<String> {
        self.0.as_number().map(ToString::to_string)
    }

    /// The value under a step of a path.
    pub(super) fn under(&self, step: &Step) -> Option<Self> {
        match step {
            Step::Key(key) => self.get(key),
            Step::Index(index) => self.0.get(index).cloned().map(Self),
        }
    }

    pub(super) fn deserializer(&self) -> impl Deserializer<'static> {
        self.0.clone()
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An array of values.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value")]
pub struct List(Vec<Value>);

impl TryFrom<Value> for List {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        match value.0 {
            serde_json::Value::Array(items) => Ok(items.into_iter().map(Value).collect()),
            other => Err(format!("expected an array, got {}", Value(other).kind())),
        }
    }
}

impl List {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value at a place.
    pub fn get(&self, index: usize) -> Option<Value> {
        self.0.get(index).cloned()
    }

    /// Sets the value at a place.
    pub(crate) fn set(&mut self, index: usize, value: Value) {
        if let Some(known) = self.0.get_mut(index) {
            *known = value;
        }
    }

    /// Reads each value into a type. An engine's values cross by the keys and texts of the plain ones; here serde reads all.
    ///
    /// # Errors
    /// Says where one is something else.
    pub(crate) fn read_each<T: DeserializeOwned, const N: usize>(
        &self,
        _: [&str; N],
        _: impl Fn([&str; N]) -> Option<T>,
    ) -> Result<Vec<T>, Invalid> {
        (0..self.len()).map(|place| self.read_at(place)).collect()
    }

    /// The values at these places.
    pub(crate) fn pick(&self, places: &[u32]) -> Self {
        Self(places.iter().filter_map(|place| self.get(*place as usize)).collect())
    }

    /// Adds the values of another list.
    pub(crate) fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

impl FromIterator<Value> for List {
    fn from_iter<T: IntoIterator<Item = Value>>(values: T) -> Self {
        Self(values.into_iter().collect())
    }
}

/// The text of a JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(String);

impl Text {
    /// The text that serde makes of anything.
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        // What is serialised here has text for keys and nothing that fails.
        Self(serde_json::to_string(value).unwrap_or_default())
    }

    /// The text of what holds no values: here as any.
    pub(crate) fn write<T: Serialize>(value: &T) -> Self {
        Self::of(value)
    }

    /// The value that the text is.
    pub(crate) fn value(&self) -> Value {
        Value::parse(&self.0).unwrap_or_default()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it may hold text that the server would refuse or change. Any may: looking is cheap here.
    pub(crate) fn is_suspicious(&self) -> bool {
        true
    }

    /// How many bytes it takes, as UTF-8.
    pub(crate) fn bytes(&self) -> usize {
        self.0.len()
    }

    /// Whether it takes more bytes than this, as UTF-8.
    pub(crate) fn exceeds(&self, bytes: usize) -> bool {
        self.0.len() > bytes
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
