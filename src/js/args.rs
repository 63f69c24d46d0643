//! The arguments of the calls.

use chrono::DateTime;
use js_sys::{Array, Date, Reflect};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::engine::{self, tag};
use super::fields::{Fields, Read, any, boolean, count, entries, expected, get, integer, items, number, string};
use super::value;
use crate::bulk::{BulkCreate, NewTime, Selection};
use crate::client::Updated;
use crate::invalid::Invalid;
use crate::json::path_at;
use crate::late::RunRef;
use crate::model::{ClientWarning, ScheduledWorkflows};
use crate::operations::{
    Filter, ListQuery, NewScheduledRun, OrderBy, OrderByDirection, OrderByField, RunId, ScheduledRunStatus,
};
use crate::page::IterateQuery;
use crate::time::{Delay, TriggerTime};

const RUN_KEYS: [&str; 5] = ["triggerAt", "input", "additionalMetadata", "priority", "idempotencyKey"];
const ORDER_KEYS: [&str; 2] = ["orderByField", "orderByDirection"];
const FILTER_KEYS: [&str; 6] =
    ["workflowId", "workflowName", "parentWorkflowRunId", "parentStepRunId", "statuses", "additionalMetadata"];

/// `workflowName` of `create`.
pub(super) fn workflow_name(value: &JsValue) -> Read<String> {
    string(value).map_err(|invalid| invalid.under("workflowName"))
}

/// `run` of `create`.
pub(super) fn new_run(value: &JsValue) -> Read<NewScheduledRun> {
    Fields::of(value, &RUN_KEYS).and_then(|fields| run(&fields)).map_err(|invalid| invalid.under("run"))
}

/// An item of `bulkCreate`.
pub(super) fn bulk_create(value: &JsValue) -> Read<BulkCreate> {
    let fields = Fields::of(value, &[&["workflowName"], &RUN_KEYS[..]].concat())?;
    Ok(BulkCreate { workflow_name: fields.required("workflowName", string)?, run: run(&fields)? })
}

fn run(fields: &Fields<'_>) -> Read<NewScheduledRun> {
    Ok(NewScheduledRun {
        trigger_at: fields.required("triggerAt", trigger_time)?,
        input: fields.optional("input", value::json_object)?.unwrap_or_default(),
        additional_metadata: fields.optional("additionalMetadata", value::json_object)?.unwrap_or_default(),
        priority: fields.optional("priority", priority)?,
        idempotency_key: fields.optional("idempotencyKey", string)?,
    })
}

/// What is no priority of a run becomes one that the client refuses.
fn priority(value: &JsValue) -> Read<i32> {
    integer(value).map(|priority| i32::try_from(priority).unwrap_or_default())
}

/// A run as an argument: its id, or the run itself, which tells when it is due.
pub(super) fn scheduled(value: &JsValue) -> Read<RunRef> {
    run_ref(value).map_err(|invalid| invalid.under("scheduled"))
}

/// A run, somewhere in an argument.
pub(super) fn run_ref(value: &JsValue) -> Read<RunRef> {
    if let Some(id) = value.as_string() {
        return RunId::parse(&id).map(RunRef::from);
    }
    if !value.is_object() {
        return Err(expected("an id or a run with its metadata", value));
    }
    let metadata = get(value, "metadata")?;
    if !metadata.is_object() {
        return Err(expected("an id or a run with its metadata", value));
    }
    let id = string(&get(&metadata, "id")?).and_then(|id| RunId::parse(&id));
    let id = id.map_err(|invalid| invalid.under("metadata.id"))?;
    let due = get(value, "triggerAt")?.as_string().and_then(|text| DateTime::parse_from_rfc3339(&text).ok());
    Ok(RunRef { id, trigger_at: due.map(|due| due.to_utc()) })
}

/// `change` of `update`.
pub(super) fn change(value: &JsValue) -> Read<TriggerTime> {
    Fields::of(value, &["triggerAt"])
        .and_then(|fields| fields.required("triggerAt", trigger_time))
        .map_err(|invalid| invalid.under("change"))
}

/// `updated` of `confirm`: a run as `update` gave it.
pub(super) fn updated(value: &JsValue) -> Read<Updated> {
    let read = || {
        if !value.is_object() {
            return Err(expected("an object", value));
        }
        let text = engine::stringify(value)?;
        let Warned { warnings } = given_before(&text)?;
        Ok(Updated { run: given_before(&text)?, warnings })
    };
    read().map_err(|invalid: Invalid| invalid.under("updated"))
}

#[derive(Deserialize)]
struct Warned {
    #[serde(default)]
    warnings: Vec<ClientWarning>,
}

/// Runs as calls gave them.
pub(super) fn runs(value: &JsValue) -> Read<Vec<ScheduledWorkflows>> {
    let runs: Array = items(value, any)?.into_iter().collect();
    given_before(&engine::stringify(&runs)?)
}

/// Reads what a call gave. From bytes, as answers are read: the reader is then compiled once.
fn given_before<T: DeserializeOwned>(text: &str) -> Read<T> {
    serde_json::from_slice(text.as_bytes()).map_err(|error| {
        let path = path_at(text.as_bytes(), error.line(), error.column());
        Invalid::new(path, format!("is not as a call of this client gave it: {error}"))
    })
}

