//! What listings share: where a page stands, and filters.

use std::collections::BTreeMap;

use crate::wire::{Pagination, Refusal};

/// Where a page stands, by the real server's arithmetic: a limit of 0 gives its garbage, no rows a next page of 2.
pub(super) fn pagination(count: i64, offset: i64, limit: i64) -> Pagination {
    let num_pages = go_int64((count as f64 / limit as f64).ceil());
    let current_page = go_int64((offset as f64 / limit as f64).ceil()).wrapping_add(1);
    let next_page = if current_page == num_pages { current_page } else { current_page.wrapping_add(1) };
    Pagination { current_page, next_page, num_pages }
}

/// Go's conversion on amd64: what is no 64-bit integer becomes the smallest one.
fn go_int64(value: f64) -> i64 {
    if (-9.223_372_036_854_776e18..9.223_372_036_854_776e18).contains(&value) { value as i64 } else { i64::MIN }
}

/// A limit and an offset as the database sees them: 32 bits, and a negative one is an error.
pub(super) fn window(offset: i64, limit: i64) -> Result<(usize, usize), Refusal> {
    let bits = |value: i64, name| {
        usize::try_from(value as i32).map_err(|_| Refusal::Internal(format!("{name} must not be negative")))
    };
    Ok((bits(offset, "OFFSET")?, bits(limit, "LIMIT")?))
}

/// Filters of the form `key:value`, split at every colon: exactly one may stand in each. Of a repeated key the last
/// value counts.
pub(super) fn metadata_filter(filters: &[String]) -> Result<Vec<(String, String)>, Refusal> {
    let mut pairs = BTreeMap::new();
    for filter in filters {
        let parts: Vec<&str> = filter.split(':').collect();
        let [key, value] = parts.as_slice() else {
            return Err(Refusal::errors("Additional metadata filters must be in the format key:value."));
        };
        pairs.insert((*key).to_owned(), (*value).to_owned());
    }
    if pairs.iter().any(|(key, value)| key.contains('\0') || value.contains('\0')) {
        return Err(Refusal::Internal("unsupported Unicode escape sequence".to_owned()));
    }
    Ok(pairs.into_iter().collect())
}
