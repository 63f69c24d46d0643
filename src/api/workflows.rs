//! `workflows`: the workflows of the tenant, by a part of their name.

use serde::{Deserialize, Serialize};

use super::Endpoint;
use crate::http::{HttpMethod, Replay};
use crate::model::Workflow;
use crate::value::{Invalid, List, Value};

/// Asks for workflows whose name holds `name` anywhere, a page of them.
#[derive(Debug, Clone, Serialize)]
pub struct Workflows<'a> {
    /// A part of the name; `None` for all.
    pub name: Option<&'a str>,
    /// How many to answer at most.
    pub limit: usize,
    /// How many to skip.
    pub offset: usize,
}

#[derive(Deserialize)]
struct Answer {
    rows: List,
}

impl Endpoint for Workflows<'_> {
    const NAME: &'static str = "workflows";
    const METHOD: HttpMethod = HttpMethod::Get;
    const REPLAY: Replay = Replay::Safe;
    type Response = Vec<Workflow>;

    fn path(&self) -> String {
        String::new()
    }

    fn query(&self) -> String {
        super::endpoint::encode_query(self)
    }

    fn read(value: Value) -> Result<Vec<Workflow>, Invalid> {
        let Answer { rows } = value.read()?;
        let read = |place| {
            let workflow = Workflow::new(rows.get(place).unwrap_or_default());
            workflow.map_err(|invalid| invalid.under(&format!("[{place}]")).under("rows"))
        };
        (0..rows.len()).map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::endpoint::tests::wire;
    use crate::testing::recorded;

    #[test]
    fn on_the_wire() {
        let named = Workflows { name: Some("a&b=c d"), limit: 200, offset: 0 };
        assert_eq!(wire(&named), "GET ~?name=a%26b%3Dc+d&limit=200&offset=0");
        assert_eq!(wire(&Workflows { name: None, limit: 200, offset: 200 }), "GET ~?limit=200&offset=200");
    }

    #[test]
    fn the_recorded_answer_is_read() {
        let answer = Workflows::decode(recorded("workflows: by part of a name")).unwrap();
        assert_eq!(answer.first().unwrap().name, "greeter");
    }
}
