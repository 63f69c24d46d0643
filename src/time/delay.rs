//! How long from now.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use super::iso;
use crate::value::quoted;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// A length of time from now.
#[derive(Debug, Clone, PartialEq)]
pub enum Delay {
    /// Milliseconds; a fraction is rounded, half a millisecond up.
    Millis(f64),
    /// Either whole numbers with the units `w`, `d`, `h`, `m`, `s` and `ms`, from large to small and each at most once
    /// (`90s`, `1h30m`), or an ISO 8601 duration (`PT15M`, `P1DT2H`, `P2W`). The last number may have a fraction of up
    /// to nine digits (`1.5h`, `PT0,25S`).
    ///
    /// A day is 24 hours and a week seven of them, whatever the clocks do meanwhile. Years and months are refused:
    /// they have no fixed length.
    Text(String),
}

impl<'de> Deserialize<'de> for Delay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either)
    }
}

/// A text or a number.
struct Either;

impl Visitor<'_> for Either {
    type Value = Delay;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text such as \"15m\", or milliseconds")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Delay, E> {
        Ok(Delay::Text(text.to_owned()))
    }

    fn visit_f64<E: Error>(self, millis: f64) -> Result<Delay, E> {
        Ok(Delay::Millis(millis))
    }

    fn visit_i64<E: Error>(self, millis: i64) -> Result<Delay, E> {
        Ok(Delay::Millis(millis as f64))
    }

    fn visit_u64<E: Error>(self, millis: u64) -> Result<Delay, E> {
        Ok(Delay::Millis(millis as f64))
    }
}

impl Delay {
    /// The delay in whole milliseconds.
    ///
    /// # Errors
    /// Says why it cannot be one.
    pub fn millis(&self) -> Result<i64, String> {
        match self {
            Self::Millis(millis) if !millis.is_finite() => {
                Err("the delay is not a finite number: pass milliseconds, or text such as \"15m\"".to_owned())
            }
            Self::Millis(millis) if *millis < 0.0 => Err(negative("the delay")),
            Self::Millis(millis) => Ok(iso::round_millis(*millis)),
            Self::Text(text) => parse(text),
        }
    }
}

fn negative(what: &str) -> String {
    format!("{what} is negative, and a delay counts from now onwards: pass 0 to fire at once")
}

