//! `get`: one scheduled run.

use super::RunId;
use crate::endpoint::Endpoint;
use crate::invalid::Invalid;
use crate::json::Json;
use crate::model::ScheduledWorkflows;
use crate::platform::HttpMethod;
use crate::retry::Replay;

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
    type Response = ScheduledWorkflows;

    fn path(&self) -> String {
        format!("/scheduled/{}", self.id)
    }

    fn read(json: Json<'_>) -> Result<ScheduledWorkflows, Invalid> {
        ScheduledWorkflows::read(json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::tests::wire;
    use crate::operations::tests::id;
    use crate::testing::recorded;

    #[test]
    fn on_the_wire() {
        assert_eq!(wire(&Get { id: id() }), "GET ~/scheduled/7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f");
    }

    #[test]
    fn the_recorded_answer_is_read() {
        let run = Get::decode(&recorded("get: one")).unwrap();
        assert_eq!(run.workflow_name, "simple");
        assert_eq!(run.priority(), Some(3));
        assert_eq!(run.input().unwrap().text(), r#"{"n":1,"name":"Ada","nested":{"list":[1,2.5,null,true]}}"#);
        assert_eq!(run.workflow_run_created_at(), None);
        assert_eq!(run.workflow_run_name(), None);
        let bare = Get::decode(&recorded("get: without input or metadata")).unwrap();
        assert_eq!(bare.additional_metadata(), None);
    }
}
