//! `create`: schedule a run of a workflow.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Endpoint;
use super::endpoint::escape;
use crate::http::{HttpMethod, Replay};
use crate::model::{RunId, ScheduledRun};
use crate::time::{TriggerTime, wire};
use crate::value::{Invalid, Text, Value};

/// The largest input that can reach a worker, in bytes of JSON: a larger one hangs in RUNNING and fails.
pub const LARGEST_INPUT: usize = 4 * 1024 * 1024;

/// What the server gives a run without a priority, whatever the workflow's default.
const DEFAULT_PRIORITY: i32 = 1;

/// The metadata key that holds a run's idempotency key, percent-encoded: the server's metadata filter takes no colon.
pub const IDEMPOTENCY_KEY: &str = "idempotencyKey";

/// The metadata key of a run that was made to be traceable: its value is no other run's.
pub const TRACE_KEY: &str = "scheduledTraceKey";

/// The metadata key of a run that took another's place under its idempotency key: the other one's id.
pub const REPLACES_KEY: &str = "replacesScheduledRun";

/// Metadata that says how a run was made, not what it is. The last two are what tracing writes.
const BOOKKEEPING: [&str; 4] = [TRACE_KEY, REPLACES_KEY, "traceparent", "tracestate"];

/// What becomes of a run that is there already with the key of the one that is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnExisting {
    /// It stays as it is.
    #[default]
    Keep,
    /// It fires when the one that is asked for would.
    Move,
    /// It gives way to the one that is asked for, unless it is the same.
    Replace,
}

/// A run to schedule.
#[derive(Debug, Clone)]
pub struct NewScheduledRun {
    /// When it fires.
    pub trigger_at: TriggerTime,
    /// The workflow's input. At most 4 MiB of JSON.
    pub input: Value,
    /// Metadata of the run, which the run that fires inherits.
    pub additional_metadata: Value,
    /// 1 (low) to 3 (high). Without one the server gives it 1, whatever the workflow's default.
    pub priority: Option<i32>,
    /// With a key, the run is created once, however often this is called. See [`Client::create`].
    ///
    /// [`Client::create`]: crate::client::Client::create
    pub idempotency_key: Option<String>,
    /// With a key: what becomes of a run that is there with it.
    pub on_existing: OnExisting,
    /// Whether the run gets a key that no other has, kept in the metadata under [`TRACE_KEY`], by which the run that it becomes
    /// is found.
    pub traceable: bool,
}

impl NewScheduledRun {
    /// A run at this time, with neither input nor metadata.
    pub fn at(trigger_at: impl Into<TriggerTime>) -> Self {
        Self {
            trigger_at: trigger_at.into(),
            input: Value::default(),
            additional_metadata: Value::default(),
            priority: None,
            idempotency_key: None,
            on_existing: OnExisting::Keep,
            traceable: false,
        }
    }
}

/// Schedules a run. Its body is made at once, so that what the caller does to the input later changes nothing.
#[derive(Debug, Clone)]
pub struct Create {
    pub(crate) workflow_name: String,
    trigger_at: DateTime<Utc>,
    /// How long after the call's begin it fires, where it was said so.
    delay: Option<TimeDelta>,
    body: Text,
    key: Option<String>,
    on_existing: OnExisting,
}

/// The member that holds metadata.
const METADATA: &str = "additionalMetadata";

/// How far a delay may be off that was said again: from the call's begin to the run's it takes a while.
const SAME_DELAY: TimeDelta = TimeDelta::seconds(5);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(with = "wire")]
    trigger_at: DateTime<Utc>,
    input: &'a Value,
    additional_metadata: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<i32>,
}