fn parse(text: &str) -> Result<i64, String> {
    let echo = quoted(text);
    if text.is_empty() {
        return Err("the delay is empty: write \"90s\", \"15m\", \"PT2H\", or milliseconds as a number".to_owned());
    }
    if let Some(rest) = text.strip_prefix('-')
        && parse(rest).is_ok()
    {
        return Err(negative(&echo));
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("{echo} has no unit: write \"90s\" or \"15m\", or pass milliseconds as a number"));
    }
    let read = match text.strip_prefix(['P', 'p']) {
        Some(body) => iso_duration(&body.to_ascii_uppercase()),
        None => units(text, &[("ms", 1), ("w", WEEK), ("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND)]),
    };
    read.map_err(|failure| match failure {
        Failure::Calendar => format!(
            "{echo} counts years or months, which have no fixed length: use weeks or days such as \"P30D\", or pass the \
             date itself"
        ),
        Failure::Form => format!(
            "{echo} is not a delay: write \"90s\", \"15m\", \"2h\", \"1d\" or \"1h30m\" (units w d h m s ms, large to \
             small), an ISO 8601 duration such as \"PT15M\", or milliseconds as a number"
        ),
    })
}

/// Why a text is no delay.
enum Failure {
    Form,
    Calendar,
}

/// Reads what follows the `P`, in capitals.
fn iso_duration(body: &str) -> Result<i64, Failure> {
    let (date, time) = match body.split_once('T') {
        Some((_, "")) => return Err(Failure::Form),
        Some((date, time)) => (date, time),
        None => (body, ""),
    };
    if date.is_empty() && time.is_empty() {
        return Err(Failure::Form);
    }
    if date.contains(['Y', 'M']) {
        return Err(Failure::Calendar);
    }
    let date_part = units(date, &[("W", WEEK), ("D", DAY)])?;
    let is_fraction_last = time.is_empty() || !date.contains(['.', ',']);
    if !is_fraction_last {
        return Err(Failure::Form);
    }
    let time_part = units(time, &[("H", HOUR), ("M", MINUTE), ("S", SECOND)])?;
    Ok(date_part.saturating_add(time_part))
}

/// Adds up numbers with units, which must come in falling size, each at most once. Saturates.
fn units(mut text: &str, known: &[(&str, i64)]) -> Result<i64, Failure> {
    let mut total = 0_i64;
    let mut smallest_yet = i64::MAX;
    let mut fraction_seen = false;
    while !text.is_empty() {
        let whole = iso::leading_digits(text);
        text = text.get(whole.len()..).unwrap_or_default();
        if whole.is_empty() || fraction_seen {
            return Err(Failure::Form);
        }
        let mut nanos = 0;
        if let Some(rest) = text.strip_prefix(['.', ',']) {
            text = rest;
            nanos = iso::fraction(&mut text).ok_or(Failure::Form)?;
            fraction_seen = true;
        }
        let &(name, size) = known.iter().find(|(name, _)| text.starts_with(name)).ok_or(Failure::Form)?;
        if size >= smallest_yet {
            return Err(Failure::Form);
        }
        smallest_yet = size;
        text = text.get(name.len()..).unwrap_or_default();
        let count =
            whole.bytes().fold(0_i64, |sum, digit| sum.saturating_mul(10).saturating_add((digit - b'0').into()));
        let fraction = (i64::from(nanos) * size + 500_000_000) / 1_000_000_000;
        total = total.saturating_add(count.saturating_mul(size)).saturating_add(fraction);
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(text: &str) -> Result<i64, String> {
        Delay::Text(text.to_owned()).millis()
    }

    #[test]
    fn a_delay_is_read_to_the_millisecond() {
        for (text, expected) in [
            ("90s", 90 * SECOND),
            ("15m", 15 * MINUTE),
            ("2h", 2 * HOUR),
            ("1d", DAY),
            ("2w", 2 * WEEK),
            ("250ms", 250),
            ("0s", 0),
            ("1h30m", 90 * MINUTE),
            ("1w2d3h4m5s6ms", WEEK + 2 * DAY + 3 * HOUR + 4 * MINUTE + 5 * SECOND + 6),
            ("1.5h", 90 * MINUTE),
            ("1h0,5m", HOUR + 30 * SECOND),
            ("0.0005s", 1),
            ("0.000499999s", 0),
            ("0.999999999w", WEEK - 1),
            ("PT15M", 15 * MINUTE),
            ("pt15m", 15 * MINUTE),
            ("P1DT2H", DAY + 2 * HOUR),
            ("P2W", 2 * WEEK),
            ("P1W1D", WEEK + DAY),
            ("PT36H", 36 * HOUR),
            ("PT0.25S", 250),
            ("P0D", 0),
        ] {
            assert_eq!(millis(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_delay_too_long_for_any_date_saturates_for_the_caller_to_refuse() {
        assert_eq!(millis("99999999999999999999d"), Ok(i64::MAX));
        assert_eq!(millis("P99999999999999999999DT1H"), Ok(i64::MAX));
        assert_eq!(Delay::Millis(1e300).millis(), Ok(i64::MAX));
    }

    #[test]
    fn a_number_of_milliseconds_is_rounded_half_up() {
        assert_eq!(Delay::Millis(0.5).millis(), Ok(1));
        assert_eq!(Delay::Millis(1.49).millis(), Ok(1));
        assert_eq!(Delay::Millis(-0.0).millis(), Ok(0));
    }

    #[test]
    fn text_that_is_no_delay_is_refused_with_examples() {
        for text in [
            "soon",
            "s",
            "1",
            "1x",
            "90 s",
            "90S",
            "15M",
            "+5m",
            "5m1h",
            "1s1s",
            "1.s",
            ".5s",
            "1.5h30m",
            "1,5,5s",
            "P",
            "PT",
            "P1DT",
            "P1.5DT1H",
            "PT1D",
            "P1H",
            "P15",
            "1.0123456789s",
            "--5m",
            "٣s",
            "1h🕐",
            "PT5M ",
        ] {
            let reason = millis(text).expect_err(text);
            assert!(reason.contains("is not a delay: write") || reason.contains("has no unit"), "{text}: {reason}");
        }
    }

    #[test]
    fn each_refusal_says_why_and_what_to_write() {
        let told = |text: &str| millis(text).expect_err(text);
        insta::assert_snapshot!(told(""), @r#"the delay is empty: write "90s", "15m", "PT2H", or milliseconds as a number"#);
        insta::assert_snapshot!(told("90"), @r#""90" has no unit: write "90s" or "15m", or pass milliseconds as a number"#);
        insta::assert_snapshot!(told("-15m"), @r#""-15m" is negative, and a delay counts from now onwards: pass 0 to fire at once"#);
        insta::assert_snapshot!(told("-PT15M"), @r#""-PT15M" is negative, and a delay counts from now onwards: pass 0 to fire at once"#);
        insta::assert_snapshot!(told("P1M"), @r#""P1M" counts years or months, which have no fixed length: use weeks or days such as "P30D", or pass the date itself"#);
        insta::assert_snapshot!(told("P1Y2M"), @r#""P1Y2M" counts years or months, which have no fixed length: use weeks or days such as "P30D", or pass the date itself"#);
        insta::assert_snapshot!(told("15 minutes"), @r#""15 minutes" is not a delay: write "90s", "15m", "2h", "1d" or "1h30m" (units w d h m s ms, large to small), an ISO 8601 duration such as "PT15M", or milliseconds as a number"#);
        let told = |millis: f64| Delay::Millis(millis).millis().expect_err("refused");
        insta::assert_snapshot!(told(f64::NAN), @r#"the delay is not a finite number: pass milliseconds, or text such as "15m""#);
        insta::assert_snapshot!(told(-1.0), @"the delay is negative, and a delay counts from now onwards: pass 0 to fire at once");
        assert_eq!(told(f64::INFINITY), told(f64::NAN));
    }
}
