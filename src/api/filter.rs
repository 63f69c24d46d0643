//! Which runs, and in which order: what listings, iterations, watches and deletions ask for.

use super::check_workflow_name;
use crate::model::{MetadataFilter, MetadataValue, OrderByDirection, OrderByField, ScheduledRunStatus, check_id};
use crate::value::{Invalid, step};

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
    /// Whose metadata holds these values.
    pub additional_metadata: MetadataFilter,
}

/// The order of a listing. Default: latest time first, the server's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OrderBy {
    /// By which time. Default: `triggerAt`.
    pub field: Option<OrderByField>,
    /// Default: descending.
    pub direction: Option<OrderByDirection>,
}

impl OrderBy {
    /// The order in which nothing moves, whatever happens to runs: latest first.
    pub fn created() -> Self {
        Self { field: Some(OrderByField::CreatedAt), direction: None }
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
                check_id(value).map_err(|invalid| {
                    let hint = if path == "workflowId" { "; for a name use workflowName" } else { "" };
                    Invalid::new(path, [&invalid.reason, hint].concat())
                })?;
            }
        }
        if let Some(name) = &self.workflow_name {
            check_workflow_name(name)?;
            if self.workflow_id.is_some() {
                return Err(Invalid::new("workflowName", "says the same as workflowId; give one of them"));
            }
        }
        for (key, value) in &self.additional_metadata {
            if key.is_empty() {
                return Err(Invalid::new("additionalMetadata", "holds an empty key; name the key to look for"));
            }
            let holds_nul = key.contains('\0') || matches!(value, MetadataValue::Text(text) if text.contains('\0'));
            if holds_nul {
                let reason = "holds a NUL character, which the server cannot store; remove it";
                return Err(Invalid::new(step(key), reason).under("additionalMetadata"));
            }
        }
        Ok(())
    }

    /// Whether the server can filter all of it. Its metadata filter is `key:value`, split at `:`, compared as text, so
    /// colons, numbers and booleans are compared here.
    pub(crate) fn is_servers(&self) -> bool {
        self.additional_metadata.iter().all(|(key, value)| value.servers(key).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::UUID;
    use crate::value::Value;

    fn read<T: serde::de::DeserializeOwned>(text: &str) -> String {
        Value::parse(text).unwrap().read::<T>().err().unwrap().to_string()
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
                refused(|query| query.filter.additional_metadata = MetadataFilter::from([(String::new(), 1.0.into())])),
                refused(|query| query.filter.additional_metadata = MetadataFilter::from([("a".into(), "\0".into())])),
                read::<MetadataValue>("{}"),
                read::<MetadataValue>("null"),
                read::<ScheduledRunStatus>("\"scheduled\""),
                read::<OrderByDirection>("\"asc\""),
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
