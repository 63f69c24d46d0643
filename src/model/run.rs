//! A scheduled run, as answers hold it.

use chrono::{DateTime, Datelike, Utc};

use super::read::{instant, integer, missing, object, required, text};
use crate::invalid::Invalid;
use crate::json::{Json, Object};
use crate::operations::RunId;
use crate::time::from_wire;

/// Identity and bookkeeping of a scheduled run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metadata {
    /// The run's id.
    pub id: RunId,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// How a scheduled run came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Through the API: it can be changed and deleted.
    Api,
    /// In the workflow's code: the server refuses to delete it (403).
    Default,
}

/// A run that waits for its time.
///
/// The row exists only while the run waits: once fired it is deleted, and a `get` answers 404. What this client works
/// with is read; all else stands in [`json`](Self::json) as the server sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledWorkflows {
    /// Id and timestamps.
    pub metadata: Metadata,
    /// The workflow's name, with its namespace.
    pub workflow_name: String,
    /// When it fires. The server keeps milliseconds.
    pub trigger_at: DateTime<Utc>,
    /// How the run came to be.
    pub method: Method,
    text: String,
}

impl ScheduledWorkflows {
    /// The run as the server sent it, less its placeholders: the year-1 `workflowRunCreatedAt`, the empty
    /// `workflowRunName`, and what is null other than `additionalMetadata`.
    pub fn json(&self) -> Json<'_> {
        Json::known(&self.text)
    }

    /// The text of [`json`](Self::json).
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The tenant that owns the run.
    pub fn tenant_id(&self) -> String {
        self.json().text_of("tenantId").unwrap_or_default()
    }

    /// The workflow's id.
    pub fn workflow_id(&self) -> String {
        self.json().text_of("workflowId").unwrap_or_default()
    }

    /// The version of the workflow that will run.
    pub fn workflow_version_id(&self) -> String {
        self.json().text_of("workflowVersionId").unwrap_or_default()
    }

    /// The input, verbatim. `{}` where none was given.
    pub fn input(&self) -> Option<Json<'_>> {
        self.json().get("input")
    }

    /// The metadata; `None` where none was given.
    pub fn additional_metadata(&self) -> Option<Json<'_>> {
        self.json().get("additionalMetadata").filter(|metadata| metadata.is_object())
    }

    /// 1 (low) to 3 (high).
    pub fn priority(&self) -> Option<i64> {
        self.json().get("priority")?.as_integer()
    }

    /// The id of the run that started, where the server knows one.
    pub fn workflow_run_id(&self) -> Option<String> {
        self.json().text_of("workflowRunId")
    }

    /// The name of the run that started.
    pub fn workflow_run_name(&self) -> Option<String> {
        self.json().text_of("workflowRunName")
    }

    /// When the run started.
    pub fn workflow_run_created_at(&self) -> Option<DateTime<Utc>> {
        from_wire(&self.json().text_of("workflowRunCreatedAt")?).ok()
    }

    /// The status of the run that started.
    pub fn workflow_run_status(&self) -> Option<String> {
        self.json().text_of("workflowRunStatus")
    }

    /// Reads a run.
    ///
    /// # Errors
    /// Says where it is not what Hatchet sends.
    pub fn read(json: Json<'_>) -> Result<Self, Invalid> {
        object(json)?;
        let mut kept = Object::new();
        let (mut metadata, mut workflow_name, mut trigger_at, mut method) = (None, None, None, None);
        for (written, value) in json.keyed() {
            let key: &str = &written.as_text().unwrap_or_default();
            let mut read = || {
                if value.is_null() {
                    return Ok(key == "additionalMetadata");
                }
                match key {
                    "metadata" => metadata = Some(Metadata::read(value)?),
                    "workflowName" => workflow_name = Some(text(value)?),
                    "triggerAt" => trigger_at = Some(instant(value)?),
                    "method" => method = Some(Method::read(value)?),
                    "workflowRunName" => return Ok(!text(value)?.is_empty()),
                    "workflowRunCreatedAt" => return Ok(instant(value)?.year() > 1),
                    "tenantId" | "workflowId" | "workflowVersionId" | "workflowRunId" | "workflowRunStatus" => {
                        text(value)?;
                    }
                    "additionalMetadata" => object(value)?,
                    "priority" => {
                        integer(value)?;
                    }
                    _ => {}
                }
                Ok(true)
            };
            if read().map_err(|invalid: Invalid| invalid.under(key))? {
                kept.member(written, value);
            }
        }
        Ok(Self {
            metadata: metadata.ok_or_else(|| missing("metadata"))?,
            workflow_name: workflow_name.ok_or_else(|| missing("workflowName"))?,
            trigger_at: trigger_at.ok_or_else(|| missing("triggerAt"))?,
            method: method.ok_or_else(|| missing("method"))?,
            text: kept.finish(),
        })
    }
}

