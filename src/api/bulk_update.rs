//! `bulkUpdate`, one request of it: new times for the runs with these ids.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Endpoint;
use crate::http::{HttpMethod, Replay};
use crate::model::{BulkChanged, BulkItemError, RunId};
use crate::time::wire;
use crate::value::{Invalid, List, Text, Value};

/// Moves runs, in one server transaction. Each id stands in it once: of two times for one id either may win.
#[derive(Debug, Clone, Serialize)]
pub struct BulkUpdate {
    /// The changes; at least one.
    pub updates: Vec<NewTriggerAt>,
}

/// A new time for a run.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewTriggerAt {
    /// The run.
    pub id: RunId,
    /// The new time.
    #[serde(with = "wire")]
    pub trigger_at: DateTime<Utc>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    updated_ids: List,
    errors: Vec<BulkItemError>,
}

impl Endpoint for BulkUpdate {
    const NAME: &'static str = "bulkUpdate";
    const METHOD: HttpMethod = HttpMethod::Post;
    const REPLAY: Replay = Replay::Safe;
    type Response = BulkChanged;

    fn path(&self) -> String {
        "/scheduled/bulk-update".to_owned()
    }

    fn body(&self) -> Option<Text> {
        Some(Text::write(self))
    }

    fn read(value: Value) -> Result<BulkChanged, Invalid> {
        let Answer { updated_ids, errors } = value.read()?;
        let ids = RunId::read_list(&updated_ids).map_err(|invalid| invalid.under("updatedIds"))?;
        Ok(BulkChanged { ids, errors, warnings: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::endpoint::tests::wire;
    use crate::api::tests::id;
    use crate::testing::{instant, recorded};

    #[test]
    fn on_the_wire() {
        let updates = vec![NewTriggerAt { id: id(), trigger_at: instant("2031-01-01T00:00:00.5Z") }];
        insta::assert_snapshot!(wire(&BulkUpdate { updates }), @r#"
        POST ~/scheduled/bulk-update

        {"updates":[{"id":"7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f","triggerAt":"2031-01-01T00:00:00.5Z"}]}
        "#);
    }

    #[test]
    fn the_recorded_answer_is_read() {
        let answer = BulkUpdate::decode(recorded("bulk update: one unknown among them")).unwrap();
        assert_eq!(answer.ids.len(), 1);
        assert_eq!(answer.errors.first().unwrap().error, "Scheduled workflow not found.");
    }
}
