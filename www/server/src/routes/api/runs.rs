//! The listing of runs that started.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State as Shared;

use super::call::Call;
use super::listing::window;
use super::view::{self, Show};
use crate::go::Query;
use crate::hatchet::Hatchet;
use crate::store::{RunFilter, micros};
use crate::wire::runs::RunList;
use crate::wire::{Pagination, Refusal};

const STATUSES: [&str; 5] = ["QUEUED", "RUNNING", "COMPLETED", "CANCELLED", "FAILED"];

/// `GET /workflow-runs`: what was created since a time, the newest first.
pub(super) async fn list(Shared(hatchet): Shared<Hatchet>, call: Call) -> Result<Json<RunList>, Refusal> {
    let query = &call.query;
    let offset = query.integer("offset").map_err(Refusal::bad)?.unwrap_or(0);
    let limit = query.integer("limit").map_err(Refusal::bad)?.unwrap_or(50);
    let since = query.time("since").map_err(Refusal::bad)?.filter(|since| !since.is_zero());
    let until = query.time("until").map_err(Refusal::bad)?;
    let filters = query.strings("additional_metadata").unwrap_or_default();
    let together = query.string("additional_metadata_operator").map_err(Refusal::bad)?.as_deref() == Some("AND");
    let workflows = query.uuids("workflow_ids").map_err(Refusal::bad)?;
    let only_tasks = query.boolean("only_tasks").and_then(|only| Query::required("only_tasks", only));
    let as_task = only_tasks.map_err(Refusal::bad)?;
    let payloads = query.boolean("include_payloads").map_err(Refusal::bad)?.unwrap_or(false);
    // Those that it does not know it passes over, and a filter that is not key:value too.
    let known = |status: &String| STATUSES.contains(&status.as_str());
    let statuses: Vec<String> = query.strings("statuses").unwrap_or_default().into_iter().filter(known).collect();
    let pairs = filters.iter().filter_map(|filter| filter.split_once(':'));
    let pairs: BTreeMap<String, String> = pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    window(offset, limit)?;
    if limit == 0 || pairs.iter().any(|(key, value)| key.contains('\0') || value.contains('\0')) {
        return Err(Refusal::Internal("a limit of 0, or a NUL".to_owned()));
    }
    let filter = RunFilter {
        // Without a time, or with the zero one, it finds nothing.
        since: since.map_or(i64::MAX, |since| micros(since.utc().and_utc())),
        until: until.map(|until| micros(until.utc().and_utc())),
        workflows: workflows.filter(|workflows| !workflows.is_empty()),
        statuses: (!statuses.is_empty()).then_some(statuses),
        any_pair: !together,
        pairs: pairs.into_iter().collect(),
    };
    let list = hatchet
        .run(move |state| {
            let now = micros(state.clock.now());
            let (count, page) = state.store.runs(&filter, now, offset, limit)?;
            let show = Show { as_task, payloads };
            let rows = page.iter().map(|run| view::row(state, run, now, show)).collect::<Result<_, _>>()?;
            Ok(RunList { pagination: pagination(count, offset, limit), rows })
        })
        .await?;
    Ok(Json(list))
}

/// Where a page stands, by the real server's arithmetic, which for runs is another: the next page is always one on.
fn pagination(count: i64, offset: i64, limit: i64) -> Pagination {
    let current_page = offset / limit + 1;
    Pagination { current_page, next_page: current_page + 1, num_pages: (count + limit - 1) / limit }
}
