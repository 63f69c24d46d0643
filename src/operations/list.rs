//! `list`: a page of scheduled runs.

use crate::endpoint::{Endpoint, Query};
use crate::id;
use crate::invalid::Invalid;
use crate::json::{self, Json};
use crate::model::{ScheduledWorkflows, ScheduledWorkflowsList};
use crate::platform::HttpMethod;
use crate::retry::Replay;

/// What to list, in which order, and which page of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListQuery {
    /// Which runs.
    pub filter: Filter,
    /// In which order.
    pub order: OrderBy,
    /// How many runs to skip. Default 0.
    pub offset: Option<usize>,
    /// How many runs to answer at most. Default 50, the server's own.
    pub limit: Option<usize>,
}

/// Which runs. All that is given must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Of this workflow, by id.
    pub workflow_id: Option<String>,
    /// Of this workflow, by exact name; the namespace is applied.
    pub workflow_name: Option<String>,
    /// Passed on as it is. The server compares it with the scheduled run's own id (a bug of its own).
    pub parent_workflow_run_id: Option<String>,
    /// Passed on as it is.
    pub parent_step_run_id: Option<String>,
    /// With one of these statuses; all when empty. The server has rows for `SCHEDULED` alone: a fired run's row is gone.
    pub statuses: Vec<ScheduledRunStatus>,
    /// Whose metadata holds these values: text, numbers or booleans.
    pub additional_metadata: Vec<(String, MetadataValue)>,
}

/// A value to look for in metadata.
#[derive(Debug, Clone, PartialEq)]
pub enum MetadataValue {
    /// A string.
    Text(String),
    /// A number, however it is written.
    Number(f64),
    /// `true` or `false`.
    Bool(bool),
}

impl From<&str> for MetadataValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<f64> for MetadataValue {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for MetadataValue {
    fn from(bool: bool) -> Self {
        Self::Bool(bool)
    }
}

impl MetadataValue {
    /// Reads a value to look for.
    ///
    /// # Errors
    /// When it is null, an array or an object.
    pub fn read(json: Json<'_>) -> Result<Self, Invalid> {
        let text = json.as_text().map(|text| Self::Text(text.into()));
        let value = text.or(json.as_bool().map(Self::Bool)).or(json.as_number().map(Self::Number));
        value.ok_or_else(|| Invalid::new("", "must be a text, a number or a boolean"))
    }

    fn matches(&self, found: Json<'_>) -> bool {
        match self {
            Self::Text(wanted) => found.as_text().is_some_and(|found| found == *wanted),
            Self::Number(wanted) => found.as_number() == Some(*wanted),
            Self::Bool(wanted) => found.as_bool() == Some(*wanted),
        }
    }

    /// The text, where the server can look for it: it splits its filter at `:`, and compares texts.
    fn servers<'a>(&'a self, key: &str) -> Option<&'a str> {
        match self {
            Self::Text(text) if !key.contains(':') && !text.contains(':') => Some(text),
            _ => None,
        }
    }
}

/// The order of a listing. Default: latest time first, the server's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OrderBy {
    /// By which time. Default: `triggerAt`.
    pub field: Option<OrderByField>,
    /// Default: descending.
    pub direction: Option<OrderByDirection>,
}

/// Declares an enum of words that the wire knows, with the words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// Every word that the wire knows.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Reads a word of the wire; case counts, as it does on the server.
            ///
            /// # Errors
            /// Lists the words that are known.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(Invalid::new("", format!("must be one of {}", Self::WORDS.join(", ")))),
                }
            }
        }
    };
}

words! {
    /// By which time a listing is ordered.
    OrderByField {
        /// When the run fires.
        TriggerAt = "triggerAt",
        /// When it was made.
        CreatedAt = "createdAt",
    }
}

words! {
    /// In which direction a listing is ordered.
    OrderByDirection {
        /// Earliest first.
        Asc = "ASC",
        /// Latest first.
        Desc = "DESC",
    }
}

