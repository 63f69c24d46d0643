//! Plays recorded steps against a server and compares its answers with the recorded ones, field by field.

mod compare;
mod live;
mod names;
mod recording;
mod transport;

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use compare::{Difference, compare};
pub use live::Live;
use names::Names;
pub use recording::Recording;
use recording::Step;
pub use transport::{Reply, Request, Transport};

use crate::error::Error;

/// How long a step may take to agree that does so only after a while, and how long to wait between two tries.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

/// How one step went.
#[derive(Debug)]
pub struct StepResult {
    /// The step's name.
    pub name: String,
    /// Where the answer differs, each in a line; empty where it agrees.
    pub differences: Vec<String>,
}

/// How the steps went.
#[derive(Debug)]
pub struct Report {
    /// One result to each step, in order.
    pub steps: Vec<StepResult>,
}

impl Report {
    /// How many steps agree.
    #[must_use]
    pub fn agreeing(&self) -> usize {
        self.steps.iter().filter(|step| step.differences.is_empty()).count()
    }

    /// Whether all steps agree.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.agreeing() == self.steps.len()
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (number, step) in self.steps.iter().enumerate().filter(|(_, step)| !step.differences.is_empty()) {
            writeln!(f, "step {number} \"{}\" differs:", step.name)?;
            for difference in &step.differences {
                writeln!(f, "    {difference}")?;
            }
        }
        write!(f, "{} of {} steps agree", self.agreeing(), self.steps.len())
    }
}

/// Plays all steps in order against a server, whose tenant should be empty.
///
/// # Errors
/// When a step cannot be sent at all, or the recording is malformed.
pub async fn replay(
    recording: &Recording,
    transport: &impl Transport,
    tenant: &str,
    token: &str,
) -> Result<Report, Error> {
    let mut names = Names::default();
    names.define("tenant", tenant);
    names.define("token", token);
    for name in recording.workflows()? {
        let id = find_workflow(transport, tenant, token, &name).await?;
        names.define(&format!("workflow.{name}"), &id);
    }
    let mut steps = Vec::new();
    for step in &recording.steps {
        let mut differences = play(step, transport, &mut names).await?;
        let start = Instant::now();
        while step.eventually && !differences.is_empty() && start.elapsed() < PATIENCE {
            tokio::time::sleep(PAUSE).await;
            differences = play(step, transport, &mut names).await?;
        }
        let differences = differences.iter().map(Difference::to_string).collect();
        steps.push(StepResult { name: step.name.clone(), differences });
    }
    Ok(Report { steps })
}

async fn play(step: &Step, transport: &impl Transport, names: &mut Names) -> Result<Vec<Difference>, Error> {
    let reply = transport.send(step.request.to_request(names)?).await?;
    let body: Option<serde_json::Value> = serde_json::from_slice(&reply.body).ok();
    for (name, pointer) in &step.capture {
        let captured = body.as_ref().and_then(|body| body.pointer(pointer)).and_then(|value| value.as_str());
        match captured {
            Some(captured) => names.define(name, captured),
            None => names.forget(name),
        }
    }
    Ok(compare(step, &reply, body.as_ref(), names))
}

async fn find_workflow(transport: &impl Transport, tenant: &str, token: &str, name: &str) -> Result<String, Error> {
    let search = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    let path = format!("/api/v1/tenants/{tenant}/workflows?name={search}&limit=1000");
    let request = recording::request("GET", &path, &BTreeMap::new(), Some(&format!("Bearer {token}")), Vec::new())?;
    let reply = transport.send(request).await?;
    let list: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let rows = list.get("rows").and_then(|rows| rows.as_array()).cloned().unwrap_or_default();
    let ids: HashMap<&str, &str> = rows
        .iter()
        .filter_map(|row| Some((row.get("name")?.as_str()?, row.pointer("/metadata/id")?.as_str()?)))
        .collect();
    ids.get(name).map(|id| (*id).to_owned()).ok_or_else(|| {
        Error::Options(format!(
            "the server (status {}) has no workflow {name}, which the recording needs",
            reply.status
        ))
    })
}
