//! Runs read with all their fields, which tells what is wrong with one.

use crate::model::{Head, ScheduledWorkflows};
use crate::value::{Invalid, List, Value};

/// Reads one run whole.
pub(super) fn head(value: &mut Value) -> Result<Head, Invalid> {
    let run: ScheduledWorkflows = value.read()?;
    run.tidy(value);
    Ok(run.head())
}

/// Reads the run at a place of a list whole.
pub(super) fn read_at(list: &mut List, place: usize) -> Result<Head, Invalid> {
    let mut value = list.get(place).unwrap_or_default();
    let head = head(&mut value).map_err(|invalid| invalid.under(&format!("[{place}]")))?;
    list.set(place, value);
    Ok(head)
}
