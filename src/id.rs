//! Ids: UUIDs, checked before they are sent.

use std::collections::BTreeMap;

use crate::invalid::Invalid;
use crate::operations::RunId;

/// A number for each run, by its id: a time in microseconds, a place in a list. One type with the few methods that are
/// used, so that its code is there once; nothing is ever taken out, as that would double it.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeyMap(BTreeMap<u128, i64>);

impl KeyMap {
    /// Sets the number of a run; answers the one that it had.
    pub(crate) fn insert(&mut self, id: RunId, number: i64) -> Option<i64> {
        self.0.insert(id.key(), number)
    }

    pub(crate) fn get(&self, id: RunId) -> Option<i64> {
        self.0.get(&id.key()).copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Reads a UUID in its usual form as the number it is: equal for equal ids whatever their case.
pub(crate) fn check(text: &str) -> Result<u128, Invalid> {
    number(text).ok_or_else(|| Invalid::new("", "must be a UUID, e.g. 7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f"))
}

fn number(text: &str) -> Option<u128> {
    let mut number = 0u128;
    if text.len() != 36 {
        return None;
    }
    for (index, byte) in text.bytes().enumerate() {
        match (index, byte) {
            (8 | 13 | 18 | 23, b'-') => {}
            (8 | 13 | 18 | 23, _) => return None,
            (_, byte) => number = number << 4 | u128::from((byte as char).to_digit(16)?),
        }
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_uuids_pass_and_case_does_not_matter() {
        let key = |text| check(text).unwrap();
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

    proptest! {
        #[test]
        fn an_id_is_shown_as_it_was_read(text in "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}") {
            prop_assert_eq!(RunId::parse(&text).unwrap().to_string(), text);
        }
    }
}