words! {
    /// The statuses that the server's filter knows.
    ScheduledRunStatus {
        /// Not begun.
        Pending = "PENDING",
        /// At work.
        Running = "RUNNING",
        /// Done.
        Succeeded = "SUCCEEDED",
        /// Failed.
        Failed = "FAILED",
        /// Ended by somebody.
        Cancelled = "CANCELLED",
        /// Waiting for a worker.
        Queued = "QUEUED",
        /// Waiting for its time: the only status that a scheduled run's row has.
        Scheduled = "SCHEDULED",
    }
}

impl ListQuery {
    /// Checks what the server would answer with garbage or with a 500.
    ///
    /// # Errors
    /// Names the field.
    pub fn check(&self) -> Result<(), Invalid> {
        if self.limit == Some(0) {
            return Err(Invalid::new("limit", "must be at least 1"));
        }
        self.filter.check()
    }
}

impl Filter {
    /// Whether nothing is asked for, so that every run matches.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Checks ids and metadata.
    ///
    /// # Errors
    /// Names the field.
    pub fn check(&self) -> Result<(), Invalid> {
        let ids = [
            ("workflowId", &self.workflow_id),
            ("parentWorkflowRunId", &self.parent_workflow_run_id),
            ("parentStepRunId", &self.parent_step_run_id),
        ];
        for (path, value) in ids {
            if let Some(value) = value {
                id::check(value).map_err(|invalid| {
                    let hint = if path == "workflowId" { "; for a name use workflowName" } else { "" };
                    Invalid::new(path, [&invalid.reason, hint].concat())
                })?;
            }
        }
        if let Some(name) = &self.workflow_name {
            super::create::check_workflow_name(name)?;
            if self.workflow_id.is_some() {
                return Err(Invalid::new("workflowName", "says the same as workflowId; give one of them"));
            }
        }
        for (key, value) in &self.additional_metadata {
            if key.is_empty() {
                return Err(Invalid::new("additionalMetadata", "holds an empty key; name the key to look for"));
            }
            let text = match value {
                MetadataValue::Text(text) => text,
                _ => "",
            };
            let checked = json::check_text(key).and_then(|()| json::check_text(text));
            checked.map_err(|invalid| invalid.under(&json::step(key)).under("additionalMetadata"))?;
        }
        Ok(())
    }

    /// Whether the server can filter all of it. Its metadata filter is `key:value`, split at `:`, compared as text, so
    /// colons, numbers and booleans are compared here.
    pub(crate) fn is_servers(&self) -> bool {
        self.additional_metadata.iter().all(|(key, value)| value.servers(key).is_some())
    }

    /// Whether the run's metadata holds what is asked for.
    pub(crate) fn matches(&self, run: &ScheduledWorkflows) -> bool {
        let metadata = run.additional_metadata().unwrap_or(Json::EMPTY);
        self.additional_metadata
            .iter()
            .all(|(key, wanted)| metadata.get(key).is_some_and(|found| wanted.matches(found)))
    }
}

/// Asks for a page of runs.
#[derive(Debug, Clone)]
pub struct List<'a> {
    /// What to list.
    pub query: &'a ListQuery,
    /// The id that `workflow_name` stands for.
    pub workflow_id: Option<&'a str>,
}

