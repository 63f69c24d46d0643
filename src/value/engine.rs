//! Values as the JavaScript engine's own parser makes them. They are never copied into the WebAssembly.

use std::fmt;

use js_sys::{Array, JSON, JsString, Object, Reflect};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use wasm_bindgen::prelude::*;

use super::Invalid;
use super::step::Step;

#[wasm_bindgen(raw_module = "./values.js")]
extern "C" {
    /// The type of a value, in words.
    pub(crate) fn kind(value: &JsValue) -> String;

    /// How many bytes a text takes as UTF-8.
    #[wasm_bindgen(js_name = byteLength, catch)]
    fn byte_length(text: &JsString) -> Result<f64, JsValue>;

    /// The text in base64url, as UTF-8; undefined where it is none.
    pub(crate) fn base64url(text: &str) -> Option<String>;

    /// Text of anything that was thrown.
    pub(crate) fn describe(thrown: &JsValue) -> String;

    /// The names and values of an answer's headers.
    #[wasm_bindgen(catch)]
    pub(crate) fn pairs(headers: &JsValue) -> Result<Array, JsValue>;

    /// What each item holds under these keys, a line each; the item itself under the empty one.
    fn lines(list: &Array, keys: Vec<String>) -> String;

    /// The items at these places.
    fn pick(list: &Array, places: &[u32]) -> Array;

    /// Whether two values are the same JSON.
    fn same(one: &JsValue, other: &JsValue) -> bool;

    /// Adds the items of one array to another.
    #[wasm_bindgen(catch)]
    fn append(list: &Array, other: &Array) -> Result<(), JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// The engine's own parser, on a text that never enters the WebAssembly.
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn parse(text: &JsString) -> Result<JsValue, JsValue>;

    /// A number as JavaScript shows it.
    #[wasm_bindgen(js_name = String)]
    fn show(number: &JsValue) -> String;
}

#[wasm_bindgen(raw_module = "./json.js")]
extern "C" {
    /// The path to what is wrong with a text in a value, and why.
    #[wasm_bindgen(js_name = flawInText)]
    fn flaw_in_text(value: &JsValue) -> Option<Array>;
}

#[wasm_bindgen(raw_module = "./keys.js")]
extern "C" {
    /// Says that a key is not known, and which one was probably meant.
    #[wasm_bindgen(js_name = unknownKey)]
    pub(super) fn unknown_key(key: &str, known: Vec<String>) -> String;
}

/// A value of JSON. Clones share it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Value(#[serde(with = "serde_wasm_bindgen::preserve")] JsValue);

impl Default for Value {
    /// The empty object.
    fn default() -> Self {
        Self(Object::new().into())
    }
}

impl From<JsValue> for Value {
    fn from(value: JsValue) -> Self {
        Self(value)
    }
}

impl From<Value> for JsValue {
    fn from(value: Value) -> Self {
        value.0
    }
}

impl Value {
    /// Reads a text that is one value and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_js(&text.into())
    }

    /// [`parse`](Self::parse), for a text that JavaScript has.
    pub(crate) fn parse_js(text: &JsString) -> Option<Self> {
        parse(text).ok().map(Self)
    }

    /// The value that serde makes of anything.
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
        // What is serialised here has text for keys, and no number beyond a double's integers.
        Self(value.serialize(&serializer).unwrap_or_default())
    }

    /// The value as JavaScript has it.
    pub(crate) fn as_js(&self) -> &JsValue {
        &self.0
    }

    /// The member of an object with this key.
    pub fn get(&self, key: &str) -> Option<Self> {
        let member = Reflect::get(&self.0, &JsValue::from_str(key)).ok()?;
        (!member.is_undefined()).then_some(Self(member))
    }

    /// Whether it is an object.
    pub fn is_object(&self) -> bool {
        self.0.is_object() && !Array::is_array(&self.0)
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        self.0.is_null()
    }

    /// A string.
    pub fn as_text(&self) -> Option<String> {
        self.0.as_string()
    }

    /// The text of the value.
    pub fn to_text(&self) -> Text {
        Text(JSON::stringify(&self.0).unwrap_or_else(|_| JsString::from("")))
    }

    /// The object with one more member.
    pub(crate) fn with(&self, key: &str, member: &Self) -> Self {
        let copy = Object::assign(&Object::new(), self.0.unchecked_ref());
        // A new object refuses no member.
        let _ = Reflect::set(&copy, &JsValue::from_str(key), &member.0);
        Self(copy.into())
    }

    /// Takes a member out of an object. It is set to undefined: taking it out for real would slow every later use.
    pub(crate) fn remove(&mut self, key: &str) {
        let _ = Reflect::set(&self.0, &JsValue::from_str(key), &JsValue::UNDEFINED);
    }

    /// Checks the texts of a value for what the server would refuse or change. The rest the package has made sure of
    /// before it handed the value over, as much of it only JavaScript can see.
    ///
    /// # Errors
    /// Names the place.
    pub(crate) fn check(&self) -> Result<(), Invalid> {
        let Some(flaw) = flaw_in_text(&self.0) else { return Ok(()) };
        let text = |place| flaw.get(place).as_string().unwrap_or_default();
        Err(Invalid::new(text(0), text(1)))
    }

    /// Whether it is the same JSON, in whatever order its members are.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        same(&self.0, &other.0)
    }

    /// What kind of value it is, in words.
    pub(crate) fn kind(&self) -> String {
        kind(&self.0)
    }

    /// A number, as it is shown.
    pub(super) fn number(&self) -> Option<String> {
        self.0.as_f64().is_some().then(|| show(&self.0))
    }

    /// The value under a step of a path.
    pub(super) fn under(&self, step: &Step) -> Option<Self> {
        match step {
            Step::Key(key) => Reflect::get(&self.0, &JsValue::from_str(key)).ok().map(Self),
            Step::Index(index) => Reflect::get_u32(&self.0, *index as u32).ok().map(Self),
        }
    }

    pub(super) fn deserializer(&self) -> impl Deserializer<'static> {
        serde_wasm_bindgen::Deserializer::from(self.0.clone())
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_text().fmt(f)
    }
}

