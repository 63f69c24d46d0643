//! What Hatchet sends and takes: the types that operations share, and how they are read from its answers.
//!
//! Field names are Hatchet's own (camelCase on the wire). Instants are [`DateTime<Utc>`], written as RFC 3339 with
//! `Z` and no trailing zeros, as the server writes them.

use chrono::{DateTime, Datelike, Utc};

use crate::invalid::Invalid;
use crate::json::{self, Array, Json, Object};
use crate::operations::{RunId, ids_to_json};
use crate::time::{from_wire, to_wire};

/// A JSON object as text, as a run's input or metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonObject(String);

impl Default for JsonObject {
    /// The empty object.
    fn default() -> Self {
        Self(Json::EMPTY.text().to_owned())
    }
}

impl JsonObject {
    /// Takes the text of a JSON object.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let json = Json::parse(text).filter(|json| json.is_object());
        json.map(Self::from_json).ok_or_else(|| Invalid::new("", "must be the text of a JSON object"))
    }

    /// Takes what is known to be an object.
    pub(crate) fn from_json(json: Json<'_>) -> Self {
        Self(json.text().to_owned())
    }

    /// The object.
    pub fn json(&self) -> Json<'_> {
        Json::parse(&self.0).unwrap_or(Json::EMPTY)
    }

    /// The text of the object.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Adds a member after the others.
    pub(crate) fn push(&mut self, key: &str, text: &str) {
        let is_empty = self.json().members().next().is_none();
        self.0.truncate(self.0.len() - 1);
        let comma = if is_empty { "" } else { "," };
        self.0.push_str(&[comma, &json::quote(key), ":", &json::quote(text), "}"].concat());
    }
}

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
        Json::parse(&self.text).unwrap_or(Json::EMPTY)
    }

    /// The text of [`json`](Self::json).
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The tenant that owns the run.
    pub fn tenant_id(&self) -> String {
        self.text_of("tenantId").unwrap_or_default()
    }

    /// The workflow's id.
    pub fn workflow_id(&self) -> String {
        self.text_of("workflowId").unwrap_or_default()
    }

    /// The version of the workflow that will run.
    pub fn workflow_version_id(&self) -> String {
        self.text_of("workflowVersionId").unwrap_or_default()
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
        self.text_of("workflowRunId")
    }

    /// The name of the run that started.
    pub fn workflow_run_name(&self) -> Option<String> {
        self.text_of("workflowRunName")
    }

    /// When the run started.
    pub fn workflow_run_created_at(&self) -> Option<DateTime<Utc>> {
        from_wire(&self.text_of("workflowRunCreatedAt")?).ok()
    }

    /// The status of the run that started.
    pub fn workflow_run_status(&self) -> Option<String> {
        self.text_of("workflowRunStatus")
    }

    fn text_of(&self, key: &str) -> Option<String> {
        self.json().text_of(key).map(Into::into)
    }

    /// Reads a run.
    ///
    /// # Errors
    /// Says where it is not what Hatchet sends.
    pub fn read(json: Json<'_>) -> Result<Self, Invalid> {
        object(json)?;
        let mut kept = Object::new();
        let (mut metadata, mut workflow_name, mut trigger_at, mut method) = (None, None, None, None);
        for (key, value) in json.members() {
            let key: &str = &key;
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
                kept.json(key, value.text());
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

/// Where a page stands in its listing. Do not loop on `next_page`: with no rows at all it is 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pagination {
    /// 1-based.
    pub current_page: i64,
    /// The page after this one, or this one when it is the last.
    pub next_page: i64,
    /// 0 when nothing matches.
    pub num_pages: i64,
}

impl Pagination {
    fn read(json: Json<'_>) -> Result<Self, Invalid> {
        object(json)?;
        Ok(Self {
            current_page: required(json, "current_page", integer)?,
            next_page: required(json, "next_page", integer)?,
            num_pages: required(json, "num_pages", integer)?,
        })
    }
}

/// A page of scheduled runs.
#[derive(Debug, Clone)]
pub struct ScheduledWorkflowsList {
    /// The runs.
    pub rows: Vec<ScheduledWorkflows>,
    /// Where the page stands.
    pub pagination: Pagination,
}

impl ScheduledWorkflowsList {
    /// Reads a page.
    pub(crate) fn read(json: Json<'_>) -> Result<Self, Invalid> {
        Ok(Self {
            rows: list(json, "rows", ScheduledWorkflows::read)?,
            pagination: required(json, "pagination", Pagination::read)?,
        })
    }

    /// The page as JSON.
    pub fn to_json(&self) -> String {
        let Pagination { current_page, next_page, num_pages } = self.pagination;
        let mut pagination = Object::new();
        pagination
            .integer("current_page", current_page)
            .integer("next_page", next_page)
            .integer("num_pages", num_pages);
        let mut page = Object::new();
        page.json("rows", &runs_to_json(&self.rows)).json("pagination", &pagination.finish());
        page.finish()
    }
}

/// Runs as a JSON array.
pub fn runs_to_json(runs: &[ScheduledWorkflows]) -> String {
    let mut array = Array::new();
    for run in runs {
        array.json(run.as_str());
    }
    array.finish()
}

/// An item that a bulk call could not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkItemError {
    /// The scheduled run's id, where the item has one.
    pub id: Option<RunId>,
    /// The item's place in the call, from 0, where it has no id.
    pub index: Option<usize>,
    /// Why, in the server's words or ours.
    pub error: String,
}

