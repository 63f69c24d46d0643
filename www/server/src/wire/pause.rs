//! How a workflow is paused.

use serde::{Deserialize, Serialize};

use crate::go::{Decoder, decode};
use crate::wire::bodies::Body;

/// What a pause does to runs that come due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum PauseBehavior {
    /// They stay as they are, overdue, and start once it is over: nothing is dropped, whatever the name.
    Drop,
    /// They start, and their run stands queued until it is over, or until the time to live is.
    Queue,
}

/// A pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pause {
    pub(crate) crons: PauseBehavior,
    pub(crate) scheduled: PauseBehavior,
    /// How long a run stands queued at most before it is cancelled, in milliseconds.
    pub(crate) ttl: i64,
}

impl Default for Pause {
    fn default() -> Self {
        Self { crons: PauseBehavior::Drop, scheduled: PauseBehavior::Drop, ttl: 3_600_000 }
    }
}

/// The body of `PATCH /api/v1/workflows/{workflow}`.
#[derive(Debug, Default)]
pub(crate) struct UpdateWorkflow {
    /// As it stands there: what it says is looked at behind the binder.
    pub(crate) pause: Option<String>,
}

impl Body for UpdateWorkflow {
    fn read(json: &[u8]) -> Result<Self, String> {
        decode(json, |decoder, body: &mut Self| {
            decoder.structure("gen.WorkflowUpdateRequest", &["pause"], |decoder, _| {
                decoder.pointer(&mut body.pause, |decoder: &mut Decoder<'_>, pause| {
                    *pause = decoder.raw();
                    Ok(())
                })
            })
        })
    }
}

#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "lowercase")]
pub(crate) enum PauseRequest {
    Pause(Wanted),
    Unpause,
}

/// Both behaviours are needed.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(rename = "pausedWorkflowCronRunQueueBehavior")]
    pub(crate) crons: PauseBehavior,
    #[serde(rename = "pausedWorkflowScheduledRunQueueBehavior")]
    pub(crate) scheduled: PauseBehavior,
    /// A length of time of Go's, such as `1h30m`.
    #[serde(rename = "pausedWorkflowQueueTTL")]
    pub(crate) ttl: Option<String>,
}

/// What the real database takes for a text it cannot read as a length of time.
const UNREAD: i64 = 300_000;
/// The longest that it takes, in seconds.
const LONGEST: f64 = 9_223_372_036.0;

/// A length of time in milliseconds, as the real database reads it: whole days, weeks or years, or any number of hours,
/// minutes, seconds and milliseconds in a row; five minutes for all else.
///
/// # Errors
/// Says that it is longer than Go's longest.
pub(crate) fn interval(text: &str) -> Result<i64, String> {
    const DAY: i64 = 86_400_000;
    let digits = text.trim_end_matches(['d', 'w', 'y']);
    if digits.len() + 1 == text.len() && (1..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
        let unit = if text.ends_with('d') {
            DAY
        } else if text.ends_with('w') {
            7 * DAY
        } else {
            365 * DAY
        };
        return Ok(digits.parse::<i64>().unwrap_or_default().saturating_mul(unit));
    }
    let (mut rest, mut seconds) = (text, 0.0);
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, unit) = rest.split_at(end);
        let Ok(value) = number.parse::<f64>() else { return Ok(UNREAD) };
        let units = [("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("h", 3600.0)];
        let Some((name, factor)) = units.into_iter().find(|(name, _)| unit.starts_with(name)) else {
            return Ok(UNREAD);
        };
        if number.len() > 15 {
            return Err(format!("duration {text} has a numeric component exceeding 15 digits"));
        }
        seconds += value * factor;
        rest = unit.strip_prefix(name).unwrap_or_default();
    }
    match seconds {
        _ if text.is_empty() => Ok(UNREAD),
        0.0..=LONGEST => Ok((seconds * 1000.0) as i64),
        _ => Err(format!("duration {text} exceeds maximum supported value (~292 years)")),
    }
}

#[cfg(test)]
mod tests {
    use super::interval;

    #[test]
    fn a_length_of_time_is_read_as_the_real_database_reads_it() {
        let read = [
            ("5400s", 5_400_000),
            ("1h30m", 5_400_000),
            ("1.5h", 5_400_000),
            ("100ms", 100),
            ("0s", 0),
            (".5s", 500),
            ("1d", 86_400_000),
            ("1w", 604_800_000),
            ("1000000h", 3_600_000_000_000),
            ("5400000ms", 5_400_000),
            ("1h1h", 7_200_000),
        ];
        for (text, wanted) in read {
            assert_eq!(interval(text), Ok(wanted), "{text}");
        }
        for unread in
            ["", "90", "soon", "-1h", "1ns", "1µs", "1h 30m", "PT1H", "1M", "1d7h30m", "h", "1.2.3s", "d", "."]
        {
            assert_eq!(interval(unread), Ok(300_000), "{unread}");
        }
        assert!(interval("1234567890123456s").is_err());
        assert!(interval("9999999h").is_err());
    }
}
