//! Whether and when an attempt is repeated. Pure: the state, the outcome and the jitter come in, a decision comes out.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};

use crate::error::{Error, ErrorKind};
use crate::json::number;
use crate::platform::Response;
use crate::time::until;

/// The longest wait that backoff chooses.
const BACKOFF_CAP: Duration = Duration::from_secs(5);
/// What the first repeat waits at most; it doubles with each.
const BACKOFF_BASE: Duration = Duration::from_millis(250);
/// The longest `Retry-After` that is waited for. A longer one fails at once and is told in the error.
pub const RETRY_AFTER_CAP: Duration = Duration::from_secs(60);

/// How safely a request may be sent again when its fate is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// Reads, and changes that set an absolute value: any number of times.
    Safe,
    /// Only when the server surely did not act on it: creates and triggers.
    Unprocessed,
}

/// What to do after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Wait so long, then try again.
    Wait(Duration),
    /// Give up.
    Stop,
}

/// Decides what follows attempt number `attempt` (from 1), which failed with `error`.
///
/// `jitter` is from 0 to 1; `remaining` is what is left of the total timeout: a wait that would pass it is not begun.
pub fn decide(
    replay: Replay,
    attempt: u32,
    max_retries: u32,
    error: &Error,
    jitter: f64,
    remaining: Option<Duration>,
) -> Decision {
    if attempt > max_retries || !may_repeat(replay, error) {
        return Decision::Stop;
    }
    let asked = match error.kind() {
        ErrorKind::Api(refusal) => refusal.retry_after,
        _ => None,
    };
    let wait = match asked {
        Some(asked) if asked > RETRY_AFTER_CAP => return Decision::Stop,
        Some(asked) => asked,
        None => Duration::from_millis((backoff(attempt).as_millis() as u64 as f64 * jitter) as u64),
    };
    if remaining.is_some_and(|remaining| wait >= remaining) { Decision::Stop } else { Decision::Wait(wait) }
}

fn may_repeat(replay: Replay, error: &Error) -> bool {
    match (replay, error.kind()) {
        (Replay::Safe, ErrorKind::Connection(_) | ErrorKind::Timeout { total: false, .. }) => true,
        (Replay::Safe, ErrorKind::Api(refusal)) => matches!(refusal.status, 408 | 429 | 500..=599),
        (Replay::Unprocessed, ErrorKind::Api(refusal)) => {
            refusal.status == 429 || (refusal.status == 503 && refusal.retry_after.is_some())
        }
        _ => false,
    }
}

/// The most that is waited after attempt number `attempt`: full jitter takes a part of it.
fn backoff(attempt: u32) -> Duration {
    BACKOFF_BASE.saturating_mul(1 << (attempt.saturating_sub(1)).min(10)).min(BACKOFF_CAP)
}

/// How long the server asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date. A browser often
/// cannot see these across origins, so nothing may depend on them.
pub fn retry_after(response: &Response, now: DateTime<Utc>) -> Option<Duration> {
    // What nobody can mean as a wait is read as no wait at all.
    let wait = |text: &str| number(text).filter(|wait| (0.0..1e12).contains(wait));
    if let Some(milliseconds) = response.header("retry-after-ms").and_then(|text| wait(text.trim())) {
        return Some(Duration::from_millis(milliseconds as u64));
    }
    let text = response.header("retry-after")?.trim();
    match wait(text) {
        Some(seconds) => Some(Duration::from_millis((seconds * 1000.0) as u64)),
        None => Some(until(now, http_date(text)?)),
    }
}