impl BulkItemError {
    /// Reads one of the server's.
    pub(crate) fn read(json: Json<'_>) -> Result<Self, Invalid> {
        let id = json.text_of("id").and_then(|id| RunId::parse(&id).ok());
        Ok(Self { id, index: None, error: required(json, "error", text)? })
    }

    /// Errors as a JSON array.
    pub fn all_to_json(errors: &[Self]) -> String {
        let mut array = Array::new();
        for error in errors {
            array.json(&error.to_json());
        }
        array.finish()
    }

    /// The error as JSON.
    pub fn to_json(&self) -> String {
        let mut error = Object::new();
        if let Some(id) = self.id {
            error.text("id", &id.to_string());
        }
        if let Some(index) = self.index {
            error.integer("index", index as i64);
        }
        error.text("error", &self.error);
        error.finish()
    }
}

/// What a bulk call did to runs that were there: deleted them, or moved them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BulkChanged {
    /// The runs that were changed, in the order of the input.
    pub ids: Vec<RunId>,
    /// What was not, and why.
    pub errors: Vec<BulkItemError>,
    /// What should be known about what was done; the server sends none.
    pub warnings: Vec<ClientWarning>,
}

impl BulkChanged {
    /// Reads what one request did; `key` holds the ids.
    pub(crate) fn read(json: Json<'_>, key: &str) -> Result<Self, Invalid> {
        let ids = list(json, key, |id| RunId::parse(&text(id)?))?;
        Ok(Self { ids, errors: list(json, "errors", BulkItemError::read)?, warnings: Vec::new() })
    }

    /// The outcome as JSON, with the ids under `key`.
    pub fn to_json(&self, key: &str) -> String {
        let mut changed = Object::new();
        changed.json(key, &ids_to_json(&self.ids));
        changed.json("errors", &BulkItemError::all_to_json(&self.errors));
        if !self.warnings.is_empty() {
            changed.json("warnings", &ClientWarning::all_to_json(&self.warnings));
        }
        changed.finish()
    }
}

/// Something to know about a call that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientWarning {
    /// What it is about.
    pub code: WarningCode,
    /// In words.
    pub message: String,
    /// The run that it is about.
    pub id: RunId,
    /// When the run was due before the change.
    pub due_at: DateTime<Utc>,
}

/// What a [`ClientWarning`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarningCode {
    /// The change came within 10 s of the run's time, and may be lost.
    LateChange,
}

