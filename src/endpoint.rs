//! An endpoint is data: a type that knows its method, path, query and body, and how to read its answer. Encoding and
//! decoding are pure.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::Error;
use crate::invalid::Invalid;
use crate::json::Json;
use crate::platform::{Headers, HttpMethod, Request};
use crate::retry::Replay;
use crate::text::quoted;

/// A query, parameter by parameter, in the order they are sent.
#[derive(Debug, Default)]
pub struct Query(String);

impl Query {
    /// Adds a parameter.
    pub fn add(&mut self, name: &str, value: &str) {
        self.0.push(if self.0.is_empty() { '?' } else { '&' });
        self.0.push_str(name);
        self.0.push('=');
        self.0.push_str(&escape(value));
    }

    /// Adds a parameter that has a value.
    pub fn add_some(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    /// Adds a number that is given.
    pub fn add_count(&mut self, name: &str, count: Option<usize>) {
        if let Some(count) = count {
            self.add(name, &count.to_string());
        }
    }
}

/// One of Hatchet's calls.
pub trait Endpoint {
    /// The call's name in errors and events.
    const NAME: &'static str;
    /// Its method.
    const METHOD: HttpMethod;
    /// How safely it may be sent again when its fate is unknown.
    const REPLAY: Replay;
    /// What its answer holds.
    type Response;

    /// The path below `/api/v1/tenants/{tenant}/workflows`, encoded.
    fn path(&self) -> String;

    /// The query.
    fn query(&self) -> Query {
        Query::default()
    }

    /// The JSON body.
    fn body(&self) -> Option<String> {
        None
    }

    /// Reads what the body of a 2xx answer holds.
    ///
    /// # Errors
    /// Says where it is not what Hatchet sends.
    fn read(json: Json<'_>) -> Result<Self::Response, Invalid>;

    /// Reads the body of a 2xx answer.
    ///
    /// # Errors
    /// Says where the answer is not what Hatchet sends.
    fn decode(body: &str) -> Result<Self::Response, Error> {
        from_json(body).and_then(|json| Self::read(json).map_err(Error::decode))
    }
}

/// What an endpoint says of itself, without its type: the attempt loop is compiled once for all of them.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) method: HttpMethod,
    pub(crate) replay: Replay,
    pub(crate) path: String,
    pub(crate) body: Option<String>,
}

impl Message {
    pub(crate) fn of<E: Endpoint>(endpoint: &E) -> Self {
        let mut path = endpoint.path();
        path.push_str(&endpoint.query().0);
        Self { method: E::METHOD, replay: E::REPLAY, path, body: endpoint.body() }
    }
}

/// What goes along with a message into a request.
#[derive(Debug)]
pub(crate) struct Envelope<'a> {
    pub(crate) base: &'a str,
    pub(crate) authorization: String,
    pub(crate) headers: [&'a Headers; 2],
    pub(crate) keepalive: bool,
}

/// Makes the request, complete. Of two headers with one name the later in `envelope.headers` wins.
pub(crate) fn encode(message: &Message, envelope: &Envelope<'_>) -> Request {
    let mut headers = Headers::new();
    for (name, value) in envelope.headers.into_iter().flatten() {
        if let Some(place) = headers.iter().position(|(known, _)| known.eq_ignore_ascii_case(name)) {
            headers.remove(place);
        }
        headers.push((name.clone(), value.clone()));
    }
    headers.push(("authorization".to_owned(), envelope.authorization.clone()));
    if message.body.is_some() {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    Request {
        method: message.method,
        url: format!("{}{}", envelope.base, message.path),
        headers,
        body: message.body.clone(),
        keepalive: envelope.keepalive,
    }
}

/// Encodes a path segment or a query value: all but unreserved characters.
pub(crate) fn escape(text: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(text, KEPT).to_string()
}

/// Reads a JSON answer.
fn from_json(body: &str) -> Result<Json<'_>, Error> {
    if let Some(json) = Json::parse(body) {
        return Ok(json);
    }
    let start: String = body.chars().take(40).collect();
    let reason = match start.as_str() {
        "" => "the body is empty".to_owned(),
        start => format!("no JSON, it starts with {}", quoted(start)),
    };
    Err(Error::decode(Invalid::new("", reason)))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::operations::List;

    /// The request on the wire: method, URL below the tenant, headers but for the token, body.
    pub(crate) fn wire<E: Endpoint>(endpoint: &E) -> String {
        let none = Headers::new();
        let envelope =
            Envelope { base: "~", authorization: "Bearer t".into(), headers: [&none, &none], keepalive: false };
        let request = encode(&Message::of(endpoint), &envelope);
        let mut text = format!("{} {}", request.method.as_str(), request.url);
        for (name, value) in request.headers.iter().filter(|(name, _)| name != "authorization") {
            text.push_str(&format!("\n{name}: {value}"));
        }
        if let Some(body) = &request.body {
            text.push_str(&format!("\n\n{body}"));
        }
        text
    }

    struct Ping;

    impl Endpoint for Ping {
        const NAME: &'static str = "ping";
        const METHOD: HttpMethod = HttpMethod::Get;
        const REPLAY: Replay = Replay::Safe;
        type Response = ();

        fn path(&self) -> String {
            "/ping".to_owned()
        }

        fn read(_: Json<'_>) -> Result<(), Invalid> {
            Ok(())
        }
    }

    #[test]
    fn headers_of_the_call_win_over_those_of_the_client() {
        let client: Headers = vec![("X-Team".into(), "a".into()), ("x-app".into(), "b".into())];
        let call: Headers = vec![("x-team".into(), "c".into())];
        let envelope = Envelope {
            base: "https://h.example",
            authorization: "Bearer t".into(),
            headers: [&client, &call],
            keepalive: true,
        };
        let request = encode(&Message::of(&Ping), &envelope);
        let expected = [("x-app", "b"), ("x-team", "c"), ("authorization", "Bearer t")];
        assert_eq!(request.headers, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert!(request.keepalive);
        assert!(!format!("{request:?}").contains("Bearer"), "the token stays out of debug output");
    }

    #[test]
    fn a_wrong_answer_is_told_with_its_place() {
        let told = |body: &str| List::decode(body).unwrap_err().to_string();
        let pagination = r#""pagination":{"current_page":1,"next_page":1,"num_pages":1}"#;
        insta::assert_snapshot!(
            [
                told(&format!(r#"{{"rows":[],{}}}"#, pagination.replace("1,\"next", "\"x\",\"next"))),
                told(&format!(r#"{{"rows":[{{"metadata":{{"id":7}}}}],{pagination}}}"#)),
                told(&format!(r#"{{"rows":"none",{pagination}}}"#)),
                told(r#"{"rows":[]}"#),
                told("<html><title>Sign in</title>"),
                told(""),
            ]
            .join("\n"),
            @r#"
        the answer is not what Hatchet sends, at pagination.current_page: expected a whole number, got a string
        the answer is not what Hatchet sends, at rows[0].metadata.id: expected a string, got a number
        the answer is not what Hatchet sends, at rows: expected an array, got a string
        the answer is not what Hatchet sends: missing field `pagination`
        the answer is not what Hatchet sends: no JSON, it starts with "<html><title>Sign in</title>"
        the answer is not what Hatchet sends: the body is empty
        "#
        );
    }
}