/// An HTTP date in its preferred form, e.g. `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let digits = |from: usize, to: usize| Some(number(text.get(from..to)?)? as u32);
    if text.len() != 29 || !text.ends_with(" GMT") {
        return None;
    }
    let name = text.get(8..11)?;
    let month = (1..=12).find(|month| MONTHS.get(month * 3 - 3..month * 3) == Some(name))?;
    let date = NaiveDate::from_ymd_opt(digits(12, 16)? as i32, month as u32, digits(5, 7)?)?;
    Some(date.and_hms_opt(digits(17, 19)?, digits(20, 22)?, digits(23, 25)?)?.and_utc())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::platform::NoAnswer;

    fn now() -> DateTime<Utc> {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap().and_hms_opt(10, 0, 0).unwrap().and_utc()
    }

    fn answer(status: u16, headers: &[(&str, &str)]) -> Error {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Error::api(Response { status, headers, body: String::new() }, now())
    }

    fn lost() -> Error {
        Error::connection(NoAnswer { message: "reset".into(), cause: None, hint: None })
    }

    fn repeats(replay: Replay, error: &Error) -> bool {
        decide(replay, 1, 2, error, 0.5, None) != Decision::Stop
    }

    #[test]
    fn what_is_repeated_depends_on_the_operation() {
        let timeout = Error::timeout(Duration::from_secs(1), false);
        for error in [lost(), timeout, answer(408, &[]), answer(500, &[]), answer(502, &[]), answer(503, &[])] {
            assert!(repeats(Replay::Safe, &error), "{error}");
            assert!(!repeats(Replay::Unprocessed, &error), "{error}");
        }
        for error in [answer(429, &[]), answer(503, &[("Retry-After", "1")])] {
            assert!(repeats(Replay::Safe, &error), "{error}");
            assert!(repeats(Replay::Unprocessed, &error), "{error}");
        }
        for status in [400, 401, 403, 404, 409, 415, 422] {
            assert!(!repeats(Replay::Safe, &answer(status, &[])), "{status}");
            assert!(!repeats(Replay::Unprocessed, &answer(status, &[])), "{status}");
        }
        assert!(!repeats(Replay::Safe, &Error::timeout(Duration::from_secs(1), true)));
        assert!(!repeats(Replay::Safe, &Error::aborted()));
    }

    #[test]
    fn the_server_chooses_the_wait_up_to_a_minute() {
        let wait = |headers: &[(&str, &str)]| decide(Replay::Safe, 1, 2, &answer(429, headers), 0.5, None);
        assert_eq!(wait(&[("retry-after", "60")]), Decision::Wait(Duration::from_secs(60)));
        assert_eq!(wait(&[("Retry-After", "0")]), Decision::Wait(Duration::ZERO));
        assert_eq!(wait(&[("retry-after", "1.5")]), Decision::Wait(Duration::from_millis(1500)));
        assert_eq!(wait(&[("retry-after-ms", "20"), ("retry-after", "9")]), Decision::Wait(Duration::from_millis(20)));
        assert_eq!(wait(&[("retry-after", "Mon, 23 Nov 2026 10:00:07 GMT")]), Decision::Wait(Duration::from_secs(7)));
        assert_eq!(wait(&[("retry-after", "Mon, 23 Nov 2026 09:00:00 GMT")]), Decision::Wait(Duration::ZERO));
        assert_eq!(wait(&[("retry-after", "soon")]), Decision::Wait(Duration::from_millis(125)));
        assert_eq!(wait(&[("retry-after", "61")]), Decision::Stop);
        assert_eq!(wait(&[("retry-after", "1e300")]), Decision::Wait(Duration::from_millis(125)));
    }

    #[test]
    fn a_wait_that_would_pass_the_total_timeout_is_not_begun() {
        let decide = |left| decide(Replay::Safe, 1, 2, &answer(429, &[("retry-after", "2")]), 0.0, Some(left));
        assert_eq!(decide(Duration::from_secs(2)), Decision::Stop);
        assert_eq!(decide(Duration::from_secs(3)), Decision::Wait(Duration::from_secs(2)));
    }

    proptest! {
        #[test]
        fn backoff_is_full_jitter_under_a_doubling_cap(attempt in 1u32..100, jitter in 0.0..1.0f64) {
            let Decision::Wait(wait) = decide(Replay::Safe, attempt, 100, &lost(), jitter, None) else {
                return Err(TestCaseError::fail("stopped"));
            };
            let most = Duration::from_millis(250).mul_f64(2f64.powi(attempt.min(20) as i32 - 1)).min(BACKOFF_CAP);
            prop_assert!(wait <= most);
            prop_assert_eq!(decide(Replay::Safe, attempt, attempt - 1, &lost(), jitter, None), Decision::Stop);
        }

        #[test]
        fn any_header_is_read_without_a_panic(text in ".{0,40}") {
            let response = Response { status: 429, headers: vec![("retry-after".into(), text)], body: String::new() };
            let _ = retry_after(&response, now());
        }
    }
}
