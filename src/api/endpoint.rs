//! An endpoint is data: a type that knows its method, path, query and body, and how to read its answer. Encoding and
//! decoding are pure.

use chrono::{DateTime, Utc};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::error::{Error, readable};
use crate::http::{Body, HttpMethod, Replay, Response};
use crate::value::{Invalid, Text, Value, quoted};

/// Below which address a path stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// `{server}/api/v1/tenants/{tenant}/workflows`.
    Workflows,
    /// `{server}/api/v1/stable/tenants/{tenant}`.
    Tenant,
    /// `{server}`.
    Server,
}

/// One of Hatchet's calls.
pub trait Endpoint {
    /// The call's name in errors and events.
    const NAME: &'static str;
    /// Its method.
    const METHOD: HttpMethod;
    /// How safely it may be sent again when its fate is unknown.
    const REPLAY: Replay;
    /// Below which address its path stands.
    const PLACE: Place = Place::Workflows;
    /// The status of a success.
    const SUCCESS: u16 = 200;
    /// What its answer holds.
    type Response;

    /// The path below its [`PLACE`](Self::PLACE), encoded.
    fn path(&self) -> String;

    /// The query, encoded; empty for none.
    fn query(&self) -> String {
        String::new()
    }

    /// The JSON body.
    fn body(&self) -> Option<Text> {
        None
    }

    /// Reads what the body of a success holds.
    ///
    /// # Errors
    /// Says where it is not what Hatchet sends.
    fn read(value: Value) -> Result<Self::Response, Invalid>;

    /// When the server made what its answer holds, where it did so for this very request.
    fn made_at(_: &Self::Response) -> Option<DateTime<Utc>> {
        None
    }

    /// Reads the body of a success.
    ///
    /// # Errors
    /// Says where the answer is not what Hatchet sends.
    fn decode(body: Body) -> Result<Self::Response, Error> {
        match body {
            Body::Json(value) => Self::read(value).map_err(Error::decode),
            Body::Text(text) => Err(not_json(&text)),
        }
    }
}

/// What an endpoint says of itself, without its type: the attempt loop is compiled once for all of them.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) method: HttpMethod,
    pub(crate) replay: Replay,
    pub(crate) success: u16,
    pub(crate) place: Place,
    pub(crate) path: String,
    pub(crate) body: Option<Text>,
}

impl Message {
    pub(crate) fn of<E: Endpoint>(endpoint: &E) -> Self {
        let mut path = endpoint.path();
        let query = endpoint.query();
        if !query.is_empty() {
            path.push('?');
            path.push_str(&query);
        }
        Self { method: E::METHOD, replay: E::REPLAY, success: E::SUCCESS, place: E::PLACE, path, body: endpoint.body() }
    }
}

/// Encodes a query. What is `None` is left out, and a list is as many parameters.
pub(super) fn encode_query<T: Serialize>(query: &T) -> String {
    // Queries are plain structures of words and numbers, which have such a form.
    serde_html_form::to_string(query).unwrap_or_default()
}

/// Encodes a path segment, or what is kept in metadata: all but unreserved characters.
pub(crate) fn escape(text: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(text, KEPT).to_string()
}

/// Tells an answer that should have been JSON as what it is.
fn not_json(text: &str) -> Error {
    let start = text.trim_start();
    let reason = if start.is_empty() {
        "the body is empty".to_owned()
    } else if start.starts_with('<') {
        format!("it is a page, {}: is serverUrl the address of Hatchet's API?", quoted(&readable(text)))
    } else {
        format!("no JSON, it starts with {}", quoted(&text.chars().take(40).collect::<String>()))
    };
    Error::decode(Invalid::new("", reason))
}

/// Tells an answer of a status that is a success, but not this call's.
pub(crate) fn not_a_success(expected: u16, response: &Response) -> Error {
    let what = match &response.body {
        Body::Text(text) if text.trim_start().starts_with('<') => format!(", with a page, {}", quoted(&readable(text))),
        _ => String::new(),
    };
    let reason =
        format!("expected HTTP {expected}, got {}{what}: is serverUrl the address of Hatchet's API?", response.status);
    Error::decode(Invalid::new("", reason))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::api::List;

    /// The request on the wire: method, URL below the tenant, body.
    pub(crate) fn wire<E: Endpoint>(endpoint: &E) -> String {
        let message = Message::of(endpoint);
        let mut text = format!("{} ~{}", message.method.as_str(), message.path);
        if let Some(body) = &message.body {
            text.push_str(&format!("\n\n{body}"));
        }
        text
    }

    #[test]
    fn a_wrong_answer_is_told_with_its_place() {
        let told = |body: &str| List::decode(Body::new(body)).unwrap_err().to_string();
        let pagination = r#""pagination":{"current_page":1,"next_page":1,"num_pages":1}"#;
        insta::assert_snapshot!(
            [
                told(&format!(r#"{{"rows":[],{}}}"#, pagination.replace("1,\"next", "\"x\",\"next"))),
                told(&format!(r#"{{"rows":[{{"metadata":{{"id":7}}}}],{pagination}}}"#)),
                told(&format!(r#"{{"rows":"none",{pagination}}}"#)),
                told(r#"{"rows":[]}"#),
                told("<html><title>Sign in</title>"),
                told("OK"),
                told(""),
            ]
            .join("\n"),
            @r#"
        the answer is not what Hatchet sends, at pagination.current_page: expected a number, got a string
        the answer is not what Hatchet sends, at rows[0].metadata.id: expected a string, got a number
        the answer is not what Hatchet sends, at rows: expected an array, got a string
        the answer is not what Hatchet sends, at pagination: is missing
        the answer is not what Hatchet sends: it is a page, "Sign in": is serverUrl the address of Hatchet's API?
        the answer is not what Hatchet sends: no JSON, it starts with "OK"
        the answer is not what Hatchet sends: the body is empty
        "#
        );
    }
}
