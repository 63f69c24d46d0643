//! What serde finds wrong with a value, in the client's words and with its place.

use std::fmt::{self, Display};

use serde::de::{Error, Expected, Unexpected};

use super::step::Step;
use super::{Invalid, Value};

/// Why a value could not be read. Boxed, as every value read may be refused: results stay small.
#[derive(Debug)]
pub(super) struct Mistake(Box<(Vec<Step>, What)>);

#[derive(Debug)]
enum What {
    /// In the words of a type of ours.
    Said(String),
    /// Another type, or a number out of range.
    Expected(String),
    Missing,
    UnknownKey(String, &'static [&'static str]),
}

impl Mistake {
    fn new(what: What) -> Self {
        Self(Box::new((Vec::new(), what)))
    }

    /// What a format itself says: that a value is of a type which it cannot show to anybody.
    pub(super) fn foreign(error: &dyn Display) -> Self {
        let text = error.to_string();
        match text.rsplit_once(", expected ") {
            Some((_, expected)) => Self::new(What::Expected(expected.to_owned())),
            None => Self::new(What::Said(text)),
        }
    }

    /// The same mistake, seen from the value that holds this one.
    pub(super) fn under(mut self, step: Step) -> Self {
        self.0.0.push(step);
        self
    }

    /// The refusal, as it is told. Values are looked at for their type alone: they may be secret.
    pub(super) fn tell(self, root: &Value) -> Invalid {
        let (steps, what) = *self.0;
        let mut found = Some(root.clone());
        let mut path = String::new();
        for place in steps.iter().rev() {
            found = found.and_then(|value| value.under(place));
            place.extend(&mut path);
        }
        let reason = match what {
            What::Said(reason) => reason,
            What::Missing => "is missing".to_owned(),
            What::UnknownKey(key, known) => unknown_key(&key, known),
            What::Expected(expected) => mismatch(&expected, found.as_ref()),
        };
        Invalid::new(path, reason)
    }
}

/// What was expected and what was found, where serde names the types of Rust.
fn mismatch(expected: &str, found: Option<&Value>) -> String {
    let number = found.and_then(Value::number);
    let expected = match (expected, &number) {
        ("u8" | "u16" | "u32" | "u64" | "usize", Some(number))
            if number.starts_with('-') && !number.contains(['.', 'I']) =>
        {
            return format!("must be a whole number from 0 up, got {number}");
        }
        ("i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize", Some(number)) => {
            return format!("expected a whole number, got {number}");
        }
        ("i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" | "f64", None) => "a number",
        ("a boolean", _) => "true or false",
        ("a sequence", _) => "an array",
        ("a map", _) => "an object",
        (name, _) if name.starts_with("struct ") => "an object",
        (words, _) => words,
    };
    let found = found.map_or_else(|| "nothing".to_owned(), Value::kind);
    format!("expected {expected}, got {found}")
}

#[cfg(target_arch = "wasm32")]
fn unknown_key(key: &str, known: &[&str]) -> String {
    super::engine::unknown_key(key, known.iter().map(|key| (*key).to_owned()).collect())
}

#[cfg(not(target_arch = "wasm32"))]
fn unknown_key(key: &str, known: &[&str]) -> String {
    format!("unknown key {key:?}: known keys are {}", known.join(", "))
}

impl Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0.1)
    }
}

impl std::error::Error for Mistake {}

impl Error for Mistake {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(What::Said(message.to_string()))
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(What::Expected(expected.to_string()))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(What::Expected(expected.to_string()))
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::new(What::Expected(expected.to_string()))
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Self {
        Self::new(What::Said(format!("must be one of {}", known.join(", "))))
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        Self::new(What::UnknownKey(field.to_owned(), known)).under(Step::Key(field.to_owned()))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(What::Said("is there twice".to_owned())).under(Step::Key(field.to_owned()))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(What::Missing).under(Step::Key(field.to_owned()))
    }
}
