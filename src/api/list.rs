//! `list`: a page of scheduled runs.

use serde::{Deserialize, Serialize};

use super::{Endpoint, Filter, ListQuery};
use crate::http::{HttpMethod, Replay};
use crate::model::{OrderByDirection, OrderByField, Rows, ScheduledRunStatus, ScheduledWorkflowsList};
use crate::value::{self, Invalid, Value};

/// Asks for a page of runs.
#[derive(Debug, Clone)]
pub struct List<'a> {
    /// What to list.
    pub query: &'a ListQuery,
    /// The id that `workflow_name` stands for.
    pub workflow_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Query<'a> {
    offset: Option<usize>,
    limit: Option<usize>,
    order_by_field: Option<OrderByField>,
    order_by_direction: Option<OrderByDirection>,
    workflow_id: Option<&'a str>,
    parent_workflow_run_id: Option<&'a str>,
    parent_step_run_id: Option<&'a str>,
    statuses: &'a [ScheduledRunStatus],
    additional_metadata: Vec<String>,
}

#[derive(Deserialize)]
struct Page {
    rows: value::List,
    pagination: Value,
}

impl Endpoint for List<'_> {
    const NAME: &'static str = "list";
    const METHOD: HttpMethod = HttpMethod::Get;
    const REPLAY: Replay = Replay::Safe;
    type Response = ScheduledWorkflowsList;

    fn path(&self) -> String {
        "/scheduled".to_owned()
    }

    fn query(&self) -> String {
        let ListQuery { filter, order, offset, limit } = self.query;
        let Filter { workflow_id, parent_workflow_run_id, parent_step_run_id, statuses, additional_metadata, .. } =
            filter;
        let servers = additional_metadata.iter().filter_map(|(key, value)| Some((key, value.servers(key)?)));
        super::endpoint::encode_query(&Query {
            offset: *offset,
            limit: *limit,
            order_by_field: order.field,
            order_by_direction: order.direction,
            workflow_id: self.workflow_id.or(workflow_id.as_deref()),
            parent_workflow_run_id: parent_workflow_run_id.as_deref(),
            parent_step_run_id: parent_step_run_id.as_deref(),
            statuses,
            additional_metadata: servers.map(|(key, value)| format!("{key}:{value}")).collect(),
        })
    }

    fn read(value: Value) -> Result<ScheduledWorkflowsList, Invalid> {
        let Page { rows, pagination } = value.read()?;
        let rows = Rows::new(rows).map_err(|invalid| invalid.under("rows"))?;
        let pagination = pagination.read().map_err(|invalid| invalid.under("pagination"))?;
        Ok(ScheduledWorkflowsList { rows, pagination })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::OrderBy;
    use crate::api::endpoint::tests::wire;
    use crate::model::{MetadataFilter, MetadataValue};
    use crate::testing::{UUID, recorded};

    fn of(query: &ListQuery) -> String {
        wire(&List { query, workflow_id: None })
    }

    #[test]
    fn on_the_wire() {
        assert_eq!(of(&ListQuery::default()), "GET ~/scheduled");
        let query = ListQuery {
            filter: Filter {
                workflow_id: Some(UUID.into()),
                parent_workflow_run_id: Some(UUID.into()),
                parent_step_run_id: Some(UUID.into()),
                statuses: vec![ScheduledRunStatus::Scheduled, ScheduledRunStatus::Running],
                additional_metadata: MetadataFilter::from([
                    ("team".into(), "a b".into()),
                    ("n".into(), 5.0.into()),
                    ("flag".into(), true.into()),
                    ("callback".into(), "https://x".into()),
                    ("a:b".into(), "c".into()),
                ]),
                ..Filter::default()
            },
            order: OrderBy { field: Some(OrderByField::CreatedAt), direction: Some(OrderByDirection::Asc) },
            offset: Some(4),
            limit: Some(2),
        };
        insta::assert_snapshot!(of(&query).replace('&', "\n&"), @r"
        GET ~/scheduled?offset=4
        &limit=2
        &orderByField=createdAt
        &orderByDirection=ASC
        &workflowId=00000000-0000-4000-8000-000000000001
        &parentWorkflowRunId=00000000-0000-4000-8000-000000000001
        &parentStepRunId=00000000-0000-4000-8000-000000000001
        &statuses=SCHEDULED
        &statuses=RUNNING
        &additionalMetadata=team%3Aa+b
        ");
        assert!(!query.filter.is_servers());
    }

    #[test]
    fn the_recorded_answer_is_read() {
        let page = List::decode(recorded("list: all, default order")).unwrap();
        assert_eq!(page.rows.len(), 5);
        assert_eq!(page.pagination.num_pages, 1);
        let garbage = List::decode(recorded("list: limit 0")).unwrap();
        assert!(garbage.pagination.num_pages < 0);
    }

    #[test]
    fn metadata_of_any_type_is_compared_exactly() {
        let page = List::decode(recorded("list: all, default order")).unwrap();
        let matching = |key: &str, value: MetadataValue| {
            let filter =
                Filter { additional_metadata: MetadataFilter::from([(key.into(), value)]), ..Filter::default() };
            page.rows.clone().matching(&filter.additional_metadata).len()
        };
        assert_eq!(matching("team", "a".into()), 2);
        assert_eq!(matching("n", 5.0.into()), 1);
        assert_eq!(matching("n", "5".into()), 0, "a text is no number");
        assert_eq!(matching("flag", true.into()), 1);
        assert_eq!(matching("when", "10:30".into()), 1);
        assert_eq!(matching("none", "a".into()), 0);
    }
}
