//! JSON, written piece by piece.

use std::fmt::Write as _;

use super::Json;

/// The text as a JSON string.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    push_text(&mut quoted, text);
    quoted
}

fn push_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            '\0'..' ' => {
                // Writing into a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// Writes an object member by member, in the order of the calls.
#[derive(Debug)]
pub(crate) struct Object(String);

impl Object {
    pub(crate) fn new() -> Self {
        Self("{".to_owned())
    }

    /// Goes on after the members of an object that is there.
    pub(crate) fn after(object: Json<'_>) -> Self {
        match object.text().strip_suffix('}') {
            Some(open) if object.keyed().next().is_some() => Self(open.to_owned()),
            _ => Self::new(),
        }
    }

    fn key(&mut self, key: &str) {
        separate(&mut self.0);
        push_text(&mut self.0, key);
        self.0.push(':');
    }

    /// A member as it was read.
    pub(crate) fn member(&mut self, key: Json<'_>, value: Json<'_>) {
        separate(&mut self.0);
        self.0.push_str(key.text());
        self.0.push(':');
        self.0.push_str(value.text());
    }

    /// A member that is JSON already.
    pub(crate) fn json(&mut self, key: &str, json: &str) -> &mut Self {
        self.key(key);
        self.0.push_str(json);
        self
    }

    /// A string.
    pub(crate) fn text(&mut self, key: &str, text: &str) -> &mut Self {
        self.key(key);
        push_text(&mut self.0, text);
        self
    }

    /// A whole number.
    pub(crate) fn integer(&mut self, key: &str, number: i64) -> &mut Self {
        self.json(key, &number.to_string())
    }

    pub(crate) fn finish(self) -> String {
        let Self(mut text) = self;
        text.push('}');
        text
    }
}

/// The items as a JSON array, each as `write` makes it JSON.
pub(crate) fn array<'a, T, S: AsRef<str>>(items: &'a [T], write: impl Fn(&'a T) -> S) -> String {
    let mut text = "[".to_owned();
    for item in items {
        separate(&mut text);
        text.push_str(write(item).as_ref());
    }
    text.push(']');
    text
}

/// A comma, but for what comes first.
fn separate(out: &mut String) {
    if out.len() > 1 {
        out.push(',');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    proptest! {
        #[test]
        fn texts_are_written_and_read_back(text in any::<String>()) {
            let quoted = quote(&text);
            prop_assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text.clone());
            prop_assert_eq!(Json::parse(&quoted).unwrap().as_text().unwrap(), text);
        }
    }

    #[test]
    fn objects_and_arrays_are_written() {
        let mut object = Object::new();
        let list = array(&["1", "{}"], |item| *item);
        object.text("a\"", "b\n").integer("n", -1).json("list", &list);
        let written: Value = serde_json::from_str(&object.finish()).unwrap();
        assert_eq!(written, json!({"a\"": "b\n", "n": -1, "list": [1, {}]}));
        assert_eq!(array(&[], |item: &String| item), "[]");
    }
}
