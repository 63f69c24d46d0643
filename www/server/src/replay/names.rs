//! Placeholders in recordings.

use std::collections::HashMap;

/// What placeholders such as `{tenant}` stand for.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<String, String>);

impl Names {
    pub(super) fn define(&mut self, name: &str, value: &str) {
        self.0.insert(format!("{{{name}}}"), value.to_owned());
    }

    pub(super) fn forget(&mut self, name: &str) {
        self.0.remove(&format!("{{{name}}}"));
    }

    /// The text with every placeholder filled in.
    pub(super) fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }
}
