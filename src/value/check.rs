//! What goes out, checked for what the server would refuse or change.

use serde_json::Value as Json;

use super::text::step;
use super::{Invalid, Value};

/// How deep values may nest in what is sent: far more than people write.
pub const DEEPEST: usize = 100;
/// The largest integer up to which a double holds every integer.
const LARGEST_INTEGER: u64 = 1 << 53;

impl Value {
    /// Checks for NUL characters, which the server cannot store; integers beyond 2^53, as it keeps numbers as doubles;
    /// and nesting.
    ///
    /// # Errors
    /// Names the place, e.g. `items[3].price`.
    pub(crate) fn check(&self) -> Result<(), Invalid> {
        check(self.as_json(), DEEPEST)
    }
}

fn check(value: &Json, depth: usize) -> Result<(), Invalid> {
    let refuse = |reason: String| Err(Invalid::new("", reason));
    match value {
        Json::Array(_) | Json::Object(_) if depth == 0 => refuse(format!("is nested more than {DEEPEST} levels deep")),
        Json::Array(items) => items.iter().enumerate().try_for_each(|(index, item)| {
            check(item, depth - 1).map_err(|invalid| invalid.under(&format!("[{index}]")))
        }),
        Json::Object(members) => members.iter().try_for_each(|(key, value)| {
            check_text(key).and_then(|()| check(value, depth - 1)).map_err(|invalid| invalid.under(&step(key)))
        }),
        Json::String(text) => check_text(text),
        Json::Number(number) => match number.as_u64().or(number.as_i64().map(i64::unsigned_abs)) {
            Some(integer) if integer > LARGEST_INTEGER => refuse(format!(
                "{number} is an integer beyond 2^53, and the server keeps numbers as doubles, so it would arrive changed; \
                 send it as a string"
            )),
            _ => Ok(()),
        },
        Json::Null | Json::Bool(_) => Ok(()),
    }
}

fn check_text(text: &str) -> Result<(), Invalid> {
    if text.contains('\0') {
        return Err(Invalid::new("", "holds a NUL character, which the server cannot store; remove it"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_server_would_change_or_refuse_is_refused_with_its_place() {
        let told = |value: Json| Value::from(value).check().unwrap_err().to_string();
        insta::assert_snapshot!(
            [
                told(json!({"items": [1, {"price": 9_007_199_254_740_993_u64}]})),
                told(json!({"n": -9_007_199_254_740_993_i64})),
                told(json!({"a": {"b": "x\0y"}})),
                told(json!({"a\0": 1})),
                told(json!({"two words": ["\0"]})),
            ]
            .join("\n"),
            @r#"
        items[1].price: 9007199254740993 is an integer beyond 2^53, and the server keeps numbers as doubles, so it would arrive changed; send it as a string
        n: -9007199254740993 is an integer beyond 2^53, and the server keeps numbers as doubles, so it would arrive changed; send it as a string
        a.b: holds a NUL character, which the server cannot store; remove it
        ["a\0"]: holds a NUL character, which the server cannot store; remove it
        ["two words"][0]: holds a NUL character, which the server cannot store; remove it
        "#
        );
        let fine = json!({"n": 1_u64 << 53, "m": -(1_i64 << 53), "e": 1e300, "f": 1_234_567_890_123_456_789.5, "s": "\\u0000"});
        assert!(Value::from(fine).check().is_ok());
    }

    #[test]
    fn deep_nesting_is_refused() {
        let nested = |levels: usize| Value::from((0..levels).fold(json!(1), |inner, _| json!([inner])));
        assert!(nested(101).check().unwrap_err().reason.contains("100 levels"));
        assert!(nested(100).check().is_ok());
    }
}
