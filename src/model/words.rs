//! Words that the wire knows. Case counts, as it does on the server.

use serde::{Deserialize, Serialize};

/// By which time a listing is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OrderByField {
    /// When the run fires.
    TriggerAt,
    /// When it was made.
    CreatedAt,
}

/// In which direction a listing is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum OrderByDirection {
    /// Earliest first.
    Asc,
    /// Latest first.
    Desc,
}

/// The statuses that the server's filter knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ScheduledRunStatus {
    /// Not begun.
    Pending,
    /// At work.
    Running,
    /// Done.
    Succeeded,
    /// Failed.
    Failed,
    /// Ended by somebody.
    Cancelled,
    /// Waiting for a worker.
    Queued,
    /// Waiting for its time: the only status that a scheduled run's row has.
    Scheduled,
}

/// How a scheduled run came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Method {
    /// Through the API: it can be changed and deleted.
    Api,
    /// In the workflow's code: the server refuses to delete it (403).
    Default,
    /// In a way that this client does not know: what it does to runs that it chooses itself leaves such a run alone.
    Other,
}

impl From<&str> for Method {
    fn from(word: &str) -> Self {
        match word {
            "API" => Self::Api,
            "DEFAULT" => Self::Default,
            _ => Self::Other,
        }
    }
}

impl From<String> for Method {
    fn from(word: String) -> Self {
        word.as_str().into()
    }
}
