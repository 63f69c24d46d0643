//! `get`: one scheduled run.

use super::Endpoint;
use crate::http::{HttpMethod, Replay};
use crate::model::{RunId, ScheduledRun};
use crate::value::{Invalid, Value};

/// Asks for one run. A run that fired is not there any more: 404.
#[derive(Debug, Clone, Copy)]
pub struct Get {
    /// The run.
    pub id: RunId,
}

impl Endpoint for Get {
    const NAME: &'static str = "get";
    const METHOD: HttpMethod = HttpMethod::Get;
    const REPLAY: Replay = Replay::Safe;
    type Response = ScheduledRun;

    fn path(&self) -> String {
        format!("/scheduled/{}", self.id)
    }

    fn read(value: Value) -> Result<ScheduledRun, Invalid> {
        ScheduledRun::new(value)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::endpoint::tests::wire;
    use crate::api::tests::id;
    use crate::testing::recorded;

    #[test]
    fn on_the_wire() {
        assert_eq!(wire(&Get { id: id() }), "GET ~/scheduled/7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f");
    }

    #[test]
    fn the_recorded_answer_is_read() {
        let run = Get::decode(recorded("get: one")).unwrap();
        assert_eq!(run.workflow_name(), "simple");
        let details = run.details().unwrap();
        assert_eq!(details.priority, Some(3));
        let input = json!({"n": 1, "name": "Ada", "nested": {"list": [1, 2.5, null, true]}});
        assert_eq!(details.input, Some(input.into()));
        assert!(details.workflow_run_created_at.is_none() && details.workflow_run_name.is_none());
        let bare = Get::decode(recorded("get: without input or metadata")).unwrap();
        assert!(bare.details().unwrap().additional_metadata.is_none());
    }
}
