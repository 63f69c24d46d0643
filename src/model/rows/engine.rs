//! Rows of the engine's own objects, looked at where they lie, each time in one loop. What Rust needs of thousands of them
//! crosses as one text: a line a field, in the order of the rows.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::whole::read_at;
use crate::model::{Head, Metadata, MetadataFilter, OrderByField, RunId};
use crate::time::from_wire;
use crate::value::{Invalid, List, Value};

#[wasm_bindgen(raw_module = "./rows.js")]
extern "C" {
    /// The places of the rows that are not as Hatchet usually sends them, which are for serde to judge. Takes the
    /// placeholders out of the others.
    #[wasm_bindgen(js_name = unusual)]
    fn unusual_of(rows: &Array) -> Vec<u32>;

    /// The columns of one row, where it is a usual one.
    #[wasm_bindgen(js_name = head)]
    fn head_of(row: &JsValue) -> Option<String>;

    /// Id and one of the times of each row.
    fn times(rows: &Array, field: &str) -> String;

    /// Id, time, when it was made and changed, and method of each row.
    fn columns(rows: &Array) -> String;

    /// The places of the rows whose metadata holds all of these pairs.
    #[wasm_bindgen(js_name = matching)]
    fn places_of(rows: &Array, wanted: &JsValue) -> Vec<u32>;
}

/// When runs are due: a text that is read when it is asked for.
#[derive(Debug)]
pub(crate) struct Due(String);

impl Due {
    /// The id of each run, and when it is due, in microseconds since 1970.
    pub(crate) fn runs(&self) -> impl Iterator<Item = (RunId, i64)> {
        let mut lines = self.0.split('\n');
        std::iter::from_fn(move || Some((lines.next()?, lines.next()?))).filter_map(|(id, time)| place(id, time))
    }
}

/// The places of the rows that have to be read whole.
pub(super) fn unusual(list: &List) -> Vec<u32> {
    unusual_of(list.as_js())
}

/// A run that is as Hatchet usually sends it.
pub(super) fn head(run: &Value) -> Option<Head> {
    let columns = head_of(run.as_js())?;
    let mut lines = columns.split('\n');
    let fields = std::array::from_fn(|_| lines.next().unwrap_or_default());
    head_from(fields).filter(|_| lines.next() == Some("") && lines.next().is_none())
}

pub(super) fn heads(list: &List) -> Result<Vec<Head>, Invalid> {
    read(list, &columns(list.as_js()), head_from, |head| head)
}

fn head_from([id, trigger_at, created_at, updated_at, method]: [&str; 5]) -> Option<Head> {
    let instant = |text| from_wire(text).ok();
    let id = RunId::parse(id).ok()?;
    let metadata = Metadata { id, created_at: instant(created_at)?, updated_at: instant(updated_at)? };
    Some(Head { metadata, trigger_at: instant(trigger_at)?, method: method.into() })
}

pub(super) fn places(list: &List, order: OrderByField) -> Result<Vec<(RunId, i64)>, Invalid> {
    let times = times(list.as_js(), field(order));
    read(list, &times, |[id, time]| place(id, time), |head| (head.metadata.id, head.time(order).timestamp_micros()))
}

fn field(order: OrderByField) -> &'static str {
    match order {
        OrderByField::TriggerAt => "triggerAt",
        OrderByField::CreatedAt => "createdAt",
    }
}

fn place(id: &str, time: &str) -> Option<(RunId, i64)> {
    Some((RunId::parse(id).ok()?, from_wire(time).ok()?.timestamp_micros()))
}

/// Reads a text of `N` lines a row; a row whose lines are not what they should be is read whole, for what is wrong to be
/// told.
fn read<T, const N: usize>(
    list: &List,
    text: &str,
    plain: impl Fn([&str; N]) -> Option<T>,
    whole: impl Fn(Head) -> T,
) -> Result<Vec<T>, Invalid> {
    let mut lines = text.split('\n');
    let mut rows = Vec::with_capacity(list.len());
    for place in 0..list.len() {
        let fields = std::array::from_fn(|_| lines.next().unwrap_or_default());
        rows.push(match plain(fields) {
            Some(row) => row,
            None => whole(read_at(&mut list.clone(), place)?),
        });
    }
    // A line break within a field would shift all that follow: then each is read whole.
    if lines.next() == Some("") && lines.next().is_none() {
        return Ok(rows);
    }
    (0..list.len()).map(|place| read_at(&mut list.clone(), place).map(&whole)).collect()
}

pub(super) fn due(list: &List) -> Due {
    Due(times(list.as_js(), field(OrderByField::TriggerAt)))
}

/// The places of the rows whose metadata holds all of this.
pub(crate) fn matching(list: &List, filter: &MetadataFilter) -> Vec<u32> {
    let wanted: Vec<_> = filter.iter().collect();
    places_of(list.as_js(), Value::of(&wanted).as_js())
}