impl Create {
    /// Checks the run, whose time is resolved already; `trace_key` is one of a run's own where it is to be traceable.
    ///
    /// # Errors
    /// Names what the server would refuse, change or choke on.
    pub fn new(
        workflow_name: String,
        trigger_at: DateTime<Utc>,
        run: NewScheduledRun,
        trace_key: Option<String>,
    ) -> Result<Self, Invalid> {
        let NewScheduledRun { input, mut additional_metadata, priority, idempotency_key, on_existing, .. } = run;
        if priority.is_some_and(|priority| !(1..=3).contains(&priority)) {
            return Err(Invalid::new("priority", "must be 1 (low), 2 or 3 (high)"));
        }
        check_object(&input).map_err(|invalid| invalid.under("input"))?;
        check_object(&additional_metadata).map_err(|invalid| invalid.under("additionalMetadata"))?;
        let key = idempotency_key.map(|key| escape(&key));
        if let Some(key) = &key {
            if key.is_empty() {
                return Err(Invalid::new(
                    "idempotencyKey",
                    "is empty; leave it out or give a text that names this run",
                ));
            }
            if additional_metadata.get(IDEMPOTENCY_KEY).is_some() {
                return Err(Invalid::new(
                    format!("additionalMetadata.{IDEMPOTENCY_KEY}"),
                    "is where the run's idempotency key is kept; use another name",
                ));
            }
            additional_metadata = additional_metadata.with(IDEMPOTENCY_KEY, &Value::of(key));
        }
        if key.is_none() && on_existing != OnExisting::Keep {
            return Err(Invalid::new(
                "onExisting",
                "needs an idempotencyKey: it says what becomes of a run that is there with the same one",
            ));
        }
        if let Some(trace_key) = trace_key {
            if additional_metadata.get(TRACE_KEY).is_some() {
                return Err(Invalid::new(
                    format!("additionalMetadata.{TRACE_KEY}"),
                    "is where the key of a traceable run is kept; leave it out",
                ));
            }
            additional_metadata = additional_metadata.with(TRACE_KEY, &Value::of(&trace_key));
        }
        let body = Body { trigger_at, input: &input, additional_metadata: &additional_metadata, priority };
        let body = Text::of(&body);
        if !body.exceeds(0) {
            return Err(Invalid::new("input", "cannot be written as JSON: it failed, or changed, while it was read"));
        }
        // What was written is looked at, as the caller's own objects may be others at each look.
        let written = |key| body.value().get(key).unwrap_or_default();
        if body.is_suspicious() {
            for key in ["input", METADATA] {
                written(key).check().map_err(|invalid| invalid.under(key))?;
            }
        }
        // The input alone is looked at only where the whole is so long.
        if body.exceeds(LARGEST_INPUT) && written("input").to_text().exceeds(LARGEST_INPUT) {
            return Err(Invalid::new(
                "input",
                "is over 4 MiB of JSON, which can never reach a worker; store the data elsewhere and pass a reference",
            ));
        }
        Ok(Self { workflow_name, trigger_at, delay: None, body, key, on_existing })
    }

    /// The run fires so long after the call's begin.
    pub(crate) fn delayed_by(self, delay: TimeDelta) -> Self {
        Self { delay: Some(delay), ..self }
    }

    /// The same run, made to take another's place.
    pub(crate) fn replacing(&self, other: RunId) -> Self {
        let body = self.body.value();
        let metadata = body.get(METADATA).unwrap_or_default().with(REPLACES_KEY, &Value::of(&other));
        Self { body: Text::of(&body.with(METADATA, &metadata)), ..self.clone() }
    }

    /// What would be sent, with the workflow's name.
    pub(crate) fn planned(&self) -> Value {
        self.body.value().with("workflowName", &Value::of(&self.workflow_name))
    }

    /// What becomes of a run that is there with the key.
    pub(crate) fn on_existing(&self) -> OnExisting {
        self.on_existing
    }

    /// When it fires.
    pub(crate) fn trigger_at(&self) -> DateTime<Utc> {
        self.trigger_at
    }

    /// In what a run differs from the one that this makes. A delay that is said again is no other time.
    pub(crate) fn differences(&self, run: &ScheduledRun) -> Vec<&'static str> {
        let again = |delay: TimeDelta| (run.trigger_at - run.metadata.created_at - delay).abs() <= SAME_DELAY;
        let same_time = run.trigger_at == self.trigger_at || self.delay.is_some_and(again);
        let asked = self.body.value();
        let object = |member: Option<Value>| {
            let object = member.filter(|value| !value.is_null()).unwrap_or_default();
            let without = |object: Value, key: &&str| object.with(key, &Value::of(&()));
            BOOKKEEPING.iter().fold(object, without)
        };
        let same_object = |key| object(asked.get(key)).is_same(&object(run.value().get(key)));
        let priority = |value: &Value| value.get("priority").map_or(Ok(DEFAULT_PRIORITY), |number| number.read());
        let same_priority = priority(&asked) == priority(run.value());
        let members = [
            ("triggerAt", same_time),
            ("input", same_object("input")),
            ("additionalMetadata", same_object("additionalMetadata")),
            ("priority", same_priority),
        ];
        members.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
    }

    /// The idempotency key as it stands in the metadata.
    pub(crate) fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }
}

fn check_object(value: &Value) -> Result<(), Invalid> {
    if value.is_object() { Ok(()) } else { Err(Invalid::new("", "must be an object")) }
}

/// Checks a workflow's name as the caller wrote it.
pub(crate) fn check_workflow_name(name: &str) -> Result<(), Invalid> {
    let refuse = |reason: &str| Err(Invalid::new("workflowName", reason));
    match name {
        "" => refuse("is empty; give the name that the workflow is registered under"),
        "." | ".." => refuse("cannot be addressed: URLs treat it as a folder"),
        name if name.contains('\0') => refuse("holds a NUL character, which no workflow's name can"),
        _ => Ok(()),
    }
}

