//! The arguments of the calls, from the JSON text that the facade makes of them. Their shape is right; what they mean is
//! checked here and in the client.

use std::borrow::Cow;

use crate::bulk::{BulkCreate, NewTime, Selection};
use crate::client::Updated;
use crate::invalid::Invalid;
use crate::json::{Json, step};
use crate::late::RunRef;
use crate::model::read::items;
use crate::model::{ClientWarning, JsonObject, ScheduledWorkflows};
use crate::operations::{
    Filter, ListQuery, MetadataValue, NewScheduledRun, OrderBy, OrderByDirection, OrderByField, RunId,
    ScheduledRunStatus,
};
use crate::page::IterateQuery;
use crate::time::{Delay, TriggerTime};

/// A value, or why it is refused.
pub(super) type Read<T> = Result<T, Invalid>;

/// The arguments of a call by name. Gone through once, as they may be long.
pub(super) struct Args<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> Args<'a> {
    /// Takes the facade's text, which is well-formed.
    pub(super) fn new(text: &'a str) -> Self {
        Self(Json::known(text).members().collect())
    }

    /// The argument of this name; empty where it was left out.
    pub(super) fn get(&self, name: &str) -> Json<'a> {
        self.0.iter().find(|(known, _)| known == name).map_or(Json::EMPTY, |(_, value)| *value)
    }
}

/// A whole number, which the facade has made sure of.
pub(super) fn count(json: Json<'_>, key: &str) -> Option<usize> {
    json.get(key)?.as_number().map(|number| number as usize)
}

/// The word of this key, as an enum reads it.
fn word<T>(json: Json<'_>, key: &str, parse: fn(&str) -> Read<T>) -> Read<Option<T>> {
    json.text_of(key).map(|word| parse(&word).map_err(|invalid| invalid.under(key))).transpose()
}

/// The items of this key, each as `read` makes it.
fn list<'a, T>(json: Json<'a>, key: &str, read: fn(Json<'a>) -> Read<T>) -> Read<Vec<T>> {
    items(json.member(key), read).map_err(|invalid| invalid.under(key))
}

/// The items of the argument of this name, each as `read` makes it.
fn arguments<'a, T>(args: &Args<'a>, name: &str, read: fn(Json<'a>) -> Read<T>) -> Read<Vec<T>> {
    items(args.get(name), read).map_err(|invalid| invalid.under(name))
}

/// `workflowName` and `run` of `create`.
pub(super) fn create(args: &Args<'_>) -> Read<(String, NewScheduledRun)> {
    let name = args.get("workflowName").as_text().unwrap_or_default();
    Ok((name.into(), new_run(args.get("run")).map_err(|invalid| invalid.under("run"))?))
}

/// `runs` of `bulkCreate`.
pub(super) fn creates(args: &Args<'_>) -> Read<Vec<BulkCreate>> {
    arguments(args, "runs", |item| {
        Ok(BulkCreate { workflow_name: item.text_of("workflowName").unwrap_or_default(), run: new_run(item)? })
    })
}

fn new_run(run: Json<'_>) -> Read<NewScheduledRun> {
    let object = |key| run.get(key).map(JsonObject::from_json).unwrap_or_default();
    Ok(NewScheduledRun {
        trigger_at: trigger_at(run)?,
        input: object("input"),
        additional_metadata: object("additionalMetadata"),
        // What is no priority of a run becomes one that the client refuses.
        priority: run.get("priority").map(|priority| priority.as_integer().unwrap_or_default() as i32),
        idempotency_key: run.text_of("idempotencyKey"),
    })
}

/// A run as an argument: its id, or the run itself, which tells when it is due.
fn run_ref(json: Json<'_>) -> Read<RunRef> {
    if let Some(id) = json.as_text() {
        return RunId::parse(&id).map(RunRef::from);
    }
    let id = json.member("metadata").text_of("id").unwrap_or_default();
    let id = RunId::parse(&id).map_err(|invalid| invalid.under("metadata.id"))?;
    let due = json.text_of("triggerAt").and_then(|text| crate::time::from_wire(&text).ok());
    Ok(RunRef { id, trigger_at: due })
}

/// `scheduled` of the calls of one run.
pub(super) fn scheduled(args: &Args<'_>) -> Read<RunRef> {
    run_ref(args.get("scheduled")).map_err(|invalid| invalid.under("scheduled"))
}

/// `updated` of `confirm`: a run as `update` gave it.
pub(super) fn updated(args: &Args<'_>) -> Read<Updated> {
    let updated = args.get("updated");
    let read = || {
        Ok(Updated {
            run: ScheduledWorkflows::read(updated)?,
            warnings: list(updated, "warnings", ClientWarning::read)?,
        })
    };
    read().map_err(given_before).map_err(|invalid| invalid.under("updated"))
}

/// `known` of `watch`: runs as calls gave them.
pub(super) fn known(options: Json<'_>) -> Read<Option<Vec<ScheduledWorkflows>>> {
    options.get("known").map(|_| list(options, "known", ScheduledWorkflows::read).map_err(given_before)).transpose()
}

