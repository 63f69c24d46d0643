//! What Hatchet sends and takes: the types that operations share, and how they are read from its answers.
//!
//! Field names are Hatchet's own (camelCase on the wire). Instants are [`DateTime<Utc>`](chrono::DateTime), written as
//! RFC 3339 with `Z` and no trailing zeros, as the server writes them.

mod bulk;
pub(crate) mod read;
mod run;

pub use bulk::{BulkChanged, BulkItemError, ClientWarning, WarningCode};
pub use run::{Metadata, Method, ScheduledWorkflows};

use read::{array, integer, missing, object, required, text};

use crate::invalid::Invalid;
use crate::json::{self, Json, Object};

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
        Json::known(&self.0)
    }

    /// The text of the object.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Adds a member after the others.
    pub(crate) fn push(&mut self, key: &str, text: &str) {
        let mut object = Object::after(self.json());
        object.text(key, text);
        self.0 = object.finish();
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
        object(json)?;
        let (mut rows, mut pagination) = (None, None);
        // Once over the members: the rows are long.
        for (key, value) in json.members() {
            match &*key {
                "rows" => rows = Some(value),
                "pagination" => pagination = Some(value),
                _ => {}
            }
        }
        let rows = rows.ok_or_else(|| missing("rows"))?;
        let pagination = pagination.ok_or_else(|| missing("pagination"))?;
        Ok(Self {
            rows: array(rows, ScheduledWorkflows::read).map_err(|invalid| invalid.under("rows"))?,
            pagination: Pagination::read(pagination).map_err(|invalid| invalid.under("pagination"))?,
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
        page.json("rows", &json::array(&self.rows, ScheduledWorkflows::as_str))
            .json("pagination", &pagination.finish());
        page.finish()
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

#[cfg(test)]
mod tests {
    use super::*;

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
