//! Whether and when an attempt is repeated. Pure: the state, the outcome and the jitter come in, a decision comes out.

use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::http::Replay;

/// The longest wait that backoff chooses.
const BACKOFF_CAP: Duration = Duration::from_secs(5);
/// What the first repeat waits at most; it doubles with each.
const BACKOFF_BASE: Duration = Duration::from_millis(250);
/// The longest `Retry-After` that is waited for. A longer one fails at once and is told in the error.
pub const RETRY_AFTER_CAP: Duration = Duration::from_secs(60);

/// What to do after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// Wait so long, then try again.
    Wait(Duration),
    /// Give up.
    Stop,
}

/// Decides what follows attempt number `attempt` (from 1), which failed with `error`.
///
/// `jitter` is from 0 to 1; `remaining` is what is left of the total timeout: a wait that would pass it is not begun.
pub(super) fn decide(
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
        None => backoff(attempt).mul_f64(jitter),
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::error::Refusal;
    use crate::http::{Body, NoAnswer, Response, retry_after};
    use crate::testing::instant;

    const NOW: &str = "2026-11-23T10:00:00Z";

    fn answer(status: u16, headers: &[(&str, &str)]) -> Error {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Error::refused(Refusal::new(Response { status, headers, body: Body::new("") }, instant(NOW)))
    }

    fn lost() -> Error {
        Error::connection(NoAnswer { message: "reset".into(), cause: None, hint: None, unsent: None })
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
        let dated = [("retry-after", "Mon, 23 Nov 2026 12:00:07 GMT"), ("date", "Mon, 23 Nov 2026 12:00:00 GMT")];
        assert_eq!(wait(&dated), Decision::Wait(Duration::from_secs(7)), "a date counts from the server's own clock");
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
            let response = Response { status: 429, headers: vec![("retry-after".into(), text)], body: Body::new("") };
            let _ = retry_after(&response, instant(NOW));
        }
    }
}
