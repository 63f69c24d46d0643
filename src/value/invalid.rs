//! A value refused before anything was sent.

use std::fmt;
use std::ops::Deref;

/// Why a value was refused, and where it stands in the arguments.
///
/// Boxed, as every value read may be refused: results stay small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid(Box<Refused>);

/// What an [`Invalid`] says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Path into the argument, e.g. `updates[3].triggerAt`; empty for the value itself.
    pub path: String,
    /// What is wrong and a way out, in one sentence or two.
    pub reason: String,
}

impl Deref for Invalid {
    type Target = Refused;

    fn deref(&self) -> &Refused {
        &self.0
    }
}

impl Invalid {
    /// Refuses the value at `path`.
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self(Box::new(Refused { path: path.into(), reason: reason.into() }))
    }

    /// The same place, refused for another reason.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.0.reason = reason.into();
        self
    }

    /// The same refusal seen from the value that holds this one: `triggerAt` under `run` is `run.triggerAt`, `[3].id`
    /// under `updates` is `updates[3].id`.
    #[must_use]
    pub fn under(mut self, parent: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') || parent.is_empty() { "" } else { "." };
        self.0.path = format!("{parent}{dot}{}", self.path);
        self
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.reason) } else { write!(f, "{}: {}", self.path, self.reason) }
    }
}

impl std::error::Error for Invalid {}

#[cfg(test)]
mod tests {
    use super::Invalid;

    #[test]
    fn a_path_is_told_from_the_outermost_argument() {
        let told = |path: &str, parent: &str| Invalid::new(path, "no").under(parent).path.clone();
        assert_eq!(told("triggerAt", "run"), "run.triggerAt");
        assert_eq!(told("[3].id", "updates"), "updates[3].id");
        assert_eq!(told("", "run"), "run");
        assert_eq!(told("id", ""), "id");
    }
}
