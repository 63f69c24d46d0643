//! What the crate's own tests share.

use chrono::{DateTime, Utc};

use crate::http::Body;

/// What the recordings' `{uuid}` stands for.
pub(crate) const UUID: &str = "00000000-0000-4000-8000-000000000001";

/// The body that the live server answered in the recorded step of this name.
pub(crate) fn recorded(step: &str) -> Body {
    let recordings: serde_json::Value =
        serde_json::from_str(include_str!("../tests/recordings/scheduled.json")).unwrap();
    let steps = recordings["steps"].as_array().unwrap();
    let found = steps.iter().find(|known| known["name"] == step).unwrap_or_else(|| panic!("no step {step:?}"));
    let Some(body) = found["response"].get("body") else { return Body::Text(String::new()) };
    let mut text = body.to_string();
    for captured in steps.iter().filter_map(|step| step["capture"].as_object()).flat_map(|capture| capture.keys()) {
        text = text.replace(&format!("\"{{{captured}}}\""), &format!("{UUID:?}"));
    }
    Body::new(&text.replace("{uuid}", UUID).replace("{time}", "2026-11-23T10:00:00.123456Z"))
}

/// An instant, from RFC 3339.
pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}
