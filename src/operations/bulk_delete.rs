//! `bulkDelete`, one request of it: the runs with these ids.

use super::{RunId, ids_to_json};
use crate::endpoint::Endpoint;
use crate::invalid::Invalid;
use crate::json::{Json, Object};
use crate::model::BulkChanged;
use crate::platform::HttpMethod;
use crate::retry::Replay;

/// Deletes runs by id, in one server transaction. It cannot hold a filter: the server's filter ignores `statuses`,
/// and an empty one deletes every run of the tenant.
#[derive(Debug, Clone)]
pub struct BulkDelete {
    /// The runs; at least one.
    pub ids: Vec<RunId>,
}

impl Endpoint for BulkDelete {
    const NAME: &'static str = "bulkDelete";
    const METHOD: HttpMethod = HttpMethod::Post;
    const REPLAY: Replay = Replay::Safe;
    type Response = BulkChanged;

    fn path(&self) -> String {
        "/scheduled/bulk-delete".to_owned()
    }

    fn body(&self) -> Option<String> {
        let mut body = Object::new();
        body.json("scheduledWorkflowRunIds", &ids_to_json(&self.ids));
        Some(body.finish())
    }

    fn read(json: Json<'_>) -> Result<BulkChanged, Invalid> {
        BulkChanged::read(json, "deletedIds")
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
        insta::assert_snapshot!(wire(&BulkDelete { ids: vec![id()] }), @r#"
        POST ~/scheduled/bulk-delete
        content-type: application/json

        {"scheduledWorkflowRunIds":["7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f"]}
        "#);
    }

    #[test]
    fn the_recorded_answer_is_read() {
        let answer = BulkDelete::decode(&recorded("bulk delete: by ids, one unknown")).unwrap();
        assert_eq!(answer.ids.len(), 1);
        assert_eq!(answer.errors.first().unwrap().error, "Failed to delete scheduled workflow.");
    }
}
