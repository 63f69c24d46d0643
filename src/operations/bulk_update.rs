//! `bulkUpdate`, one request of it: new times for the runs with these ids.

use super::Update;
use crate::endpoint::Endpoint;
use crate::invalid::Invalid;
use crate::json::{Json, Object, array};
use crate::model::BulkChanged;
use crate::platform::HttpMethod;
use crate::retry::Replay;
use crate::time::to_wire;

/// Moves runs, in one server transaction. Each id stands in it once: of two times for one id either may win.
#[derive(Debug, Clone)]
pub struct BulkUpdate {
    /// The changes; at least one.
    pub updates: Vec<Update>,
}

impl Endpoint for BulkUpdate {
    const NAME: &'static str = "bulkUpdate";
    const METHOD: HttpMethod = HttpMethod::Post;
    const REPLAY: Replay = Replay::Safe;
    type Response = BulkChanged;

    fn path(&self) -> String {
        "/scheduled/bulk-update".to_owned()
    }

    fn body(&self) -> Option<String> {
        let updates = array(&self.updates, |update| {
            let mut change = Object::new();
            change.text("id", &update.id.to_string()).text("triggerAt", &to_wire(update.trigger_at));
            change.finish()
        });
        let mut body = Object::new();
        body.json("updates", &updates);
        Some(body.finish())
    }

    fn read(json: Json<'_>) -> Result<BulkChanged, Invalid> {
        BulkChanged::read(json, "updatedIds")
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
        let updates = vec![Update { id: id(), trigger_at: instant("2031-01-01T00:00:00.5Z") }];
        insta::assert_snapshot!(wire(&BulkUpdate { updates }), @r#"
        POST ~/scheduled/bulk-update
        content-type: application/json

        {"updates":[{"id":"7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f","triggerAt":"2031-01-01T00:00:00.5Z"}]}
        "#);
    }

    #[test]
    fn the_recorded_answer_is_read() {
        let answer = BulkUpdate::decode(&recorded("bulk update: one unknown among them")).unwrap();
        assert_eq!(answer.ids.len(), 1);
        assert_eq!(answer.errors.first().unwrap().error, "Scheduled workflow not found.");
    }
}
