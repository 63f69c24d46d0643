//! `delete`: one scheduled run.

use super::Endpoint;
use crate::error::Error;
use crate::http::{Body, HttpMethod, Replay};
use crate::model::RunId;
use crate::value::{Invalid, Value};

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
    const SUCCESS: u16 = 204;
    type Response = ();

    fn path(&self) -> String {
        format!("/scheduled/{}", self.id)
    }

    fn read(_: Value) -> Result<(), Invalid> {
        Ok(())
    }

    /// The answer has no body.
    fn decode(_: Body) -> Result<(), Error> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::endpoint::tests::wire;
    use crate::api::tests::id;

    #[test]
    fn on_the_wire() {
        assert_eq!(wire(&Delete { id: id() }), "DELETE ~/scheduled/7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f");
    }
}
