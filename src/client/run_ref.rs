//! How callers name a run.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Unexpected, Visitor};

use crate::model::RunId;
use crate::time::from_wire;

/// A run to change: its id, and its time where the caller knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunRef {
    /// Which run.
    pub id: RunId,
    /// When it is due, as far as the caller knows.
    pub trigger_at: Option<DateTime<Utc>>,
}

impl RunRef {
    /// What callers may give, in words.
    pub(crate) const EXPECTED: &'static str = "an id, or an object with its metadata";
}

impl From<RunId> for RunRef {
    fn from(id: RunId) -> Self {
        Self { id, trigger_at: None }
    }
}

impl<'de> Deserialize<'de> for RunRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Referred)
    }
}

/// An id, or the run itself, which tells when it is due.
struct Referred;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    metadata: Option<Identity>,
    trigger_at: Option<String>,
}

#[derive(Deserialize)]
struct Identity {
    id: RunId,
}

impl<'de> Visitor<'de> for Referred {
    type Value = RunRef;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(RunRef::EXPECTED)
    }

    fn visit_str<E: de::Error>(self, id: &str) -> Result<RunRef, E> {
        RunId::parse(id).map(RunRef::from).map_err(|invalid| E::custom(invalid.reason.as_str()))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<RunRef, A::Error> {
        let Run { metadata, trigger_at } = Run::deserialize(MapAccessDeserializer::new(members))?;
        let Some(Identity { id }) = metadata else {
            return Err(de::Error::invalid_type(Unexpected::Map, &self));
        };
        Ok(RunRef { id, trigger_at: trigger_at.and_then(|text| from_wire(&text).ok()) })
    }
}
