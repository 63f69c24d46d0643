//! How callers name a workflow.

use crate::model::RunId;

/// A workflow: by its id, or by its exact name, to which the namespace is applied. A text that is a UUID is an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkflowRef {
    /// By its id.
    Id(RunId),
    /// By its name.
    Name(String),
}

impl From<&str> for WorkflowRef {
    fn from(text: &str) -> Self {
        RunId::parse(text).map_or_else(|_| Self::Name(text.to_owned()), Self::Id)
    }
}