impl Endpoint for Create {
    const NAME: &'static str = "create";
    const METHOD: HttpMethod = HttpMethod::Post;
    const REPLAY: Replay = Replay::Unprocessed;
    type Response = ScheduledRun;

    fn path(&self) -> String {
        format!("/{}/scheduled", escape(&self.workflow_name))
    }

    fn body(&self) -> Option<Text> {
        Some(self.body.clone())
    }

    fn read(value: Value) -> Result<ScheduledRun, Invalid> {
        ScheduledRun::new(value)
    }

    fn made_at(run: &ScheduledRun) -> Option<DateTime<Utc>> {
        Some(run.metadata.created_at)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::endpoint::tests::wire;
    use crate::testing::{instant, recorded};

    fn run() -> NewScheduledRun {
        NewScheduledRun::at(instant("2031-01-01T00:00:00Z"))
    }

    fn create(name: &str, run: NewScheduledRun) -> Result<Create, Invalid> {
        Create::new(name.to_owned(), instant("2031-01-01T00:00:00.25Z"), run, None)
    }

    fn object(value: serde_json::Value) -> Value {
        value.into()
    }

    #[test]
    fn on_the_wire() {
        let full = NewScheduledRun {
            input: object(json!({"name": "Ada", "nested": {"list": [1, 2.5, null, true]}})),
            additional_metadata: object(json!({"team": "billing"})),
            priority: Some(3),
            idempotency_key: Some("order:7/é".into()),
            ..run()
        };
        insta::assert_snapshot!(
            [wire(&create("a/b ?#c", run()).unwrap()), wire(&create("simple", full).unwrap())].join("\n\n"),
            @r#"
        POST ~/a%2Fb%20%3F%23c/scheduled

        {"triggerAt":"2031-01-01T00:00:00.25Z","input":{},"additionalMetadata":{}}

        POST ~/simple/scheduled

        {"triggerAt":"2031-01-01T00:00:00.25Z","input":{"name":"Ada","nested":{"list":[1,2.5,null,true]}},"additionalMetadata":{"idempotencyKey":"order%3A7%2F%C3%A9","team":"billing"},"priority":3}
        "#
        );
    }

    #[test]
    fn the_recorded_answer_is_read() {
        let run = Create::decode(recorded("create: everything given")).unwrap();
        assert_eq!(run.trigger_at, instant("2031-01-01T00:00:00Z"));
        assert_eq!(run.value().get("additionalMetadata").unwrap().get("team").unwrap().as_text().unwrap(), "billing");
    }

    #[test]
    fn what_the_server_would_refuse_or_choke_on_is_refused_here() {
        let refused = |run| create("simple", run).unwrap_err().to_string();
        let with_input = |value| NewScheduledRun { input: object(value), ..run() };
        insta::assert_snapshot!(
            [
                refused(NewScheduledRun { priority: Some(0), ..run() }),
                refused(NewScheduledRun { priority: Some(4), ..run() }),
                refused(with_input(json!({"a": [{"b": "x\0"}]}))),
                refused(with_input(json!({"a": "x".repeat(LARGEST_INPUT)}))),
                refused(NewScheduledRun { additional_metadata: object(json!({"k": u64::MAX})), ..run() }),
                refused(NewScheduledRun { idempotency_key: Some(String::new()), ..run() }),
                refused(NewScheduledRun {
                    idempotency_key: Some("k".into()),
                    additional_metadata: object(json!({"idempotencyKey": "mine"})),
                    ..run()
                }),
            ]
            .join("\n"),
            @r#"
        priority: must be 1 (low), 2 or 3 (high)
        priority: must be 1 (low), 2 or 3 (high)
        input.a[0].b: holds a NUL character, which the server cannot store; remove it
        input: is over 4 MiB of JSON, which can never reach a worker; store the data elsewhere and pass a reference
        additionalMetadata.k: 18446744073709551615 is an integer beyond 2^53, and the server keeps numbers as doubles, so it would arrive changed; send it as a string
        idempotencyKey: is empty; leave it out or give a text that names this run
        additionalMetadata.idempotencyKey: is where the run's idempotency key is kept; use another name
        "#
        );
        let largest = json!({"a": "x".repeat(LARGEST_INPUT - r#"{"a":""}"#.len())});
        assert!(create("simple", with_input(largest)).is_ok());
    }

    #[test]
    fn names_that_cannot_be_addressed_are_refused() {
        for name in ["", ".", "..", "a\0"] {
            assert_eq!(check_workflow_name(name).unwrap_err().path, "workflowName", "{name:?}");
        }
        assert!(check_workflow_name("my flow/one").is_ok());
    }
}
