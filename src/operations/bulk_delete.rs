//! `bulkDelete`, one request of it: the runs with these ids.

use serde::{Deserialize, Serialize};

use super::RunId;
use crate::endpoint::{Endpoint, to_json};
use crate::model::{BulkItemError, ClientWarning};
use crate::platform::HttpMethod;
use crate::retry::Replay;

/// Deletes runs by id, in one server transaction. It cannot hold a filter: the server's filter ignores `statuses`,
/// and an empty one deletes every run of the tenant.
#[derive(Debug, Clone, Serialize)]
pub struct BulkDelete<'a> {
    /// The runs; at least one.
    #[serde(rename = "scheduledWorkflowRunIds")]
    pub ids: &'a [RunId],
}

/// What one request did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BulkDeleted {
    /// What was deleted.
    pub deleted_ids: Vec<String>,
    /// What was not, and why.
    pub errors: Vec<BulkItemError>,
    /// What should be known about what was done; the server sends none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<ClientWarning>,
}

impl Endpoint for BulkDelete<'_> {
    const NAME: &'static str = "bulkDelete";
    const METHOD: HttpMethod = HttpMethod::Post;
    const REPLAY: Replay = Replay::Safe;
    type Response = BulkDeleted;

    fn path(&self) -> String {
        "/scheduled/bulk-delete".to_owned()
    }

    fn body(&self) -> Option<String> {
        Some(to_json(self))
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
        insta::assert_snapshot!(wire(&BulkDelete { ids: &[id()] }), @r#"
        POST ~/scheduled/bulk-delete
        content-type: application/json

        {"scheduledWorkflowRunIds":["7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f"]}
        "#);
    }

    #[test]
    fn the_recorded_answer_is_read() {
        let answer = BulkDelete::decode(&recorded("bulk delete: by ids, one unknown")).unwrap();
        assert_eq!(answer.deleted_ids.len(), 1);
        assert_eq!(answer.errors.first().unwrap().error, "Failed to delete scheduled workflow.");
    }
}
