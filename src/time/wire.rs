//! Instants on the wire, for serde.

use chrono::{DateTime, Utc};
use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

pub(crate) fn serialize<S: Serializer>(instant: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&super::to_wire(*instant))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    super::from_wire(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}
