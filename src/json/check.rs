//! What goes out, checked for what the server would refuse or change.

use super::reader::unescape;
use super::{Json, quote};
use crate::invalid::Invalid;

/// How deep values may nest in what is sent: far more than people write, and less than answers may ([`DEEPEST_READ`](super::DEEPEST_READ)).
pub const DEEPEST: usize = 100;

/// Checks a value for what the server would refuse (NUL characters) or change (integers beyond 2^53, as it keeps numbers
/// as doubles; half a surrogate pair).
///
/// # Errors
/// Names the place, e.g. `items[3].price`.
pub fn check(value: Json<'_>) -> Result<(), Invalid> {
    check_within(value, DEEPEST)
}

fn check_within(value: Json<'_>, depth: usize) -> Result<(), Invalid> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Invalid::new("", format!("is nested more than {DEEPEST} levels deep")));
    };
    let text = value.text();
    if value.is_object() {
        for (key, item) in value.members() {
            check_text(&key).and_then(|()| check_within(item, depth)).map_err(|invalid| invalid.under(&step(&key)))?;
        }
    } else if value.is_array() {
        for (index, item) in value.items().enumerate() {
            check_within(item, depth).map_err(|invalid| invalid.under(&format!("[{index}]")))?;
        }
    } else if value.is_text() {
        if text.contains('\\') {
            let (unescaped, halved) = unescape(text);
            if halved {
                let reason = "holds half a character (a lone surrogate), which the server would change";
                return Err(Invalid::new("", reason));
            }
            check_text(&unescaped)?;
        }
    } else if text.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit()) && !fits(text.trim_start_matches('-')) {
        let reason = format!(
            "{text} is an integer beyond 2^53, and the server keeps numbers as doubles, so it would arrive changed; send \
             it as a string"
        );
        return Err(Invalid::new("", reason));
    }
    Ok(())
}

/// Whether the digits of an integer are at most those of 2^53, up to which a double holds every integer.
fn fits(digits: &str) -> bool {
    const LARGEST: &str = "9007199254740992";
    digits.len() < LARGEST.len() || digits.len() == LARGEST.len() && digits <= LARGEST
}

/// Checks a text for NUL characters, which the server's database cannot hold.
pub(crate) fn check_text(text: &str) -> Result<(), Invalid> {
    if text.contains('\0') {
        return Err(Invalid::new("", "holds a NUL character, which the server cannot store; remove it"));
    }
    Ok(())
}

/// A key as a step of a path: `name` or `["two words"]`.
pub(crate) fn step(key: &str) -> String {
    let is_name = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$')
        && !key.starts_with(|first: char| first.is_ascii_digit());
    if is_name && !key.is_empty() { key.to_owned() } else { format!("[{}]", quote(key)) }
}

#[cfg(test)]
mod tests {
    use super::super::DEEPEST_READ;
    use super::*;

    #[test]
    fn what_the_server_would_change_or_refuse_is_refused_with_its_place() {
        let told = |text: &str| check(Json::parse(text).unwrap()).unwrap_err().to_string();
        insta::assert_snapshot!(
            [
                told(r#"{"items": [1, {"price": 9007199254740993}]}"#),
                told(r#"{"n": -123456789012345678901234567890}"#),
                told(r#"{"a": {"b": "x\u0000y"}}"#),
                told(r#"{"a\u0000": 1}"#),
                told(r#"{"two words": ["\ud83d"]}"#),
            ]
            .join("\n"),
            @r#"
        items[1].price: 9007199254740993 is an integer beyond 2^53, and the server keeps numbers as doubles, so it would arrive changed; send it as a string
        n: -123456789012345678901234567890 is an integer beyond 2^53, and the server keeps numbers as doubles, so it would arrive changed; send it as a string
        a.b: holds a NUL character, which the server cannot store; remove it
        ["a\u0000"]: holds a NUL character, which the server cannot store; remove it
        ["two words"][0]: holds half a character (a lone surrogate), which the server would change
        "#
        );
        let fine = r#"{"n":9007199254740992,"m":-9007199254740992,"e":1e300,"f":1234567890123456789.5,"s":"\ud83d\ude00\\u0000"}"#;
        assert!(check(Json::parse(fine).unwrap()).is_ok());
    }

    #[test]
    fn deep_nesting_is_refused_without_a_deep_stack() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(check(Json::parse(&nested(101)).unwrap()).unwrap_err().reason.contains("100 levels"));
        assert!(check(Json::parse(&nested(99)).unwrap()).is_ok());
        assert!(Json::parse(&nested(DEEPEST_READ)).is_some());
        assert!(Json::parse(&nested(100_000)).is_none());
    }
}
