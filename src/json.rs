//! JSON that goes out, checked for what the server would refuse or change; and where in JSON that came in a reader
//! stumbled.

use serde_json::Value;

use crate::invalid::Invalid;

/// How deep values may nest: far more than people write, and less than the readers of answers take (128).
pub const DEEPEST: usize = 100;

/// The largest integer up to which a double holds every integer: 2^53.
pub const LARGEST_INTEGER: u64 = 1 << 53;

/// Checks a value for what the server would refuse (NUL characters) or change (integers beyond 2^53: it keeps numbers
/// as doubles).
///
/// # Errors
/// Names the place, e.g. `items[3].price`.
pub fn check(value: &Value) -> Result<(), Invalid> {
    check_within(value, DEEPEST)
}

fn check_within(value: &Value, depth: usize) -> Result<(), Invalid> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Invalid::new("", format!("is nested more than {DEEPEST} levels deep")));
    };
    match value {
        Value::String(text) => check_text(text),
        Value::Number(number) if number.as_i64().is_some() || number.as_u64().is_some() => {
            let size = number.as_u64().or(number.as_i64().map(i64::unsigned_abs)).unwrap_or_default();
            if size <= LARGEST_INTEGER {
                return Ok(());
            }
            Err(Invalid::new(
                "",
                format!(
                    "{number} is an integer beyond 2^53, and the server keeps numbers as doubles, so it would arrive \
                     changed; send it as a string"
                ),
            ))
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| check_within(item, depth).map_err(|e| e.under(&format!("[{index}]")))),
        Value::Object(entries) => entries.iter().try_for_each(|(key, item)| {
            check_text(key)
                .and_then(|()| check_within(item, depth))
                .map_err(|invalid| invalid.under(&key.replace('\0', "\\0")))
        }),
        _ => Ok(()),
    }
}

/// Checks a text for NUL characters, which the server's database cannot hold.
pub(crate) fn check_text(text: &str) -> Result<(), Invalid> {
    if text.contains('\0') {
        return Err(Invalid::new("", "holds a NUL character, which the server cannot store; remove it"));
    }
    Ok(())
}

/// The path of the innermost value at a line and column (both from 1) of a JSON text, e.g. `rows[3].triggerAt`.
pub(crate) fn path_at(text: &[u8], line: usize, column: usize) -> String {
    let start: usize = text.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    let end = (start + column).min(text.len());
    let mut path: Vec<Step> = Vec::new();
    let mut key: Option<Vec<u8>> = None;
    let mut bytes = text.iter().copied().take(end).peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'{' => path.push(Step::Key(Vec::new())),
            b'[' => path.push(Step::Index(0)),
            b'}' | b']' if bytes.peek().is_some() => {
                path.pop();
            }
            b'}' => {
                if let Some(Step::Key(name)) = path.last_mut() {
                    name.clear();
                }
            }
            b',' => match path.last_mut() {
                Some(Step::Index(index)) => *index += 1,
                Some(Step::Key(name)) => name.clear(),
                None => {}
            },
            b':' => {
                if let (Some(Step::Key(name)), Some(key)) = (path.last_mut(), key.take()) {
                    *name = key;
                }
            }
            b'"' => {
                let mut content = Vec::new();
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'"' => break,
                        b'\\' => content.extend(bytes.next()),
                        byte => content.push(byte),
                    }
                }
                key = Some(content);
            }
            _ => {}
        }
    }
    let mut told = String::new();
    for step in path {
        match step {
            Step::Index(index) => told.push_str(&format!("[{index}]")),
            Step::Key(name) if name.is_empty() => {}
            Step::Key(name) => {
                told.push_str(if told.is_empty() { "" } else { "." });
                told.push_str(&String::from_utf8_lossy(&name));
            }
        }
    }
    told
}

enum Step {
    Key(Vec<u8>),
    Index(usize),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_server_would_change_or_refuse_is_refused_with_its_place() {
        let told = |value: Value| check(&value).unwrap_err().to_string();
        insta::assert_snapshot!(
            [
                told(json!({"items": [1, {"price": 9_007_199_254_740_993_u64}]})),
                told(json!({"n": -9_007_199_254_740_993_i64})),
                told(json!({"a": {"b": "x\0y"}})),
                told(json!({"a\0": 1})),
            ]
            .join("\n"),
            @r#"
        items[1].price: 9007199254740993 is an integer beyond 2^53, and the server keeps numbers as doubles, so it would arrive changed; send it as a string
        n: -9007199254740993 is an integer beyond 2^53, and the server keeps numbers as doubles, so it would arrive changed; send it as a string
        a.b: holds a NUL character, which the server cannot store; remove it
        a\0: holds a NUL character, which the server cannot store; remove it
        "#
        );
        assert!(check(&json!({"n": LARGEST_INTEGER, "m": -9_007_199_254_740_992_i64, "e": 1e300})).is_ok());
    }

    #[test]
    fn deep_nesting_is_refused_without_a_deep_stack() {
        let mut value = json!(1);
        for _ in 0..1_000 {
            value = Value::Array(vec![value]);
        }
        assert!(check(&value).unwrap_err().reason.contains("100 levels"));
    }

    proptest! {
        #[test]
        fn finding_a_place_never_panics(text in ".{0,60}", line in 0usize..4, column in 0usize..80) {
            let _ = path_at(text.as_bytes(), line, column);
        }
    }
}
