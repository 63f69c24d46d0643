//! `access`: what a handler of `hatchet-scheduled/server` lets its caller do.

use serde::Serialize;

use super::{Endpoint, NAMES, Place};
use crate::http::{HttpMethod, Replay};
use crate::value::{Invalid, Value};

/// Asks a handler what its caller may do; the answer is handed on as it is. Hatchet itself knows no such call.
#[derive(Debug, Clone, Copy)]
pub struct Access;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Everything {
    allow: [&'static str; NAMES.len()],
    hide_input: bool,
}

impl Access {
    /// What an API token of Hatchet's may do.
    pub(crate) fn everything() -> Value {
        Value::of(&Everything { allow: NAMES, hide_input: false })
    }
}

impl Endpoint for Access {
    const NAME: &'static str = "access";
    const METHOD: HttpMethod = HttpMethod::Get;
    const REPLAY: Replay = Replay::Safe;
    const PLACE: Place = Place::Server;
    type Response = Value;

    fn path(&self) -> String {
        "/access".to_owned()
    }

    fn read(value: Value) -> Result<Value, Invalid> {
        if value.get("allow").is_some() { Ok(value) } else { Err(Invalid::new("allow", "is missing")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::endpoint::tests::wire;
    use crate::http::Body;

    #[test]
    fn on_the_wire() {
        assert_eq!(wire(&Access), "GET ~/access");
    }

    #[test]
    fn what_is_no_access_is_no_answer() {
        assert!(Access::decode(Body::new(r#"{"allow":["list"],"hideInput":true}"#)).is_ok());
        for other in ["{}", "[]", "5", "<html>"] {
            assert!(Access::decode(Body::new(other)).is_err(), "{other}");
        }
    }

    #[test]
    fn a_token_of_hatchets_may_do_all_that_there_is() {
        let everything = Access::everything().to_string();
        assert!(NAMES.iter().all(|name| everything.contains(&format!("\"{name}\""))), "{everything}");
    }
}