/// An array of values. Clones share it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(try_from = "Value")]
pub struct List(#[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")] Array);

impl TryFrom<Value> for List {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let told = |value: &Value| format!("expected an array, got {}", value.kind());
        value.0.dyn_into().map(Self).map_err(|value| told(&Value(value)))
    }
}

impl List {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.length() as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.length() == 0
    }

    /// The value at a place.
    pub fn get(&self, index: usize) -> Option<Value> {
        (index < self.len()).then(|| Value(self.0.get(index as u32)))
    }

    /// Sets the value at a place.
    pub(crate) fn set(&mut self, index: usize, value: Value) {
        self.0.set(index as u32, value.0);
    }

    /// Reads each value into a type. Most of thousands cross as one text, and `plain` makes them of the texts under these
    /// keys, or of the text that a value is under the empty key; those that it makes nothing of are read by serde.
    ///
    /// # Errors
    /// Says where one is something else.
    pub(crate) fn read_each<T: DeserializeOwned, const N: usize>(
        &self,
        keys: [&str; N],
        plain: impl Fn([&str; N]) -> Option<T>,
    ) -> Result<Vec<T>, Invalid> {
        let text = lines(&self.0, keys.map(str::to_owned).into());
        let mut lines = text.split('\n');
        let mut all = Vec::with_capacity(self.len());
        for place in 0..self.len() {
            let texts = std::array::from_fn(|_| lines.next().unwrap_or_default());
            all.push(match plain(texts) {
                Some(read) => read,
                None => self.read_at(place)?,
            });
        }
        Ok(all)
    }

    /// The values at these places.
    pub(crate) fn pick(&self, places: &[u32]) -> Self {
        Self(pick(&self.0, places))
    }

    /// Adds the values of another list.
    pub(crate) fn append(&mut self, other: Self) {
        // Arrays of the engine's own take any items.
        let _ = append(&self.0, &other.0);
    }

    /// The array as JavaScript has it.
    pub(crate) fn as_js(&self) -> &Array {
        &self.0
    }
}

impl FromIterator<Value> for List {
    fn from_iter<T: IntoIterator<Item = Value>>(values: T) -> Self {
        Self(values.into_iter().map(JsValue::from).collect())
    }
}

/// The text of a JSON value.
#[derive(Debug, Clone)]
pub struct Text(JsString);

impl Text {
    /// The text that serde makes of anything.
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        Value::of(value).to_text()
    }

    /// The text of what holds none of the engine's values: of thousands of items it is written sooner here.
    pub(crate) fn write<T: Serialize>(value: &T) -> Self {
        // What is written here has text for keys and nothing that fails.
        Self(serde_json::to_string(value).unwrap_or_default().into())
    }

    /// The value that the text is.
    pub(crate) fn value(&self) -> Value {
        Value::parse_js(&self.0).unwrap_or_default()
    }

    /// The text as JavaScript has it.
    #[cfg(feature = "npm")]
    pub(crate) fn as_js(&self) -> &JsString {
        &self.0
    }

    /// Whether it may hold text that the server would refuse or change: NUL characters and halves of characters are
    /// written as escapes.
    pub(crate) fn is_suspicious(&self) -> bool {
        self.0.includes("\\u0000", 0) || self.0.includes("\\ud", 0)
    }

    /// How many bytes it takes, as UTF-8.
    pub(crate) fn bytes(&self) -> usize {
        byte_length(&self.0).unwrap_or_default() as usize
    }

    /// Whether it takes more bytes than this, as UTF-8, where a unit of UTF-16 takes one to three.
    pub(crate) fn exceeds(&self, bytes: usize) -> bool {
        let units = self.0.length() as usize;
        units > bytes || units * 3 > bytes && self.bytes() > bytes
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from(&self.0))
    }
}
