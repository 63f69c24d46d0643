//! `workflows`: the workflows of the tenant, by a part of their name.

use crate::endpoint::{Endpoint, Query};
use crate::invalid::Invalid;
use crate::json::Json;
use crate::model::Workflow;
use crate::model::read::list;
use crate::platform::HttpMethod;
use crate::retry::Replay;

/// Asks for workflows whose name holds `name` anywhere, a page of them.
#[derive(Debug, Clone)]
pub struct Workflows<'a> {
    /// A part of the name; `None` for all.
    pub name: Option<&'a str>,
    /// How many to skip.
    pub offset: usize,
    /// How many to answer at most.
    pub limit: usize,
}

impl Endpoint for Workflows<'_> {
    const NAME: &'static str = "workflows";
    const METHOD: HttpMethod = HttpMethod::Get;
    const REPLAY: Replay = Replay::Safe;
    type Response = Vec<Workflow>;

    fn path(&self) -> String {
        String::new()
    }

    fn query(&self) -> Query {
        let mut query = Query::default();
        query.add_some("name", self.name);
        query.add_count("limit", Some(self.limit));
        query.add_count("offset", Some(self.offset));
        query
    }

    fn read(json: Json<'_>) -> Result<Vec<Workflow>, Invalid> {
        list(json, "rows", Workflow::read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::tests::wire;
    use crate::testing::recorded;

    #[test]
    fn on_the_wire() {
        let named = Workflows { name: Some("a&b=c"), offset: 0, limit: 200 };
        assert_eq!(wire(&named), "GET ~?name=a%26b%3Dc&limit=200&offset=0");
        assert_eq!(wire(&Workflows { name: None, offset: 200, limit: 200 }), "GET ~?limit=200&offset=200");
    }

    #[test]
    fn the_recorded_answer_is_read() {
        let answer = Workflows::decode(&recorded("workflows: by part of a name")).unwrap();
        assert_eq!(answer.first().unwrap().name, "greeter");
    }
}
