//! Ids: UUIDs, checked before they are sent.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

use crate::value::{Invalid, List};

/// The id of a scheduled run: a UUID, shown in its usual form, lower-case. Ordered as the database orders ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct RunId(Uuid);

impl RunId {
    /// Reads an id.
    ///
    /// # Errors
    /// When it is no UUID.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        check(text).map(Self)
    }

    /// Reads ids, any number of them.
    ///
    /// # Errors
    /// Says which is none.
    pub(crate) fn read_list(list: &List) -> Result<Vec<Self>, Invalid> {
        list.read_each([""], |[id]| Self::parse(id).ok())
    }
}

impl Serialize for RunId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()))
    }
}

impl TryFrom<String> for RunId {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

/// Reads a UUID in its usual form: equal for equal ids whatever their case.
pub(crate) fn check(text: &str) -> Result<Uuid, Invalid> {
    // Other forms are shorter or longer.
    let uuid = if text.len() == 36 { Uuid::try_parse(text).ok() } else { None };
    uuid.ok_or_else(|| Invalid::new("", "must be a UUID, e.g. 7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_uuids_pass_and_case_does_not_matter() {
        let id = |text| RunId::parse(text).unwrap();
        assert_eq!(id("AAAAAAAA-AAAA-4AAA-8AAA-AAAAAAAAAAAA"), id("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"));
        assert!(id("00000000-0000-4000-8000-000000000001") < id("00000000-0000-4000-8000-00000000000f"));
        for bad in [
            "",
            "nope",
            "7f2c1a5e4b3d4c2a9e8f0a1b2c3d4e5f",
            "{7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f}",
            "7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5g",
            "7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4é5",
        ] {
            assert!(RunId::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn an_id_is_shown_as_it_was_read(text in "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}") {
            prop_assert_eq!(RunId::parse(&text).unwrap().to_string(), text);
        }
    }
}
