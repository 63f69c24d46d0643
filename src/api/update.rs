//! `update`: another time for one scheduled run.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Endpoint;
use crate::http::{HttpMethod, Replay};
use crate::model::{RunId, ScheduledRun};
use crate::time::wire;
use crate::value::{Invalid, Text, Value};

/// Moves one run. Within 5 s of its old time the engine may fire it then all the same, and never at the new time.
#[derive(Debug, Clone, Copy)]
pub struct Update {
    /// The run.
    pub id: RunId,
    /// The new time.
    pub trigger_at: DateTime<Utc>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    #[serde(with = "wire")]
    trigger_at: DateTime<Utc>,
}

impl Endpoint for Update {
    const NAME: &'static str = "update";
    const METHOD: HttpMethod = HttpMethod::Patch;
    const REPLAY: Replay = Replay::Safe;
    type Response = ScheduledRun;

    fn path(&self) -> String {
        format!("/scheduled/{}", self.id)
    }

    fn body(&self) -> Option<Text> {
        Some(Text::of(&Change { trigger_at: self.trigger_at }))
    }

    fn read(value: Value) -> Result<ScheduledRun, Invalid> {
        ScheduledRun::new(value)
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
        insta::assert_snapshot!(wire(&Update { id: id(), trigger_at: instant("2031-06-01T14:00:00+02:00") }), @r#"
        PATCH ~/scheduled/7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f

        {"triggerAt":"2031-06-01T12:00:00Z"}
        "#);
    }

    #[test]
    fn the_recorded_answer_is_read() {
        let run = Update::decode(recorded("update: new time")).unwrap();
        assert_eq!(run.trigger_at, instant("2031-06-01T12:00:00Z"));
    }
}
