//! A run that started, by its id.

use super::{Endpoint, Place};
use crate::http::{HttpMethod, Replay};
use crate::model::{RunId, WorkflowRun as Run};
use crate::value::{Invalid, Value};

/// Asks for a run that started.
#[derive(Debug, Clone, Copy)]
pub struct WorkflowRun {
    /// The run.
    pub id: RunId,
}

impl Endpoint for WorkflowRun {
    const NAME: &'static str = "run";
    const METHOD: HttpMethod = HttpMethod::Get;
    const REPLAY: Replay = Replay::Safe;
    const PLACE: Place = Place::Server;
    type Response = Run;

    fn path(&self) -> String {
        format!("/api/v1/stable/workflow-runs/{}", self.id)
    }

    fn read(value: Value) -> Result<Run, Invalid> {
        Run::new(value.get("run").unwrap_or_default()).map_err(|invalid| invalid.under("run"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::endpoint::tests::wire;
    use crate::api::tests::id;
    use crate::http::Body;

    #[test]
    fn on_the_wire() {
        let path = "/api/v1/stable/workflow-runs/7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f";
        assert_eq!(wire(&WorkflowRun { id: id() }), format!("GET ~{path}"));
    }

    #[test]
    fn what_is_no_run_is_no_answer() {
        let answer = format!(r#"{{"run":{{"metadata":{{"id":"{}"}},"status":"HIBERNATING"}},"tasks":[]}}"#, id());
        let run = WorkflowRun::decode(Body::new(&answer)).unwrap();
        assert_eq!((run.id, run.status().as_deref()), (id(), Some("HIBERNATING")), "a newer word is handed on");
        for other in ["{}", r#"{"run":{}}"#, r#"{"run":{"metadata":{"id":"x"}}}"#, "<html>"] {
            assert!(WorkflowRun::decode(Body::new(other)).is_err(), "{other}");
        }
    }
}
