//! `github.com/google/uuid`: the four spellings it takes, and its refusals.

use uuid::Uuid;

use super::quote::quote;

/// Reads 36 characters, `urn:uuid:` and 36, 36 in any pair of brackets, or 32 hexadecimal digits.
pub(crate) fn parse(text: &str) -> Result<Uuid, String> {
    let bytes = text.as_bytes();
    let hyphenated = match bytes.len() {
        36 => bytes,
        45 => {
            let (prefix, rest) = bytes.split_at(9);
            if !prefix.eq_ignore_ascii_case(b"urn:uuid:") {
                return Err(format!("invalid urn prefix: {}", quote(&String::from_utf8_lossy(prefix))));
            }
            rest
        }
        38 => bytes.get(1..37).unwrap_or_default(),
        32 => return from_digits(bytes.iter().copied()),
        length => return Err(format!("invalid UUID length: {length}")),
    };
    if [8, 13, 18, 23].iter().any(|&at| hyphenated.get(at) != Some(&b'-')) {
        return Err(invalid());
    }
    let digits = hyphenated.iter().enumerate().filter(|(at, _)| ![8, 13, 18, 23].contains(at));
    from_digits(digits.map(|(_, &byte)| byte))
}

fn from_digits(digits: impl Iterator<Item = u8>) -> Result<Uuid, String> {
    let mut value: u128 = 0;
    for digit in digits {
        let digit = char::from(digit).to_digit(16).ok_or_else(invalid)?;
        value = value << 4 | u128::from(digit);
    }
    Ok(Uuid::from_u128(value))
}

fn invalid() -> String {
    "invalid UUID format".to_owned()
}
