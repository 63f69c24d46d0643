//! `runs`: the runs that started, or stand in line to.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Endpoint, Place};
use crate::http::{HttpMethod, Replay};
use crate::model::{MetadataFilter, RunStatus};
use crate::time::wire;
use crate::value::{Invalid, List, Value};

/// Asks for runs that were made since a time, the newest first.
#[derive(Debug, Clone)]
pub struct WorkflowRuns<'a> {
    /// Not older than this.
    pub since: DateTime<Utc>,
    /// Not younger than this.
    pub until: Option<DateTime<Utc>>,
    /// Of this workflow.
    pub workflow_id: Option<&'a str>,
    /// With one of these statuses; all when empty.
    pub statuses: &'a [RunStatus],
    /// Whose metadata holds these values; those that the server cannot compare are left out.
    pub additional_metadata: &'a MetadataFilter,
    /// Whether inputs and outputs come with them.
    pub payloads: bool,
    /// How many to skip.
    pub offset: usize,
    /// How many to answer at most.
    pub limit: usize,
}

#[derive(Serialize)]
struct Query<'a> {
    #[serde(with = "wire")]
    since: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Until>,
    only_tasks: bool,
    workflow_ids: Option<&'a str>,
    statuses: &'a [RunStatus],
    additional_metadata: Vec<String>,
    additional_metadata_operator: Option<&'static str>,
    include_payloads: bool,
    offset: usize,
    limit: usize,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Until(#[serde(with = "wire")] DateTime<Utc>);

#[derive(Deserialize)]
struct Answer {
    rows: List,
}

impl Endpoint for WorkflowRuns<'_> {
    const NAME: &'static str = "runs";
    const METHOD: HttpMethod = HttpMethod::Get;
    const REPLAY: Replay = Replay::Safe;
    const PLACE: Place = Place::Tenant;
    type Response = List;

    fn path(&self) -> String {
        "/workflow-runs".to_owned()
    }

    fn query(&self) -> String {
        let servers = self.additional_metadata.iter().filter_map(|(key, value)| Some((key, value.servers(key)?)));
        let additional_metadata: Vec<_> = servers.map(|(key, value)| format!("{key}:{value}")).collect();
        super::endpoint::encode_query(&Query {
            since: self.since,
            until: self.until.map(Until),
            only_tasks: false,
            workflow_ids: self.workflow_id,
            statuses: self.statuses,
            // The server takes any of several pairs unless it is told otherwise.
            additional_metadata_operator: (additional_metadata.len() > 1).then_some("AND"),
            additional_metadata,
            // Its default is not what its contract says.
            include_payloads: self.payloads,
            offset: self.offset,
            limit: self.limit,
        })
    }

    fn read(value: Value) -> Result<List, Invalid> {
        let Answer { rows } = value.read()?;
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::endpoint::tests::wire;
    use crate::http::Body;
    use crate::testing::instant;

    #[test]
    fn on_the_wire() {
        let none = MetadataFilter::default();
        let all = WorkflowRuns {
            since: instant("2031-01-01T00:00:00Z"),
            until: None,
            workflow_id: None,
            statuses: &[],
            additional_metadata: &none,
            payloads: true,
            offset: 0,
            limit: 500,
        };
        let path = "GET ~/workflow-runs?since=2031-01-01T00%3A00%3A00Z";
        assert_eq!(wire(&all), format!("{path}&only_tasks=false&include_payloads=true&offset=0&limit=500"));
        let some = MetadataFilter::from([
            ("a".to_owned(), "b c".into()),
            ("n".to_owned(), 1.0.into()),
            ("x".to_owned(), "y".into()),
        ]);
        let narrowed = WorkflowRuns {
            until: Some(instant("2031-01-02T00:00:00Z")),
            workflow_id: Some("w"),
            statuses: &[RunStatus::Queued, RunStatus::Failed],
            additional_metadata: &some,
            payloads: false,
            ..all
        };
        assert_eq!(
            wire(&narrowed),
            format!(
                "{path}&until=2031-01-02T00%3A00%3A00Z&only_tasks=false&workflow_ids=w&statuses=QUEUED&statuses=FAILED\
                 &additional_metadata=a%3Ab+c&additional_metadata=x%3Ay&additional_metadata_operator=AND\
                 &include_payloads=false&offset=0&limit=500"
            )
        );
    }

    #[test]
    fn what_is_no_listing_is_no_answer() {
        assert_eq!(WorkflowRuns::decode(Body::new(r#"{"rows":[{}],"pagination":{}}"#)).unwrap().len(), 1);
        for other in ["{}", "[]", r#"{"rows":5}"#, "<html>"] {
            assert!(WorkflowRuns::decode(Body::new(other)).is_err(), "{other}");
        }
    }
}
