//! `pause` and `unpause`: how the runs of a workflow are held back.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Endpoint, Place};
use crate::http::{HttpMethod, Replay};
use crate::model::{PauseBehavior, Workflow};
use crate::value::{Invalid, Text, Value};

/// What becomes of scheduled runs that come due while their workflow is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScheduledRuns {
    /// They stay, overdue, and all of them fire when the pause ends. The server calls this `DROP`, and drops nothing.
    FireLate,
    /// They fire, and their runs stand queued until the pause ends, or are cancelled when they have stood there too long.
    Queue,
}

/// What becomes of a cron's runs while their workflow is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CronRuns {
    /// They are left out.
    Drop,
    /// They stand queued as those of scheduled runs do.
    Queue,
}

/// Pauses a workflow, or lets it go on.
#[derive(Debug, Clone)]
pub struct Pause<'a> {
    /// The workflow's id.
    pub workflow: &'a str,
    /// `None` to let it go on.
    pub pause: Option<(ScheduledRuns, CronRuns, Duration)>,
}

#[derive(Serialize)]
struct Body {
    pause: Change,
}

#[derive(Serialize)]
#[serde(tag = "action", rename_all = "lowercase")]
enum Change {
    Pause {
        #[serde(rename = "pausedWorkflowCronRunQueueBehavior")]
        crons: PauseBehavior,
        #[serde(rename = "pausedWorkflowScheduledRunQueueBehavior")]
        scheduled: PauseBehavior,
        #[serde(rename = "pausedWorkflowQueueTTL")]
        ttl: String,
    },
    Unpause,
}

impl Endpoint for Pause<'_> {
    const NAME: &'static str = "pause";
    const METHOD: HttpMethod = HttpMethod::Patch;
    // It says how things are to be, not what to do.
    const REPLAY: Replay = Replay::Safe;
    const PLACE: Place = Place::Server;
    type Response = Workflow;

    fn path(&self) -> String {
        format!("/api/v1/workflows/{}", self.workflow)
    }

    fn body(&self) -> Option<Text> {
        let pause = match self.pause {
            None => Change::Unpause,
            Some((scheduled, crons, ttl)) => Change::Pause {
                crons: if crons == CronRuns::Drop { PauseBehavior::Drop } else { PauseBehavior::Queue },
                scheduled: if scheduled == ScheduledRuns::FireLate {
                    PauseBehavior::Drop
                } else {
                    PauseBehavior::Queue
                },
                ttl: format!("{}s", ttl.as_secs()),
            },
        };
        Some(Text::of(&Body { pause }))
    }

    fn read(value: Value) -> Result<Workflow, Invalid> {
        Workflow::new(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::endpoint::tests::wire;

    #[test]
    fn on_the_wire() {
        let hour = Duration::from_secs(3600);
        let pause = |pause| wire(&Pause { workflow: "w", pause });
        insta::assert_snapshot!(
            [
                pause(Some((ScheduledRuns::FireLate, CronRuns::Queue, hour))),
                pause(Some((ScheduledRuns::Queue, CronRuns::Drop, hour))),
                pause(None),
            ]
            .join("\n"),
            @r#"
        PATCH ~/api/v1/workflows/w

        {"pause":{"action":"pause","pausedWorkflowCronRunQueueBehavior":"QUEUE","pausedWorkflowScheduledRunQueueBehavior":"DROP","pausedWorkflowQueueTTL":"3600s"}}
        PATCH ~/api/v1/workflows/w

        {"pause":{"action":"pause","pausedWorkflowCronRunQueueBehavior":"DROP","pausedWorkflowScheduledRunQueueBehavior":"QUEUE","pausedWorkflowQueueTTL":"3600s"}}
        PATCH ~/api/v1/workflows/w

        {"pause":{"action":"unpause"}}
        "#
        );
    }
}
