//! JSON objects of any content.

use std::collections::BTreeMap;

use super::scan::scan;

/// A JSON object as Go's `map[string]interface{}` writes it: keys sorted, each value as canonical JSON text.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Object {
    pub(super) members: BTreeMap<String, String>,
    pub(super) has_nul: bool,
}

impl Object {
    /// The object as JSON text.
    pub(crate) fn to_json(&self) -> String {
        write_object(&self.members)
    }

    /// How deep arrays and objects are nested in it, itself included.
    pub(crate) fn depth(&self) -> usize {
        scan(self.to_json().as_bytes()).map_or(0, |scanned| scanned.depth)
    }

    /// Whether a NUL character stands anywhere in it, which the database refuses.
    pub(crate) fn has_nul(&self) -> bool {
        self.has_nul
    }
}

pub(super) fn write_object(members: &BTreeMap<String, String>) -> String {
    let members: Vec<String> = members.iter().map(|(key, value)| format!("{}:{value}", write_string(key))).collect();
    format!("{{{}}}", members.join(","))
}

pub(super) fn write_string(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}