fn given_before(invalid: Invalid) -> Invalid {
    let reason = ["is not as a call of this client gave it: ", &invalid.reason].concat();
    invalid.because(reason)
}

/// The `triggerAt` of an object, in every way to say when.
pub(super) fn trigger_at(object: Json<'_>) -> Read<TriggerTime> {
    let time = object.member("triggerAt");
    // What is not finite has no JSON form, and comes as null.
    let number = |json: Json<'_>| json.as_number().unwrap_or(f64::NAN);
    if let Some(text) = time.as_text() {
        return Ok(TriggerTime::Text(text.into()));
    }
    if let Some(date) = time.get("date") {
        return TriggerTime::from_date(number(date)).map_err(|invalid| invalid.under("triggerAt"));
    }
    if let Some(delay) = time.get("in") {
        let text = delay.as_text().map(|text| Delay::Text(text.into()));
        return Ok(TriggerTime::In(text.unwrap_or_else(|| Delay::Millis(number(delay)))));
    }
    if !time.is_object() {
        return Ok(TriggerTime::EpochMillis(number(time)));
    }
    let disambiguation = word(time, "disambiguation", |word| {
        word.parse().map_err(|_| Invalid::new("", "must be one of compatible, earlier, later, reject"))
    });
    Ok(TriggerTime::Local {
        local: time.text_of("local").unwrap_or_default(),
        time_zone: time.text_of("timeZone").unwrap_or_default(),
        disambiguation: disambiguation.map_err(|invalid| invalid.under("triggerAt"))?.unwrap_or_default(),
    })
}

/// `query` of `list`.
pub(super) fn list_query(args: &Args<'_>) -> Read<ListQuery> {
    let query = args.get("query");
    let read = || {
        let (offset, limit) = (count(query, "offset"), count(query, "limit"));
        Ok(ListQuery { filter: filter(query)?, order: order(query)?, offset, limit })
    };
    read().map_err(|invalid: Invalid| invalid.under("query"))
}

/// `query` of `iterate`.
pub(super) fn iterate_query(args: &Args<'_>) -> Read<IterateQuery> {
    let ListQuery { filter, order, .. } = list_query(args)?;
    let page_size = count(args.get("query"), "pageSize");
    if page_size == Some(0) {
        return Err(Invalid::new("query.pageSize", "must be at least 1"));
    }
    Ok(IterateQuery { filter, order, page_size })
}

/// `selection` of `bulkDelete`: exactly one of its forms.
pub(super) fn selection(args: &Args<'_>) -> Read<Selection> {
    let selection = args.get("selection");
    let read = || {
        let runs = list(selection, "scheduledIds", run_ref)?;
        let filter = filter(selection)?;
        let all = selection.get("all").map(|all| all.as_bool() == Some(true));
        match (selection.get("scheduledIds"), all) {
            (Some(_), None) if filter.is_empty() => Ok(Selection::Runs(runs)),
            (None, Some(true)) if filter.is_empty() => Ok(Selection::All),
            (None, None) => Ok(Selection::Filter(filter)),
            (None, Some(false)) => Err(Invalid::new("all", "must be true, or be left out")),
            _ => Err(Invalid::new(
                "",
                "says which runs in more than one way; give scheduledIds, or conditions, or all: true",
            )),
        }
    };
    read().map_err(|invalid: Invalid| invalid.under("selection"))
}

/// `updates` of `bulkUpdate`.
pub(super) fn updates(args: &Args<'_>) -> Read<Vec<NewTime>> {
    arguments(args, "updates", |item| {
        let run = run_ref(item.member("id")).map_err(|invalid| invalid.under("id"))?;
        Ok(NewTime { run, trigger_at: trigger_at(item)? })
    })
}

fn order(query: Json<'_>) -> Read<OrderBy> {
    Ok(OrderBy {
        field: word(query, "orderByField", OrderByField::parse)?,
        direction: word(query, "orderByDirection", OrderByDirection::parse)?,
    })
}

fn filter(query: Json<'_>) -> Read<Filter> {
    let mut filter = Filter {
        workflow_id: query.text_of("workflowId"),
        workflow_name: query.text_of("workflowName"),
        parent_workflow_run_id: query.text_of("parentWorkflowRunId"),
        parent_step_run_id: query.text_of("parentStepRunId"),
        statuses: list(query, "statuses", |word| ScheduledRunStatus::parse(&word.as_text().unwrap_or_default()))?,
        additional_metadata: Vec::new(),
    };
    if filter.statuses.is_empty() && query.get("statuses").is_some() {
        // It would match nothing here and everything on the server.
        return Err(Invalid::new("statuses", "is empty; leave it out for any status"));
    }
    for (key, value) in query.member("additionalMetadata").members() {
        let value = MetadataValue::read(value);
        let value = value.map_err(|invalid| invalid.under(&step(&key)).under("additionalMetadata"))?;
        filter.additional_metadata.push((key.into(), value));
    }
    Ok(filter)
}
