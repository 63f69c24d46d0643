//! How long a server asks to wait.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Response;
use super::date::date;

/// `retry-after-ms`, or `retry-after` in seconds or as a date, which counts from the answer's own `date` where that can be
/// seen, else from `now`. A browser often cannot see these across origins, so nothing may depend on them.
pub(crate) fn retry_after(response: &Response, now: DateTime<Utc>) -> Option<Duration> {
    if let Some(wait) = response.header("retry-after-ms").and_then(|text| decimal(text, 1)) {
        return Some(wait);
    }
    let text = response.header("retry-after")?;
    match decimal(text, 1000) {
        Some(wait) => Some(wait),
        None => Some((date(text)? - response.date().unwrap_or(now)).to_std().unwrap_or_default()),
    }
}

/// A decimal number of so many milliseconds each, to the millisecond.
fn decimal(text: &str, each: u64) -> Option<Duration> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    // Fifteen digits are more than anybody waits.
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() < 16;
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let thousandths: u64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    Some(Duration::from_millis(whole.parse::<u64>().ok()? * each + thousandths * each / 1000))
}
