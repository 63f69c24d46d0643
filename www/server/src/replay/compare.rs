//! The comparison of an answer with what was recorded.

use std::fmt;

use serde_json::Value;
use uuid::Uuid;

use super::names::Names;
use super::recording::Step;
use super::transport::Reply;
use crate::wire::runs::is_traceparent;

/// One difference.
#[derive(Debug)]
pub(super) struct Difference {
    place: String,
    expected: String,
    found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: recorded {}, answered {}", self.place, self.expected, self.found)
    }
}

/// Status, recorded headers and body. Ids deleted by a filter, and errors, may come in any order.
pub(super) fn compare(step: &Step, reply: &Reply, body: Option<&Value>, names: &Names) -> Vec<Difference> {
    let mut comparison = Comparison { names, differences: Vec::new() };
    let (expected, found) = (step.response.status, reply.status.as_u16());
    if expected != found {
        comparison.differ(
            "status",
            &expected.to_string(),
            &format!("{found} {}", String::from_utf8_lossy(&reply.body)),
        );
    }
    for (name, expected) in &step.response.headers {
        let found = reply.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        match &found {
            Some(found) if comparison.text_matches(expected, found) => {}
            Some(found) => comparison.differ(&format!("header {name}"), expected, found),
            None => comparison.differ(&format!("header {name}"), expected, "nothing"),
        }
    }
    match (&step.response.body, body) {
        (Some(expected), Some(found)) => comparison.value("body", expected, found),
        (Some(expected), None) if !(expected.is_null() && reply.body.is_empty()) => {
            comparison.differ("body", &expected.to_string(), &String::from_utf8_lossy(&reply.body));
        }
        _ => {}
    }
    if let Some(expected) = &step.response.text {
        let found = String::from_utf8_lossy(&reply.body);
        if !comparison.text_matches(expected, &found) {
            comparison.differ("text", expected, &found);
        }
    }
    comparison.differences
}

struct Comparison<'a> {
    names: &'a Names,
    differences: Vec<Difference>,
}

impl Comparison<'_> {
    fn value(&mut self, place: &str, expected: &Value, found: &Value) {
        match (expected, found) {
            (Value::Object(wanted), Value::Object(answer)) => {
                for (key, expected) in wanted {
                    match answer.get(key) {
                        Some(found) => self.value(&format!("{place}.{key}"), expected, found),
                        None => self.differ(&format!("{place}.{key}"), &expected.to_string(), "nothing"),
                    }
                }
                for (key, found) in answer.iter().filter(|(key, _)| !wanted.contains_key(*key)) {
                    self.differ(&format!("{place}.{key}"), "nothing", &found.to_string());
                }
            }
            (Value::Object(wanted), Value::Array(found)) if wanted.contains_key("repeat") => {
                let count = expected.pointer("/repeat/count").and_then(Value::as_u64).unwrap_or_default();
                let item = expected.pointer("/repeat/item").cloned().unwrap_or_default();
                if u64::try_from(found.len()) != Ok(count) {
                    self.differ(place, &format!("{count} entries"), &format!("{} entries", found.len()));
                }
                for (index, found) in found.iter().enumerate() {
                    self.value(&format!("{place}[{index}]"), &item, found);
                }
            }
            (Value::Array(wanted), Value::Array(answer)) => self.array(place, wanted, answer),
            (Value::String(wanted), Value::String(answer)) if self.text_matches(wanted, answer) => {}
            (Value::String(wanted), Value::Number(answer)) if wanted == "{number}" && answer.is_i64() => {}
            (Value::Number(wanted), Value::Number(answer)) if wanted.as_f64() == answer.as_f64() => {}
            _ if expected == found => {}
            _ => self.differ(place, &self.names.fill(&expected.to_string()), &found.to_string()),
        }
    }

    fn array(&mut self, place: &str, wanted: &[Value], answer: &[Value]) {
        if wanted.len() != answer.len() {
            self.differ(place, &format!("{} entries", wanted.len()), &format!("{} entries", answer.len()));
            return;
        }
        let ordered = if place == "body.deletedIds" { self.reordered(wanted, answer) } else { answer.to_vec() };
        for (index, (expected, found)) in wanted.iter().zip(&ordered).enumerate() {
            self.value(&format!("{place}[{index}]"), expected, found);
        }
    }

    /// The answer's entries in the recorded order: what is named first, and the rest for what may be anything.
    fn reordered(&self, wanted: &[Value], answer: &[Value]) -> Vec<Value> {
        let mut rest = answer.to_vec();
        let named: Vec<Option<Value>> = wanted
            .iter()
            .map(|expected| {
                let filled = self.names.fill(expected.as_str().unwrap_or_default());
                let at = rest.iter().position(|found| found.as_str() == Some(filled.as_str()))?;
                Some(rest.remove(at))
            })
            .collect();
        let mut rest = rest.into_iter();
        named.into_iter().filter_map(|found| found.or_else(|| rest.next())).collect()
    }

    fn text_matches(&self, expected: &str, found: &str) -> bool {
        match expected {
            "{uuid}" => Uuid::parse_str(found).is_ok(),
            "{time}" => chrono::DateTime::parse_from_rfc3339(found).is_ok(),
            "{cookie}" => found.contains('='),
            "{traceparent}" => is_traceparent(found),
            _ => with_numbers(&self.names.fill(expected), found),
        }
    }

    fn differ(&mut self, place: &str, expected: &str, found: &str) {
        let short = |text: &str| text.chars().take(400).collect();
        self.differences.push(Difference { place: place.to_owned(), expected: short(expected), found: short(found) });
    }
}

/// Whether the text is as expected, with digits wherever a number may be any.
fn with_numbers(expected: &str, found: &str) -> bool {
    let mut parts = expected.split("{number}");
    let mut rest = found.strip_prefix(parts.next().unwrap_or_default());
    for part in parts {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        rest = rest.filter(|rest| digits(rest) > 0).and_then(|rest| rest.get(digits(rest)..)?.strip_prefix(part));
    }
    rest == Some("")
}

#[cfg(test)]
mod tests {
    use super::with_numbers;

    #[test]
    fn a_number_may_stand_anywhere_in_a_text_and_nothing_else_may() {
        assert!(with_numbers("simple-{number}", "simple-1795802591150"));
        assert!(with_numbers("{number} of {number}.", "1 of 20."));
        for other in ["simple-", "simple-x", "simple-1x", "simple", "plain-1", "x simple-1"] {
            assert!(!with_numbers("simple-{number}", other), "{other}");
        }
        assert!(with_numbers("as it is", "as it is") && !with_numbers("as it is", "as it is not"));
    }
}
