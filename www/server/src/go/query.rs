//! Query strings as `net/url` splits them, and parameters as the generated handlers bind them.

use uuid::Uuid;

use super::quote::quote;
use super::text::push_utf8;
use super::time::{Instant, parse_date, parse_rfc3339};
use super::uuid::parse as parse_uuid;

/// The parameters of a query, in the order given.
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Splits at `&`. A pair that holds a semicolon or a broken escape is dropped, as Go drops it.
    pub(crate) fn parse(raw: Option<&str>) -> Self {
        let pairs = raw.unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !pair.contains(';'));
        Self(
            pairs
                .filter_map(|pair| {
                    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                    Some((unescape(key)?, unescape(value)?))
                })
                .collect(),
        )
    }

    /// Every value of a repeated parameter, or `None` where it is absent.
    pub(crate) fn strings(&self, name: &str) -> Option<Vec<String>> {
        let values: Vec<String> = self.values(name).map(str::to_owned).collect();
        (!values.is_empty()).then_some(values)
    }

    /// A parameter that may be given once.
    pub(crate) fn string(&self, name: &str) -> Result<Option<String>, String> {
        Ok(self.single(name)?.map(str::to_owned))
    }

    /// An integer.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, String> {
        let Some(text) = self.single(name)? else { return Ok(None) };
        parse_int(text).map(Some).map_err(|problem| {
            invalid(
                name,
                &format!("error binding string parameter: strconv.ParseInt: parsing {}: {problem}", quote(text)),
            )
        })
    }

    /// A UUID.
    pub(crate) fn uuid(&self, name: &str) -> Result<Option<Uuid>, String> {
        let Some(text) = self.single(name)? else { return Ok(None) };
        bind_uuid(text).map(Some).map_err(|problem| invalid(name, &problem))
    }

    /// UUIDs, one to each repetition.
    pub(crate) fn uuids(&self, name: &str) -> Result<Option<Vec<Uuid>>, String> {
        let Some(texts) = self.strings(name) else { return Ok(None) };
        let ids: Result<Vec<Uuid>, String> = texts.iter().map(|text| bind_uuid(text)).collect();
        ids.map(Some).map_err(|problem| invalid(name, &format!("error setting array element: {problem}")))
    }

    /// A boolean.
    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, String> {
        match self.single(name)? {
            None => Ok(None),
            Some("1" | "t" | "T" | "TRUE" | "true" | "True") => Ok(Some(true)),
            Some("0" | "f" | "F" | "FALSE" | "false" | "False") => Ok(Some(false)),
            Some(text) => {
                let problem = format!("strconv.ParseBool: parsing {}: invalid syntax", quote(text));
                Err(invalid(name, &format!("error binding string parameter: {problem}")))
            }
        }
    }

    /// A time or a date: the first one given. An empty one is the zero time.
    pub(crate) fn time(&self, name: &str) -> Result<Option<Instant>, String> {
        let Some(text) = self.values(name).next() else { return Ok(None) };
        if text.is_empty() {
            return Ok(Some(Instant::zero()));
        }
        let parsed = parse_rfc3339(text.as_bytes()).or_else(|_| parse_date(text.as_bytes()));
        parsed.map(Some).map_err(|problem| {
            invalid(name, &format!("error parsing '{text}' as RFC3339 or 2006-01-02 time: {problem}"))
        })
    }

    /// Refuses a parameter that must be there and is not.
    pub(crate) fn required<T>(name: &str, value: Option<T>) -> Result<T, String> {
        value.ok_or_else(|| invalid(name, &format!("query parameter '{name}' is required")))
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn single(&self, name: &str) -> Result<Option<&str>, String> {
        let mut values = self.values(name);
        let first = values.next();
        if values.next().is_some() {
            return Err(invalid(name, &format!("multiple values for single value parameter '{name}'")));
        }
        Ok(first)
    }
}

fn invalid(name: &str, problem: &str) -> String {
    format!("Invalid format for parameter {name}: {problem}")
}

fn bind_uuid(text: &str) -> Result<Uuid, String> {
    parse_uuid(text).map_err(|problem| format!("error unmarshaling '{text}' text as *uuid.UUID: {problem}"))
}

/// `strconv.ParseInt(text, 10, 64)`.
fn parse_int(text: &str) -> Result<i64, &'static str> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("invalid syntax");
    }
    text.parse().map_err(|_| "value out of range")
}

/// `url.QueryUnescape`; `None` where an escape is broken.
fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? << 4 | digit()?).ok()?
            }
            other => other,
        });
    }
    let mut out = String::with_capacity(bytes.len());
    push_utf8(&mut out, &bytes);
    Some(out)
}
