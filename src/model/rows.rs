//! Runs by the thousand. They stay the values that the parser made; what the client works with of them is read beside.

use std::cell::OnceCell;

use serde::{Serialize, Serializer};

pub(crate) use format::{Due, matching};

use super::{Head, MetadataFilter, OrderByField, RunId, ScheduledRun};
use crate::value::{Invalid, List, Value};

#[cfg(target_arch = "wasm32")]
mod engine;
#[cfg(not(target_arch = "wasm32"))]
mod native;
mod whole;

#[cfg(target_arch = "wasm32")]
use engine as format;
#[cfg(not(target_arch = "wasm32"))]
use native as format;

/// Runs in the order of an answer. That they are what Hatchet sends is made sure of when they come; what the client
/// works with is read when it is asked for.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    list: List,
    heads: OnceCell<Vec<Head>>,
}

impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.list.serialize(serializer)
    }
}

impl Rows {
    /// Takes runs, and the server's placeholders out of them.
    ///
    /// # Errors
    /// Says where one is not what Hatchet sends.
    pub fn new(mut list: List) -> Result<Self, Invalid> {
        for place in format::unusual(&list) {
            whole::read_at(&mut list, place as usize)?;
        }
        Ok(list.into())
    }

    /// What the client works with of each.
    ///
    /// # Errors
    /// Says where an id or a time is none.
    pub fn heads(&self) -> Result<&[Head], Invalid> {
        match self.heads.get() {
            Some(heads) => Ok(heads),
            None => {
                let heads = format::heads(&self.list)?;
                Ok(self.heads.get_or_init(|| heads))
            }
        }
    }

    /// The id of each, and where it stands in this order, in microseconds since 1970.
    ///
    /// # Errors
    /// Says where an id or a time is none.
    pub fn places(&self, order: OrderByField) -> Result<Vec<(RunId, i64)>, Invalid> {
        format::places(&self.list, order)
    }

    /// When each is due, to be looked up later: most are never asked for.
    pub(crate) fn due(&self) -> Due {
        format::due(&self.list)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The run at a place.
    pub fn get(&self, place: usize) -> Option<ScheduledRun> {
        ScheduledRun::new(self.list.get(place)?).ok()
    }

    /// Every run.
    pub fn iter(&self) -> impl Iterator<Item = ScheduledRun> {
        (0..self.len()).filter_map(|place| self.get(place))
    }

    /// The runs at these places.
    pub(crate) fn pick(self, places: &[u32]) -> Self {
        if places.len() == self.len() { self } else { self.list.pick(places).into() }
    }

    /// The runs whose metadata holds all of this.
    pub(crate) fn matching(self, filter: &MetadataFilter) -> Self {
        if filter.is_empty() {
            return self;
        }
        let places = format::matching(&self.list, filter);
        self.pick(&places)
    }

    /// Adds the runs of another page.
    pub(crate) fn append(&mut self, other: Self) {
        self.heads = OnceCell::new();
        self.list.append(other.list);
    }
}

impl From<List> for Rows {
    fn from(list: List) -> Self {
        Self { list, heads: OnceCell::new() }
    }
}

impl ScheduledRun {
    /// Reads a run, and takes the server's placeholders out of it.
    ///
    /// # Errors
    /// Says where it is not what Hatchet sends.
    pub fn new(mut value: Value) -> Result<Self, Invalid> {
        let head = match format::head(&value) {
            Some(head) => head,
            None => whole::head(&mut value)?,
        };
        Ok(Self { head, value })
    }
}
