//! Ids: UUIDs, checked before they are sent.

/// Checks that the text is a UUID in its usual form.
pub(crate) fn check(text: &str) -> Result<(), String> {
    if key(text).is_some() {
        Ok(())
    } else {
        Err("must be a UUID, e.g. 7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f".to_owned())
    }
}

/// The UUID as a number: equal for equal ids whatever their case, ordered as the database orders ids.
pub(crate) fn key(text: &str) -> Option<u128> {
    let mut key = 0u128;
    if text.len() != 36 {
        return None;
    }
    for (index, byte) in text.bytes().enumerate() {
        match (index, byte) {
            (8 | 13 | 18 | 23, b'-') => {}
            (8 | 13 | 18 | 23, _) => return None,
            (_, byte) => key = key << 4 | u128::from((byte as char).to_digit(16)?),
        }
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_uuids_pass_and_case_does_not_matter() {
        assert!(check("7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f").is_ok());
        assert_eq!(key("AAAAAAAA-AAAA-4AAA-8AAA-AAAAAAAAAAAA"), key("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"));
        assert!(key("00000000-0000-4000-8000-000000000001") < key("00000000-0000-4000-8000-00000000000f"));
        for bad in [
            "",
            "nope",
            "7f2c1a5e4b3d4c2a9e8f0a1b2c3d4e5f",
            "7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5g",
            "7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4é5",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
