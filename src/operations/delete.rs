//! `delete`: one scheduled run.

use super::RunId;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::invalid::Invalid;
use crate::json::Json;
use crate::platform::HttpMethod;
use crate::retry::Replay;

/// Deletes one run. Within 5 s of its time the engine may fire it all the same.
#[derive(Debug, Clone, Copy)]
pub struct Delete {
    /// The run.
    pub id: RunId,
}

impl Endpoint for Delete {
    const NAME: &'static str = "delete";
    const METHOD: HttpMethod = HttpMethod::Delete;
    const REPLAY: Replay = Replay::Safe;
    type Response = ();

    fn path(&self) -> String {
        format!("/scheduled/{}", self.id)
    }

    fn read(_: Json<'_>) -> Result<(), Invalid> {
        Ok(())
    }

    /// The answer has no body.
    fn decode(_: &str) -> Result<(), Error> {
        Ok(())
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
        assert_eq!(wire(&Delete { id: id() }), "DELETE ~/scheduled/7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f");
    }

    #[test]
    fn the_recorded_answer_is_read() {
        assert!(Delete::decode(&recorded("delete: one")).is_ok());
    }
}