impl Metadata {
    fn read(json: Json<'_>) -> Result<Self, Invalid> {
        object(json)?;
        Ok(Self {
            id: required(json, "id", |id| RunId::parse(&text(id)?))?,
            created_at: required(json, "createdAt", instant)?,
            updated_at: required(json, "updatedAt", instant)?,
        })
    }
}

impl Method {
    fn read(json: Json<'_>) -> Result<Self, Invalid> {
        match text(json)?.as_str() {
            "API" => Ok(Self::Api),
            "DEFAULT" => Ok(Self::Default),
            _ => Err(Invalid::new("", "expected API or DEFAULT")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const PENDING: &str = r#"{"additionalMetadata":null,"input":{"n":1.50},
        "metadata":{"createdAt":"2026-11-23T10:00:00.123456Z","id":"7f2c1a5e-0000-4000-8000-000000000000","updatedAt":"2026-11-23T10:00:00Z"},
        "method":"API","priority":1,"tenantId":"t","triggerAt":"2031-01-01T00:00:00.1Z","workflowId":"w","workflowName":"simple",
        "workflowRunCreatedAt":"0001-01-01T00:00:00Z","workflowRunName":"","workflowRunId":null,"workflowVersionId":"v","later":[]}"#;

    fn read(text: &str) -> Result<ScheduledWorkflows, Invalid> {
        ScheduledWorkflows::read(Json::parse(text).unwrap())
    }

    #[test]
    fn a_pending_run_keeps_all_but_the_placeholders() {
        let run = read(PENDING).unwrap();
        let mut expected: Value = serde_json::from_str(PENDING).unwrap();
        for placeholder in ["workflowRunCreatedAt", "workflowRunName", "workflowRunId"] {
            expected.as_object_mut().unwrap().remove(placeholder);
        }
        assert_eq!(serde_json::from_str::<Value>(run.as_str()).unwrap(), expected);
        assert_eq!(run.input().unwrap().text(), r#"{"n":1.50}"#, "verbatim");
        assert_eq!((run.priority(), run.additional_metadata(), run.workflow_run_created_at()), (Some(1), None, None));
        assert_eq!([run.tenant_id(), run.workflow_id(), run.workflow_version_id()], ["t", "w", "v"]);
    }

    #[test]
    fn a_run_of_another_shape_is_refused_with_its_place() {
        let told = |from: &str, to: &str| read(&PENDING.replace(from, to)).unwrap_err().to_string();
        insta::assert_snapshot!(
            [
                told(r#""method":"API""#, r#""method":"CRON""#),
                told(r#""triggerAt":"2031-01-01T00:00:00.1Z","#, ""),
                told("2026-11-23T10:00:00Z", "yesterday"),
                told("7f2c1a5e-0000", "7f2c1a5e"),
                told(r#""priority":1"#, r#""priority":1.5"#),
                told(r#""additionalMetadata":null"#, r#""additionalMetadata":[]"#),
                read("5").unwrap_err().to_string(),
            ]
            .join("\n"),
            @r#"
        method: expected API or DEFAULT
        missing field `triggerAt`
        metadata.updatedAt: "yesterday" is not a time: write it as "2026-10-25T02:30:00Z" (ISO 8601)
        metadata.id: must be a UUID, e.g. 7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f
        priority: expected a whole number, got a number
        additionalMetadata: expected an object, got an array
        expected an object, got a number
        "#
        );
    }
}
