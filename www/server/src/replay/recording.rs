//! The format of recordings, and how a step becomes a request.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::names::Names;
use super::transport::Request;
use crate::error::Error;

/// Recorded steps, in the order in which they were played.
#[derive(Debug, Deserialize)]
pub struct Recording {
    pub(super) steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) request: StepRequest,
    /// Names for parts of the answer, by JSON pointer.
    #[serde(default)]
    pub(super) capture: BTreeMap<String, String>,
    pub(super) response: StepResponse,
    /// Played until the answer is as recorded: what it asks for takes its time.
    #[serde(default)]
    pub(super) eventually: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct StepRequest {
    method: String,
    path: String,
    /// Sent as it stands in the recording, a space after each comma and colon.
    body: Option<Box<RawValue>>,
    raw: Option<String>,
    #[serde(rename = "type")]
    content_type: Option<String>,
    repeat: Option<Repeat>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// Absent: the right token; null: none.
    #[serde(default = "right_token")]
    auth: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Repeat {
    key: String,
    count: usize,
    item: Value,
}

#[derive(Debug, Deserialize)]
pub(super) struct StepResponse {
    pub(super) status: u16,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    /// Absent where nothing is expected of the body.
    #[serde(default, deserialize_with = "present")]
    pub(super) body: Option<Value>,
    pub(super) text: Option<String>,
}

impl Recording {
    /// Reads a recording from a file.
    ///
    /// # Errors
    /// When it cannot be read, or is no recording.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(Error::io(format!("reading {}", path.display())))?;
        serde_json::from_str(&text)
            .map_err(|error| Error::Options(format!("{} is no recording: {error}", path.display())))
    }

    /// The workflows that the steps name by id.
    pub(super) fn workflows(&self) -> Result<BTreeSet<String>, Error> {
        let pattern =
            regex_lite::Regex::new(r"\{workflow\.([^}]+)\}").map_err(|error| Error::Options(error.to_string()))?;
        let mut found = BTreeSet::new();
        for step in &self.steps {
            let body = step.request.body.as_ref().map(|body| body.get()).unwrap_or_default();
            let answer = step.response.body.as_ref().map(Value::to_string).unwrap_or_default();
            for text in [step.request.path.as_str(), body, &answer] {
                found.extend(pattern.captures_iter(text).filter_map(|name| Some(name.get(1)?.as_str().to_owned())));
            }
        }
        Ok(found)
    }
}

impl StepRequest {
    pub(super) fn to_request(&self, names: &Names) -> Result<Request, Error> {
        let (body, content_type) = if let Some(raw) = &self.raw {
            (names.fill(raw), self.content_type.clone())
        } else if let Some(repeat) = &self.repeat {
            let items = vec![repeat.item.clone(); repeat.count];
            let body = serde_json::json!({ repeat.key.as_str(): items }).to_string();
            (names.fill(&body), Some("application/json".to_owned()))
        } else if let Some(body) = &self.body {
            (names.fill(&spaced(body.get())), Some("application/json".to_owned()))
        } else {
            (String::new(), None)
        };
        let mut headers = self.headers.clone();
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE.to_string(), content_type);
        }
        let auth = self.auth.as_ref().map(|auth| names.fill(auth));
        request(&self.method, &names.fill(&self.path), &headers, auth.as_deref(), body.into_bytes())
    }
}

pub(super) fn request(
    method: &str,
    path: &str,
    headers: &BTreeMap<String, String>,
    auth: Option<&str>,
    body: Vec<u8>,
) -> Result<Request, Error> {
    let malformed = |error: String| Error::Options(format!("{method} {path} cannot be sent: {error}"));
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| malformed(error.to_string()))?;
        map.insert(name, HeaderValue::from_str(value).map_err(|error| malformed(error.to_string()))?);
    }
    if let Some(auth) = auth {
        map.insert(AUTHORIZATION, HeaderValue::from_str(auth).map_err(|error| malformed(error.to_string()))?);
    }
    Ok(Request {
        method: Method::from_bytes(method.as_bytes()).map_err(|error| malformed(error.to_string()))?,
        target: path.parse().map_err(|error: http::uri::InvalidUri| malformed(error.to_string()))?,
        headers: map,
        body,
    })
}

/// JSON text with one space after each comma and colon and no other white space: the spacing that was recorded, on
/// which the offsets in error messages depend.
fn spaced(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut quoted, mut escaped) = (false, false);
    for c in json.chars() {
        if quoted {
            out.push(c);
            quoted = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if !c.is_ascii_whitespace() {
            out.push(c);
            quoted = c == '"';
            if matches!(c, ',' | ':') {
                out.push(' ');
            }
        }
    }
    out
}

fn right_token() -> Option<String> {
    Some("Bearer {token}".to_owned())
}

/// A null that stands there is an expectation; an absent one is none.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_body_is_sent_with_the_recorded_spacing() {
        let json = "{\"a\":[1,\n 2],\"b, c\":\"x:\\\"y,z\\\\\",\"d\":{}}";
        assert_eq!(super::spaced(json), "{\"a\": [1, 2], \"b, c\": \"x:\\\"y,z\\\\\", \"d\": {}}");
    }
}
