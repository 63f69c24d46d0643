//! The way to a value within another.

use super::text::step;

/// A step of the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Into an object.
    Key(String),
    /// Into an array, from 0.
    Index(usize),
}

impl Step {
    /// Adds the step to a path as people write it.
    pub(super) fn extend(&self, path: &mut String) {
        match self {
            Self::Index(index) => path.push_str(&format!("[{index}]")),
            Self::Key(key) => {
                let key = step(key);
                path.push_str(if path.is_empty() || key.starts_with('[') { "" } else { "." });
                path.push_str(&key);
            }
        }
    }
}
