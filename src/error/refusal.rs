//! An answer that says no, whichever way it says so.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::http::{Body, Headers, Response, retry_after};
use crate::value::{Value, quoted};

/// The most of a body that is not JSON that is shown in a message, in characters.
const SHOWN_TEXT: usize = 300;

/// An answer with a status that is no success.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The server's words, from whichever of its error bodies came; never empty.
    pub errors: Vec<ErrorDetail>,
    /// The body.
    pub body: Body,
    /// The headers that the platform can see, less `set-cookie`.
    pub headers: Headers,
    /// How long the server asks to wait.
    pub retry_after: Option<Duration>,
}

/// One of the server's complaints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorDetail {
    /// In words.
    pub description: String,
    /// Hatchet's own code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// The field that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl ErrorDetail {
    /// A complaint that says no more than this.
    pub(crate) fn new(description: impl Into<String>) -> Self {
        Self { description: description.into(), code: None, field: None }
    }
}

/// Hatchet's error bodies, of both kinds, and a bare description.
#[derive(Deserialize)]
struct Said {
    errors: Option<Vec<Value>>,
    message: Option<Value>,
    description: Option<Value>,
    error: Option<Value>,
}

impl Refusal {
    /// What is said of a workflow that is not there; `field` is where it was named.
    pub(crate) fn unknown_workflow(name: &str, field: &str) -> Self {
        let description = format!("there is no workflow {}", quoted(name));
        Self {
            status: 404,
            errors: vec![ErrorDetail { description, code: None, field: Some(field.to_owned()) }],
            body: Body::new("null"),
            headers: Vec::new(),
            retry_after: None,
        }
    }

    /// Reads an answer: Hatchet's error bodies, `null`, a gateway's HTML page, text, nothing. Waits that it asks for as a
    /// date count from its own, or else from `now`.
    pub fn new(response: Response, now: DateTime<Utc>) -> Self {
        let retry_after = retry_after(&response, now);
        let redirect = redirect(&response).map(ErrorDetail::new);
        let Response { status, mut headers, body } = response;
        let mut errors = match (redirect, &body) {
            (Some(redirect), _) => vec![redirect],
            (None, Body::Json(body)) => body.read().map(described).unwrap_or_default(),
            (None, Body::Text(_)) => Vec::new(),
        };
        if errors.is_empty() {
            let shown = match &body {
                Body::Json(body) if body.is_null() => String::new(),
                Body::Json(body) => body.as_text().map_or_else(|| body.to_text().to_string(), |text| readable(&text)),
                Body::Text(text) => readable(text),
            };
            errors.push(ErrorDetail::new(if shown.is_empty() { "the answer says no more".to_owned() } else { shown }));
        }
        headers.retain(|(name, _)| !name.eq_ignore_ascii_case("set-cookie"));
        Self { status, errors, body, headers, retry_after }
    }
}

/// What is told of a redirect. None is followed: across origins the token would be lost, and a POST may become a GET.
fn redirect(response: &Response) -> Option<String> {
    match response.status {
        // A browser shows nothing of one.
        0 => Some("the address redirects, and a browser does not say where to".to_owned()),
        300..=399 => Some(match response.header("location") {
            Some(location) => format!("the address redirects to {location}"),
            None => "the address redirects, and does not say where to".to_owned(),
        }),
        _ => None,
    }
}

fn described(said: Said) -> Vec<ErrorDetail> {
    let words = |value: Option<Value>| {
        let text = value?.as_text()?.trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    let mut errors = Vec::new();
    for error in said.errors.into_iter().flatten() {
        if let Some(description) = words(error.get("description")) {
            let code = error.get("code").and_then(|code| code.read().ok());
            errors.push(ErrorDetail { description, code, field: words(error.get("field")) });
        }
    }
    if errors.is_empty() {
        let bare = words(said.message).or_else(|| words(said.description)).or_else(|| words(said.error));
        errors.extend(bare.map(ErrorDetail::new));
    }
    errors
}

fn find_tag(text: &str, tag: &str) -> Option<usize> {
    text.as_bytes().windows(tag.len()).position(|window| window.eq_ignore_ascii_case(tag.as_bytes()))
}

/// The words of a page: the title of HTML, else its text without tags; cut to what a message can hold.
pub(crate) fn readable(text: &str) -> String {
    let title = find_tag(text, "<title>").and_then(|start| {
        let rest = text.get(start + "<title>".len()..)?;
        rest.get(..find_tag(rest, "</title>")?)
    });
    let mut words = String::new();
    let mut length = 0;
    let (mut in_tag, mut between) = (false, false);
    for character in title.unwrap_or(text).chars() {
        let ends_tag = in_tag && character == '>';
        in_tag = character == '<' || in_tag && !ends_tag;
        if ends_tag || character.is_whitespace() {
            between = true;
        } else if !in_tag {
            if between && !words.is_empty() {
                words.push(' ');
                length += 1;
            }
            between = false;
            if length >= SHOWN_TEXT {
                words.push('…');
                break;
            }
            words.push(character);
            length += 1;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn told(status: u16, body: &str) -> String {
        let response = Response { status, headers: Vec::new(), body: Body::new(body) };
        Error::refused(Refusal::new(response, DateTime::UNIX_EPOCH)).in_operation("get").to_string()
    }

    #[test]
    fn every_body_ends_up_readable() {
        insta::assert_snapshot!(
            [
                told(400, r#"{"errors":[{"description":"workflow not found"}]}"#),
                told(400, r#"{"errors":[{"description":"a","code":7,"field":"priority"},{"description":"b"}]}"#),
                told(404, r#"{"message":"scheduled workflow run not found"}"#),
                told(403, r#"{"description":"cannot delete"}"#),
                told(403, "null"),
                told(502, "<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>"),
                told(502, "<p>upstream\n <b>gone</b></p>"),
                told(500, ""),
                told(500, r#"{"errors":[]}"#),
                told(418, "short and stout"),
                told(500, &"é".repeat(400)).chars().skip(295).collect(),
                told(302, "<title>Moved</title>"),
                told(0, ""),
            ]
            .join("\n"),
            @r#"
        get: workflow not found (HTTP 400)
        get: a; b (HTTP 400)
        get: scheduled workflow run not found (HTTP 404)
        get: cannot delete (HTTP 403)
        get: the answer says no more (HTTP 403)
        get: 502 Bad Gateway (HTTP 502)
        get: upstream gone (HTTP 502)
        get: the answer says no more (HTTP 500)
        get: {"errors":[]} (HTTP 500)
        get: short and stout (HTTP 418)
        éééééééééé… (HTTP 500)
        get: the address redirects, and does not say where to (HTTP 302)
        get: the address redirects, and a browser does not say where to
        "#
        );
    }

    #[test]
    fn a_redirect_is_told_with_where_it_leads() {
        let headers = vec![("Location".to_owned(), "https://h.example/api".to_owned())];
        let response = Response { status: 301, headers, body: Body::new("") };
        let refusal = Refusal::new(response, DateTime::UNIX_EPOCH);
        assert_eq!(refusal.errors, [ErrorDetail::new("the address redirects to https://h.example/api")]);
    }

    #[test]
    fn cookies_stay_out_of_errors() {
        let headers = vec![("Set-Cookie".to_owned(), "hatchet=1".to_owned()), ("x-id".to_owned(), "7".to_owned())];
        let response = Response { status: 403, headers, body: Body::new("") };
        assert_eq!(Refusal::new(response, DateTime::UNIX_EPOCH).headers, [("x-id".to_owned(), "7".to_owned())]);
    }
}
