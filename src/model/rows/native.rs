//! Rows of serde_json's values.

use serde_json::Value as Json;

use super::whole::read_at;
use crate::model::{Head, MetadataFilter, MetadataValue, OrderByField, RunId};
use crate::value::{Invalid, List, Value};

/// When runs are due.
#[derive(Debug)]
pub(crate) struct Due(Vec<(RunId, i64)>);

impl Due {
    /// The id of each run, and when it is due, in microseconds since 1970.
    pub(crate) fn runs(&self) -> impl Iterator<Item = (RunId, i64)> {
        self.0.iter().copied()
    }
}

/// The places of the rows that have to be read whole: all of them.
pub(super) fn unusual(list: &List) -> Vec<u32> {
    (0..list.len() as u32).collect()
}

/// Every run is read whole.
pub(super) fn head(_: &Value) -> Option<Head> {
    None
}

pub(super) fn heads(list: &List) -> Result<Vec<Head>, Invalid> {
    let mut list = list.clone();
    (0..list.len()).map(|place| read_at(&mut list, place)).collect()
}

pub(super) fn places(list: &List, order: OrderByField) -> Result<Vec<(RunId, i64)>, Invalid> {
    let place = |head: Head| (head.metadata.id, head.time(order).timestamp_micros());
    heads(list).map(|heads| heads.into_iter().map(place).collect())
}

pub(super) fn due(list: &List) -> Due {
    Due(places(list, OrderByField::TriggerAt).unwrap_or_default())
}

/// The places of the rows whose metadata holds all of this, and of those that are no rows, which are told.
pub(crate) fn matching(list: &List, filter: &MetadataFilter) -> Vec<u32> {
    let matches = |place: &usize| {
        let row = list.get(*place).unwrap_or_default();
        let metadata = row.get("additionalMetadata").unwrap_or_default();
        !row.as_json().is_object()
            || filter.iter().all(|(key, wanted)| metadata.as_json().get(key).is_some_and(|found| is(found, wanted)))
    };
    (0..list.len()).filter(matches).map(|place| place as u32).collect()
}

fn is(found: &Json, wanted: &MetadataValue) -> bool {
    match wanted {
        MetadataValue::Text(text) => found.as_str() == Some(text),
        MetadataValue::Number(number) => found.as_f64() == Some(*number),
        MetadataValue::Bool(bool) => found.as_bool() == Some(*bool),
    }
}