impl Endpoint for List<'_> {
    const NAME: &'static str = "list";
    const METHOD: HttpMethod = HttpMethod::Get;
    const REPLAY: Replay = Replay::Safe;
    type Response = ScheduledWorkflowsList;

    fn path(&self) -> String {
        "/scheduled".to_owned()
    }

    fn query(&self) -> Query {
        let ListQuery { filter, order, offset, limit } = self.query;
        let mut query = Query::default();
        query.add_count("offset", *offset);
        query.add_count("limit", *limit);
        query.add_some("orderByField", order.field.map(OrderByField::as_str));
        query.add_some("orderByDirection", order.direction.map(OrderByDirection::as_str));
        query.add_some("workflowId", self.workflow_id.or(filter.workflow_id.as_deref()));
        query.add_some("parentWorkflowRunId", filter.parent_workflow_run_id.as_deref());
        query.add_some("parentStepRunId", filter.parent_step_run_id.as_deref());
        for status in &filter.statuses {
            query.add("statuses", status.as_str());
        }
        for (key, value) in &filter.additional_metadata {
            if let Some(value) = value.servers(key) {
                query.add("additionalMetadata", &[key, ":", value].concat());
            }
        }
        query
    }

    fn read(json: Json<'_>) -> Result<ScheduledWorkflowsList, Invalid> {
        ScheduledWorkflowsList::read(json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::tests::wire;
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
                additional_metadata: vec![
                    ("team".into(), "a b".into()),
                    ("n".into(), 5.0.into()),
                    ("flag".into(), true.into()),
                    ("callback".into(), "https://x".into()),
                    ("a:b".into(), "c".into()),
                ],
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
        &additionalMetadata=team%3Aa%20b
        ");
        assert!(!query.filter.is_servers());
    }

    #[test]
    fn the_recorded_answer_is_read() {
        let page = List::decode(&recorded("list: all, default order")).unwrap();
        assert_eq!(page.rows.len(), 5);
        assert_eq!(page.pagination.num_pages, 1);
        let garbage = List::decode(&recorded("list: limit 0")).unwrap();
        assert!(garbage.pagination.num_pages < 0);
    }

    #[test]
    fn metadata_of_any_type_is_compared_exactly() {
        let page = List::decode(&recorded("list: all, default order")).unwrap();
        let matching = |key: &str, value: MetadataValue| {
            let filter = Filter { additional_metadata: vec![(key.into(), value)], ..Filter::default() };
            page.rows.iter().filter(|run| filter.matches(run)).count()
        };
        assert_eq!(matching("team", "a".into()), 2);
        for five in ["5", "5.0"] {
            assert_eq!(matching("n", MetadataValue::read(Json::parse(five).unwrap()).unwrap()), 1);
        }
        assert_eq!(matching("n", "5".into()), 0, "a text is no number");
        assert_eq!(matching("flag", true.into()), 1);
        assert_eq!(matching("when", "10:30".into()), 1);
        assert_eq!(matching("none", "a".into()), 0);
    }

    #[test]
    fn what_the_server_answers_with_garbage_is_refused_here() {
        let refused = |change: fn(&mut ListQuery)| {
            let mut query = ListQuery::default();
            change(&mut query);
            query.check().unwrap_err().to_string()
        };
        insta::assert_snapshot!(
            [
                refused(|query| query.limit = Some(0)),
                refused(|query| query.filter.workflow_id = Some("greeter".into())),
                refused(|query| query.filter.parent_step_run_id = Some("x".into())),
                refused(|query| query.filter.workflow_name = Some(String::new())),
                refused(|query| {
                    query.filter.workflow_name = Some("a".into());
                    query.filter.workflow_id = Some(UUID.into());
                }),
                refused(|query| query.filter.additional_metadata = vec![(String::new(), 1.0.into())]),
                refused(|query| query.filter.additional_metadata = vec![("a".into(), "\0".into())]),
                MetadataValue::read(Json::parse("{}").unwrap()).unwrap_err().to_string(),
                MetadataValue::read(Json::parse("null").unwrap()).unwrap_err().to_string(),
                ScheduledRunStatus::parse("scheduled").unwrap_err().to_string(),
                OrderByDirection::parse("asc").unwrap_err().to_string(),
            ]
            .join("\n"),
            @r#"
        limit: must be at least 1
        workflowId: must be a UUID, e.g. 7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f; for a name use workflowName
        parentStepRunId: must be a UUID, e.g. 7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f
        workflowName: is empty; give the name that the workflow is registered under
        workflowName: says the same as workflowId; give one of them
        additionalMetadata: holds an empty key; name the key to look for
        additionalMetadata.a: holds a NUL character, which the server cannot store; remove it
        must be a text, a number or a boolean
        must be a text, a number or a boolean
        must be one of PENDING, RUNNING, SUCCEEDED, FAILED, CANCELLED, QUEUED, SCHEDULED
        must be one of ASC, DESC
        "#
        );
    }
}
