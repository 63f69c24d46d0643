//! Dates as HTTP writes them.

use chrono::{DateTime, Utc};

/// An HTTP date, e.g. `Sun, 06 Nov 1994 08:49:37 GMT`. A JavaScript engine reads these itself.
#[cfg(target_arch = "wasm32")]
pub(super) fn date(text: &str) -> Option<DateTime<Utc>> {
    let millis = js_sys::Date::parse(text);
    if millis.is_nan() { None } else { DateTime::from_timestamp_millis(millis as i64) }
}

/// An HTTP date, e.g. `Sun, 06 Nov 1994 08:49:37 GMT`.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text.trim()).ok().map(|date| date.to_utc())
}
