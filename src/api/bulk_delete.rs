//! `bulkDelete`, one request of it: the runs with these ids.

use serde::{Deserialize, Serialize};

use super::Endpoint;
use crate::http::{HttpMethod, Replay};
use crate::model::{BulkChanged, BulkItemError, RunId};
use crate::value::{Invalid, List, Text, Value};

/// Deletes runs by id, in one server transaction. It cannot hold a filter: the server's filter ignores `statuses`,
/// and an empty one deletes every run of the tenant.
#[derive(Debug, Clone, Serialize)]
pub struct BulkDelete {
    /// The runs; at least one.
    #[serde(rename = "scheduledWorkflowRunIds")]
    pub ids: Vec<RunId>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    deleted_ids: List,
    errors: Vec<BulkItemError>,
}

impl Endpoint for BulkDelete {
    const NAME: &'static str = "bulkDelete";
    const METHOD: HttpMethod = HttpMethod::Post;
    const REPLAY: Replay = Replay::Safe;
    type Response = BulkChanged;

    fn path(&self) -> String {
        "/scheduled/bulk-delete".to_owned()
    }

    fn body(&self) -> Option<Text> {
        Some(Text::write(self))
    }

    fn read(value: Value) -> Result<BulkChanged, Invalid> {
        let Answer { deleted_ids, errors } = value.read()?;
        let ids = RunId::read_list(&deleted_ids).map_err(|invalid| invalid.under("deletedIds"))?;
        Ok(BulkChanged { ids, errors, warnings: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::endpoint::tests::wire;
    use crate::api::tests::id;
    use crate::testing::recorded;

    #[test]
    fn on_the_wire() {
        insta::assert_snapshot!(wire(&BulkDelete { ids: vec![id()] }), @r#"
        POST ~/scheduled/bulk-delete

        {"scheduledWorkflowRunIds":["7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f"]}
        "#);
    }

    #[test]
    fn the_recorded_answer_is_read() {
        let answer = BulkDelete::decode(recorded("bulk delete: by ids, one unknown")).unwrap();
        assert_eq!(answer.ids.len(), 1);
        assert_eq!(answer.errors.first().unwrap().error, "Failed to delete scheduled workflow.");
    }
}
