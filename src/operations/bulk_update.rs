//! `bulkUpdate`, one request of it: new times for the runs with these ids.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::RunId;
use crate::endpoint::{Endpoint, to_json};
use crate::model::{BulkItemError, ClientWarning};
use crate::platform::HttpMethod;
use crate::retry::Replay;
use crate::time;

/// Moves runs, in one server transaction. Each id stands in it once: of two times for one id either may win.
#[derive(Debug, Clone, Serialize)]
pub struct BulkUpdate<'a> {
    /// The changes; at least one.
    pub updates: &'a [Change],
}

/// A new time for a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The run.
    pub id: RunId,
    /// Its new time.
    #[serde(with = "time::wire")]
    pub trigger_at: DateTime<Utc>,
}

/// What one request did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BulkUpdated {
    /// What was moved.
    pub updated_ids: Vec<String>,
    /// What was not, and why.
    pub errors: Vec<BulkItemError>,
    /// What should be known about what was done; the server sends none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<ClientWarning>,
}

impl Endpoint for BulkUpdate<'_> {
    const NAME: &'static str = "bulkUpdate";
    const METHOD: HttpMethod = HttpMethod::Post;
    const REPLAY: Replay = Replay::Safe;
    type Response = BulkUpdated;

    fn path(&self) -> String {
        "/scheduled/bulk-update".to_owned()
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
    use crate::testing::{instant, recorded};

    #[test]
    fn on_the_wire() {
        let updates = [Change { id: id(), trigger_at: instant("2031-01-01T00:00:00.5Z") }];
        insta::assert_snapshot!(wire(&BulkUpdate { updates: &updates }), @r#"
        POST ~/scheduled/bulk-update
        content-type: application/json

        {"updates":[{"id":"7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f","triggerAt":"2031-01-01T00:00:00.5Z"}]}
        "#);
    }

    #[test]
    fn the_recorded_answer_is_read() {
        let answer = BulkUpdate::decode(&recorded("bulk update: one unknown among them")).unwrap();
        assert_eq!(answer.updated_ids.len(), 1);
        assert_eq!(answer.errors.first().unwrap().error, "Scheduled workflow not found.");
    }
}
