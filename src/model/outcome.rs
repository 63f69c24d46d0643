//! What bulk calls did and could not do.

use serde::{Deserialize, Serialize, Serializer};

use crate::value::Value;

use super::{ClientWarning, RunId, ScheduledRun};

/// An item that a bulk call could not do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkItemError {
    /// The scheduled run's id, where the item has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RunId>,
    /// The item's place in the call, from 0, where it has no id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// Why, in the server's words or ours.
    pub error: String,
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

/// What `bulkCreate` did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BulkCreated {
    /// The runs that were created, in the order of the input.
    pub created: Vec<ScheduledRun>,
    /// The items that were not, by their place in the input.
    pub errors: Vec<BulkItemError>,
    /// In a dry run: what would be sent, in the order of the input, each with its workflow's name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub planned: Vec<Value>,
    /// What should be known about what was done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<ClientWarning>,
}

/// What a bulk call answers.
#[derive(Debug, Clone)]
pub enum BulkDone {
    /// `bulkDelete`.
    Deleted(BulkChanged),
    /// `bulkUpdate`.
    Updated(BulkChanged),
    /// `bulkCreate`.
    Created(BulkCreated),
}

impl BulkDone {
    /// The outcome of `bulkDelete` or `bulkUpdate`; empty for the other call.
    pub(crate) fn changed(self) -> BulkChanged {
        match self {
            Self::Deleted(done) | Self::Updated(done) => done,
            Self::Created(_) => BulkChanged::default(),
        }
    }

    /// The outcome of `bulkCreate`; empty for the other calls.
    pub(crate) fn created(self) -> BulkCreated {
        match self {
            Self::Created(done) => done,
            Self::Deleted(_) | Self::Updated(_) => BulkCreated::default(),
        }
    }
}

/// As Hatchet names what it did.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted_ids: Option<&'a [RunId]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_ids: Option<&'a [RunId]>,
    errors: &'a [BulkItemError],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    warnings: &'a [ClientWarning],
}

impl Serialize for BulkDone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (done, deleted) = match self {
            Self::Deleted(done) => (done, true),
            Self::Updated(done) => (done, false),
            Self::Created(done) => return done.serialize(serializer),
        };
        let BulkChanged { ids, errors, warnings } = done;
        let ids = Some(ids.as_slice());
        let (deleted_ids, updated_ids) = if deleted { (ids, None) } else { (None, ids) };
        Shown { deleted_ids, updated_ids, errors, warnings }.serialize(serializer)
    }
}
