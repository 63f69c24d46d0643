//! A time as callers say it, read by serde.

use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Unexpected, Visitor};

use super::{Delay, Disambiguation, TriggerTime};

impl<'de> Deserialize<'de> for TriggerTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Said)
    }
}

/// The objects that say when.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Object {
    /// Of a `Date` or a `Temporal` object: these are exact, so none look like seconds.
    epoch_milliseconds: Option<f64>,
    local: Option<String>,
    time_zone: Option<String>,
    disambiguation: Option<Disambiguation>,
    r#in: Option<Delay>,
}

struct Said;

impl<'de> Visitor<'de> for Said {
    type Value = TriggerTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a Date, milliseconds since 1970, ISO 8601 with Z or an offset, a Temporal.Instant or ZonedDateTime, { local, \
             timeZone } or { in }",
        )
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<TriggerTime, E> {
        Ok(TriggerTime::Text(text.to_owned()))
    }

    fn visit_f64<E: Error>(self, millis: f64) -> Result<TriggerTime, E> {
        Ok(TriggerTime::EpochMillis(millis))
    }

    fn visit_i64<E: Error>(self, millis: i64) -> Result<TriggerTime, E> {
        self.visit_f64(millis as f64)
    }

    fn visit_u64<E: Error>(self, millis: u64) -> Result<TriggerTime, E> {
        self.visit_f64(millis as f64)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<TriggerTime, A::Error> {
        match Object::deserialize(MapAccessDeserializer::new(members))? {
            Object { epoch_milliseconds: Some(millis), .. } => {
                TriggerTime::from_date(millis).map_err(|invalid| A::Error::custom(invalid.reason.as_str()))
            }
            Object { local: Some(local), time_zone, disambiguation, .. } => Ok(TriggerTime::Local {
                local,
                time_zone: time_zone.ok_or_else(|| A::Error::missing_field("timeZone"))?,
                disambiguation: disambiguation.unwrap_or_default(),
            }),
            Object { time_zone: Some(_), .. } => Err(A::Error::missing_field("local")),
            Object { r#in: Some(delay), .. } => Ok(TriggerTime::In(delay)),
            Object { disambiguation: Some(_), .. } => Err(A::Error::missing_field("local")),
            _ => Err(A::Error::invalid_type(Unexpected::Map, &self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    fn said(text: &str) -> Result<TriggerTime, String> {
        Value::parse(text).unwrap().read().map_err(|invalid| invalid.to_string())
    }

    #[test]
    fn every_way_of_saying_when_is_read() {
        let local = |disambiguation| TriggerTime::Local {
            local: "2026-10-25T02:30".into(),
            time_zone: "Europe/Berlin".into(),
            disambiguation,
        };
        let (local_text, date) = (r#""local":"2026-10-25T02:30","timeZone":"Europe/Berlin""#, 1_924_992_000_000.0);
        assert_eq!(said("\"soon\""), Ok(TriggerTime::Text("soon".into())));
        assert_eq!(said("1924992000000"), Ok(TriggerTime::EpochMillis(date)));
        assert_eq!(said("-0.5"), Ok(TriggerTime::EpochMillis(-0.5)));
        assert_eq!(
            said(r#"{"epochMilliseconds":1924992000000}"#),
            TriggerTime::from_date(date).map_err(|_| String::new())
        );
        assert_eq!(said(&format!("{{{local_text}}}")), Ok(local(Disambiguation::Compatible)));
        assert_eq!(said(&format!(r#"{{{local_text},"disambiguation":"reject"}}"#)), Ok(local(Disambiguation::Reject)));
        assert_eq!(said(r#"{"in":"90s"}"#), Ok(TriggerTime::In(Delay::Text("90s".into()))));
        assert_eq!(said(r#"{"in":90}"#), Ok(TriggerTime::In(Delay::Millis(90.0))));
    }

    #[test]
    fn what_says_no_time_is_refused_with_its_place() {
        let told = |text: &str| said(text).unwrap_err();
        insta::assert_snapshot!(
            [
                told("null"),
                told("[]"),
                told("{}"),
                told(r#"{"local":"2026-10-25T02:30"}"#),
                told(r#"{"timeZone":"UTC"}"#),
                told(r#"{"local":"x","timeZone":"UTC","disambiguation":"first"}"#),
                told(r#"{"in":"1h","at":1}"#),
                told(r#"{"in":true}"#),
            ]
            .join("\n"),
            @r#"
        expected a Date, milliseconds since 1970, ISO 8601 with Z or an offset, a Temporal.Instant or ZonedDateTime, { local, timeZone } or { in }, got null
        expected a Date, milliseconds since 1970, ISO 8601 with Z or an offset, a Temporal.Instant or ZonedDateTime, { local, timeZone } or { in }, got an array
        expected a Date, milliseconds since 1970, ISO 8601 with Z or an offset, a Temporal.Instant or ZonedDateTime, { local, timeZone } or { in }, got an object
        timeZone: is missing
        local: is missing
        disambiguation: must be one of compatible, earlier, later, reject
        at: unknown key "at": known keys are epochMilliseconds, local, timeZone, disambiguation, in
        in: expected a text such as "15m", or milliseconds, got a boolean
        "#
        );
    }
}