impl ClientWarning {
    /// Reads what a call of this client gave.
    ///
    /// # Errors
    /// Says where it is something else.
    pub fn read(json: Json<'_>) -> Result<Self, Invalid> {
        Ok(Self {
            code: WarningCode::LateChange,
            message: required(json, "message", text)?,
            id: required(json, "id", |id| RunId::parse(&text(id)?))?,
            due_at: required(json, "dueAt", instant)?,
        })
    }

    /// Warnings as a JSON array.
    pub fn all_to_json(warnings: &[Self]) -> String {
        let mut array = Array::new();
        for warning in warnings {
            array.json(&warning.to_json());
        }
        array.finish()
    }

    /// The warning as JSON.
    pub fn to_json(&self) -> String {
        let mut warning = Object::new();
        let code = match self.code {
            WarningCode::LateChange => "late-change",
        };
        warning.text("code", code).text("message", &self.message);
        warning.text("id", &self.id.to_string()).text("dueAt", &to_wire(self.due_at));
        warning.finish()
    }
}

/// A workflow, as its listing shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workflow {
    /// The workflow's id.
    pub id: String,
    /// The name, with its namespace; case-sensitive.
    pub name: String,
}

impl Workflow {
    /// Reads a row of the listing.
    pub(crate) fn read(json: Json<'_>) -> Result<Self, Invalid> {
        let id = |metadata| required(metadata, "id", text);
        Ok(Self { id: required(json, "metadata", id)?, name: required(json, "name", text)? })
    }
}

fn missing(key: &str) -> Invalid {
    Invalid::new("", format!("missing field `{key}`"))
}

fn expected(what: &str, json: Json<'_>) -> Invalid {
    Invalid::new("", format!("expected {what}, got {}", json.kind()))
}

/// The member of this key as `read` makes it, which has to be there.
pub(crate) fn required<'a, T>(
    json: Json<'a>,
    key: &str,
    read: impl FnOnce(Json<'a>) -> Result<T, Invalid>,
) -> Result<T, Invalid> {
    let value = json.get(key).ok_or_else(|| missing(key))?;
    read(value).map_err(|invalid| invalid.under(key))
}

/// The array of this key, which has to be there, each item as `read` makes it.
pub(crate) fn list<'a, T>(
    json: Json<'a>,
    key: &str,
    read: fn(Json<'a>) -> Result<T, Invalid>,
) -> Result<Vec<T>, Invalid> {
    let array =
        required(json, key, |array| if array.is_array() { Ok(array) } else { Err(expected("an array", array)) })?;
    items(array, read).map_err(|invalid| invalid.under(key))
}

/// The items of an array, each as `read` makes it. A loop, as collecting results weighs twice as much.
pub(crate) fn items<'a, T>(array: Json<'a>, read: fn(Json<'a>) -> Result<T, Invalid>) -> Result<Vec<T>, Invalid> {
    let mut items = Vec::new();
    for item in array.items() {
        match read(item) {
            Ok(item) => items.push(item),
            Err(invalid) => return Err(invalid.under(&format!("[{}]", items.len()))),
        }
    }
    Ok(items)
}

pub(crate) fn text(json: Json<'_>) -> Result<String, Invalid> {
    json.as_text().map(Into::into).ok_or_else(|| expected("a string", json))
}

fn integer(json: Json<'_>) -> Result<i64, Invalid> {
    json.as_integer().ok_or_else(|| expected("a whole number", json))
}

fn object(json: Json<'_>) -> Result<(), Invalid> {
    if json.is_object() { Ok(()) } else { Err(expected("an object", json)) }
}

fn instant(json: Json<'_>) -> Result<DateTime<Utc>, Invalid> {
    from_wire(&text(json)?).map_err(|reason| Invalid::new("", reason))
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

    #[test]
    fn members_are_added_to_objects_of_any_size() {
        for (before, after) in [("{}", r#"{"k":"é\""}"#), (r#"{"a": 1 }"#, r#"{"a": 1 ,"k":"é\""}"#)] {
            let mut object = JsonObject::parse(before).unwrap();
            object.push("k", "é\"");
            assert_eq!(object.as_str(), after);
        }
        assert!(JsonObject::parse("[]").is_err() && JsonObject::parse("{").is_err());
    }
}
