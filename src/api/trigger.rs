//! `trigger`: start a scheduled run now.

use serde::{Deserialize, Serialize};

use super::Endpoint;
use crate::http::{HttpMethod, Replay};
use crate::model::RunId;
use crate::value::{Invalid, Value};

/// Starts a run now instead of at its time. The scheduled run is then gone.
#[derive(Debug, Clone, Copy)]
pub struct Trigger {
    /// The run.
    pub id: RunId,
}

/// What `trigger` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TriggerRunResult {
    /// The id of the run that started.
    pub external_id: String,
}

impl Endpoint for Trigger {
    const NAME: &'static str = "trigger";
    const METHOD: HttpMethod = HttpMethod::Post;
    const REPLAY: Replay = Replay::Unprocessed;
    type Response = TriggerRunResult;

    fn path(&self) -> String {
        format!("/scheduled/{}", self.id)
    }

    fn read(value: Value) -> Result<TriggerRunResult, Invalid> {
        value.read()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::endpoint::tests::wire;
    use crate::api::tests::id;
    use crate::testing::{UUID, recorded};

    #[test]
    fn on_the_wire() {
        assert_eq!(wire(&Trigger { id: id() }), "POST ~/scheduled/7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f");
    }

    #[test]
    fn the_recorded_answer_is_read() {
        assert_eq!(Trigger::decode(recorded("trigger: now")).unwrap().external_id, UUID);
    }
}
