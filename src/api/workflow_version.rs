//! `workflowVersion`: the newest version of a workflow, with the schema of its input.

use super::{Endpoint, Place};
use crate::http::{HttpMethod, Replay};
use crate::value::{Invalid, Value};

/// Asks for the newest version of a workflow; the answer is handed on as it is.
#[derive(Debug, Clone, Copy)]
pub struct WorkflowVersion<'a> {
    /// The workflow's id.
    pub workflow: &'a str,
}

impl Endpoint for WorkflowVersion<'_> {
    const NAME: &'static str = "workflowVersion";
    const METHOD: HttpMethod = HttpMethod::Get;
    const REPLAY: Replay = Replay::Safe;
    const PLACE: Place = Place::Server;
    type Response = Value;

    fn path(&self) -> String {
        format!("/api/v1/workflows/{}/versions", self.workflow)
    }

    fn read(value: Value) -> Result<Value, Invalid> {
        if value.get("metadata").is_some() { Ok(value) } else { Err(Invalid::new("metadata", "is missing")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::endpoint::tests::wire;
    use crate::http::Body;

    #[test]
    fn on_the_wire() {
        assert_eq!(wire(&WorkflowVersion { workflow: "w" }), "GET ~/api/v1/workflows/w/versions");
    }

    #[test]
    fn what_is_no_version_is_no_answer() {
        assert!(WorkflowVersion::decode(Body::new(r#"{"metadata":{"id":"a"},"inputJsonSchema":{}}"#)).is_ok());
        for other in ["{}", "[]", "null", "<html>"] {
            assert!(WorkflowVersion::decode(Body::new(other)).is_err(), "{other}");
        }
    }
}
