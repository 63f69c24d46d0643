//! Answers with a part of them broken: each decoder reads what is left, or says what is wrong.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::error::Error;
use crate::http::Body;
use crate::model::OrderByField;

/// The bodies that live servers answered.
fn bodies() -> Vec<Json> {
    let recordings =
        [include_str!("../../tests/recordings/scheduled.json"), include_str!("../../tests/recordings/runs.json")];
    let text =
        recordings.map(|text| text.replace("{uuid}", crate::testing::UUID).replace("{time}", "2026-11-23T10:00:00Z"));
    let parsed = text.iter().map(|text| serde_json::from_str::<Json>(text).unwrap());
    parsed
        .flat_map(|recording| recording["steps"].as_array().unwrap().clone())
        .filter_map(|mut step| Some(step["response"].get_mut("body")?.take()))
        .collect()
}

/// The place of each part of a value.
fn places(value: &Json, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    let mut under =
        |key: &str, part| places(part, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found);
    match value {
        Json::Object(members) => members.iter().for_each(|(key, part)| under(key, part)),
        Json::Array(items) => items.iter().enumerate().for_each(|(place, part)| under(&place.to_string(), part)),
        _ => {}
    }
}

/// What nobody sends in such a place.
fn part() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
        "[-+]?[0-9]{1,6}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.,][0-9]{0,12})?(Z|[-+][0-9:]{0,6})?"
            .prop_map(Json::from),
        "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}".prop_map(Json::from),
        prop::sample::select(
            &[
                "",
                "\0",
                "%",
                "%zz",
                "%e0%a4",
                "\u{feff}",
                "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59.9999999Z",
                "SUCCEEDED",
                "API"
            ][..]
        )
        .prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let key = prop_oneof![
            any::<String>(),
            Just("__proto__".to_owned()),
            Just("id".to_owned()),
            Just("metadata".to_owned())
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map(key, inner, 0..4)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

/// Reads a body as the answer of one call; what is read can be used.
fn decoded<E: Endpoint>(body: &Body) -> Result<(), TestCaseError> {
    E::decode(body.clone()).map(|_| ()).or_else(|error| told(&error))
}

fn told(error: &Error) -> Result<(), TestCaseError> {
    let text = error.to_string();
    prop_assert!(text.starts_with("the answer is not what Hatchet sends"), "{}", text);
    prop_assert!(text.len() < 100_000, "as long as {}", text.len());
    Ok(())
}

/// Reads a body as the answer of every call.
fn read_as_all(body: &Body) -> Result<(), TestCaseError> {
    decoded::<Access>(body)?;
    decoded::<BulkDelete>(body)?;
    decoded::<BulkUpdate>(body)?;
    decoded::<Create>(body)?;
    decoded::<Delete>(body)?;
    decoded::<Get>(body)?;
    decoded::<Pause<'_>>(body)?;
    decoded::<Trigger>(body)?;
    decoded::<Update>(body)?;
    decoded::<WorkflowRun>(body)?;
    decoded::<WorkflowRuns<'_>>(body)?;
    decoded::<WorkflowVersion<'_>>(body)?;
    decoded::<Workflows<'_>>(body)?;
    match List::decode(body.clone()) {
        Ok(page) => {
            let rows = page.rows;
            let places = [OrderByField::TriggerAt, OrderByField::CreatedAt]
                .map(|order| rows.places(order).map(|places| places.len()));
            let heads = rows.heads().map(<[_]>::len);
            for count in places.into_iter().chain([heads]).flatten() {
                prop_assert_eq!(count, rows.len());
            }
            Ok(())
        }
        Err(error) => told(&error),
    }
}

proptest! {
    #[test]
    fn an_answer_with_a_part_broken_is_read_or_refused_in_words(
        mut body in prop::sample::select(bodies()),
        place in any::<prop::sample::Index>(),
        part in part(),
        kept in 0..4_u8,
    ) {
        let mut all = Vec::new();
        places(&body, "", &mut all);
        let at = place.get(&all);
        match at.rsplit_once('/') {
            Some((holder, key)) if kept == 0 => {
                let key = key.replace("~1", "/").replace("~0", "~");
                match body.pointer_mut(holder) {
                    Some(Json::Object(members)) => drop(members.remove(&key)),
                    Some(Json::Array(items)) => drop(items.remove(key.parse().unwrap())),
                    _ => {}
                }
            }
            _ => *body.pointer_mut(at).unwrap() = part,
        }
        read_as_all(&Body::new(&body.to_string()))?;
    }

    #[test]
    fn an_answer_of_broken_bytes_is_read_or_refused_in_words(
        body in prop::sample::select(bodies()),
        place in any::<prop::sample::Index>(),
        bytes in prop::collection::vec(any::<u8>(), 0..8),
        taken in 0..8_usize,
        cut in any::<bool>(),
    ) {
        let mut broken = body.to_string().into_bytes();
        let at = place.index(broken.len());
        let end = if cut { broken.len() } else { (at + taken).min(broken.len()) };
        broken.splice(at..end, bytes);
        read_as_all(&Body::new(&String::from_utf8_lossy(&broken)))?;
    }
}