/// Every way to say when.
pub(super) fn trigger_time(value: &JsValue) -> Read<TriggerTime> {
    if let Some(milliseconds) = value.as_f64() {
        return Ok(TriggerTime::EpochMillis(milliseconds));
    }
    if let Some(text) = value.as_string() {
        return Ok(TriggerTime::Text(text));
    }
    if value.is_object() {
        if tag(value) == "Date" {
            return TriggerTime::from_date(value.unchecked_ref::<Date>().value_of());
        }
        // Temporal.Instant and Temporal.ZonedDateTime, a polyfill's too.
        if let Some(milliseconds) = get(value, "epochMilliseconds")?.as_f64() {
            return TriggerTime::from_date(milliseconds);
        }
        let has = |key: &str| Reflect::has(value, &JsValue::from_str(key)).unwrap_or_default();
        if has("local") {
            return local_time(value);
        }
        if has("in") {
            return Fields::of(value, &["in"])?.required("in", delay).map(TriggerTime::In);
        }
    }
    let forms = "a Date, milliseconds since 1970, ISO 8601 with Z or an offset, a Temporal.Instant or ZonedDateTime, \
                 { local, timeZone } or { in }";
    Err(expected(forms, value))
}

fn local_time(value: &JsValue) -> Read<TriggerTime> {
    let fields = Fields::of(value, &["local", "timeZone", "disambiguation"])?;
    let disambiguation = fields.optional("disambiguation", |word| {
        string(word)?.parse().map_err(|_| Invalid::new("", "must be one of compatible, earlier, later, reject"))
    })?;
    Ok(TriggerTime::Local {
        local: fields.required("local", string)?,
        time_zone: fields.required("timeZone", string)?,
        disambiguation: disambiguation.unwrap_or_default(),
    })
}

fn delay(value: &JsValue) -> Read<Delay> {
    match value.as_string() {
        Some(text) => Ok(Delay::Text(text)),
        None => {
            number(value).map(Delay::Millis).map_err(|_| expected("a text such as \"15m\", or milliseconds", value))
        }
    }
}

/// `query` of `list`.
pub(super) fn list_query(value: &JsValue) -> Read<ListQuery> {
    query(value, &["offset", "limit"], |fields| {
        Ok(ListQuery {
            filter: filter(fields)?,
            order: order(fields)?,
            offset: fields.optional("offset", count)?,
            limit: fields.optional("limit", count)?,
        })
    })
}

/// `query` of `iterate`.
pub(super) fn iterate_query(value: &JsValue) -> Read<IterateQuery> {
    query(value, &["pageSize"], |fields| {
        let page_size = fields.optional("pageSize", count)?;
        if page_size == Some(0) {
            return Err(Invalid::new("pageSize", "must be at least 1"));
        }
        Ok(IterateQuery { filter: filter(fields)?, order: order(fields)?, page_size })
    })
}

/// `query` of `watch`. It has no use for an order, but a query of the other calls may hold one.
pub(super) fn watch_query(value: &JsValue) -> Read<Filter> {
    query(value, &[], |fields| order(fields).and_then(|_| filter(fields)))
}

/// `selection` of `bulkDelete`: exactly one of its forms.
pub(super) fn selection(value: &JsValue) -> Read<Selection> {
    let read = || {
        let fields = Fields::of(value, &[&["scheduledIds", "all"], &FILTER_KEYS[..]].concat())?;
        let runs = fields.optional("scheduledIds", |runs| items(runs, run_ref))?;
        let all = fields.optional("all", boolean)?;
        let filter = filter(&fields)?;
        match (runs, all) {
            (Some(runs), None) if filter.is_empty() => Ok(Selection::Runs(runs)),
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

/// An item of `bulkUpdate`: an object or a pair.
pub(super) fn bulk_update(value: &JsValue) -> Read<NewTime> {
    let pair = value.dyn_ref::<Array>().filter(|pair| pair.length() == 2);
    let (run, trigger_at) = match pair {
        Some(pair) => (run_ref(&pair.get(0)).map_err(|invalid| invalid.under("id"))?, pair.get(1)),
        None => {
            let fields = Fields::of(value, &["id", "triggerAt"]).map_err(|invalid| {
                if invalid.path.is_empty() { expected("{ id, triggerAt } or [id, triggerAt]", value) } else { invalid }
            })?;
            (fields.required("id", run_ref)?, fields.required("triggerAt", any)?)
        }
    };
    let trigger_at = trigger_time(&trigger_at).map_err(|invalid| invalid.under("triggerAt"))?;
    Ok(NewTime { run, trigger_at })
}

fn query<T: Default>(value: &JsValue, further: &[&str], read: impl FnOnce(&Fields<'_>) -> Read<T>) -> Read<T> {
    if value.is_undefined() {
        return Ok(T::default());
    }
    let known = [&FILTER_KEYS[..], &ORDER_KEYS[..], further].concat();
    Fields::of(value, &known).and_then(|fields| read(&fields)).map_err(|invalid| invalid.under("query"))
}

fn order(fields: &Fields<'_>) -> Read<OrderBy> {
    Ok(OrderBy {
        field: fields.optional("orderByField", |word| OrderByField::parse(&string(word)?))?,
        direction: fields.optional("orderByDirection", |word| OrderByDirection::parse(&string(word)?))?,
    })
}

fn filter(fields: &Fields<'_>) -> Read<Filter> {
    Ok(Filter {
        workflow_id: fields.optional("workflowId", string)?,
        workflow_name: fields.optional("workflowName", string)?,
        parent_workflow_run_id: fields.optional("parentWorkflowRunId", string)?,
        parent_step_run_id: fields.optional("parentStepRunId", string)?,
        statuses: fields.optional("statuses", statuses)?.unwrap_or_default(),
        additional_metadata: fields
            .optional("additionalMetadata", |metadata| entries(metadata, value::any))?
            .unwrap_or_default(),
    })
}

/// No status at all would match nothing here and everything on the server.
fn statuses(value: &JsValue) -> Read<Vec<ScheduledRunStatus>> {
    let statuses = items(value, |word| ScheduledRunStatus::parse(&string(word)?))?;
    if statuses.is_empty() { Err(Invalid::new("", "is empty; leave it out for any status")) } else { Ok(statuses) }
}
