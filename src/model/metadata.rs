//! Values to look for in the metadata of runs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A value to look for in metadata.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "must be a text, a number or a boolean")]
pub enum MetadataValue {
    /// A string.
    Text(String),
    /// A number, however it is written.
    Number(f64),
    /// `true` or `false`.
    Bool(bool),
}

/// What metadata must hold, by key.
pub type MetadataFilter = BTreeMap<String, MetadataValue>;

impl From<&str> for MetadataValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<f64> for MetadataValue {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for MetadataValue {
    fn from(bool: bool) -> Self {
        Self::Bool(bool)
    }
}

impl MetadataValue {
    /// The text, where the server can look for it: it splits its filter `key:value` at `:`, and compares texts.
    pub(crate) fn servers<'a>(&'a self, key: &str) -> Option<&'a str> {
        match self {
            Self::Text(text) if !key.contains(':') && !text.contains(':') => Some(text),
            _ => None,
        }
    }
}
