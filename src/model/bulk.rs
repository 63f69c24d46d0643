//! What bulk calls did and could not do, and what should be known about it.

use chrono::{DateTime, Utc};

use super::read::{instant, list, required, text};
use crate::invalid::Invalid;
use crate::json::{Json, Object, array};
use crate::operations::{RunId, ids_to_json};
use crate::time::to_wire;

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
        changed.json("errors", &array(&self.errors, BulkItemError::to_json));
        if !self.warnings.is_empty() {
            changed.json("warnings", &array(&self.warnings, ClientWarning::to_json));
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
