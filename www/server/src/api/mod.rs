//! The HTTP interface: routes, and what handlers share.

mod bulk;
mod call;
mod refusal;
mod runs;
mod scheduled;
mod workflows;

use std::sync::Arc;

use crate::wire::Pagination;
use axum::Router;
use axum::routing::{get, post};
use uuid::Uuid;

use crate::hatchet::Inner;
pub(crate) use refusal::Refusal;

/// The routes of the API. Any other path or method is 403 with the body `null`.
pub(crate) fn router(inner: Arc<Inner>) -> Router {
    let workflows = "/api/v1/tenants/{tenant}/workflows";
    let one = get(scheduled::get).patch(scheduled::update).delete(scheduled::delete).post(scheduled::trigger);
    Router::new()
        .route(workflows, get(workflows::list))
        .route(&format!("{workflows}/scheduled"), get(scheduled::list))
        .route(&format!("{workflows}/scheduled/bulk-delete"), post(bulk::delete))
        .route(&format!("{workflows}/scheduled/bulk-update"), post(bulk::update))
        .route(&format!("{workflows}/scheduled/{{scheduled}}"), one)
        .route(&format!("{workflows}/{{workflow}}/scheduled"), post(scheduled::create))
        .route("/api/v1/stable/tenants/{tenant}/workflow-runs", get(runs::list))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .with_state(inner)
}

async fn unknown() -> Refusal {
    Refusal::Unknown
}

/// The cookie of a new, unauthenticated session.
fn new_cookie() -> String {
    format!("hatchet={}; Path=/; HttpOnly; SameSite=Lax", Uuid::new_v4().simple())
}

/// Where a page stands, by the real server's arithmetic: a limit of 0 gives its garbage, no rows a next page of 2.
fn pagination(count: i64, offset: i64, limit: i64) -> Pagination {
    let num_pages = go_int64((count as f64 / limit as f64).ceil());
    let current_page = go_int64((offset as f64 / limit as f64).ceil()).wrapping_add(1);
    let next_page = if current_page == num_pages { current_page } else { current_page.wrapping_add(1) };
    Pagination { current_page, next_page, num_pages }
}

/// Go's conversion on amd64: what is no 64-bit integer becomes the smallest one.
fn go_int64(value: f64) -> i64 {
    if (-9.223_372_036_854_776e18..9.223_372_036_854_776e18).contains(&value) { value as i64 } else { i64::MIN }
}

/// A limit and an offset as the database sees them: 32 bits, and a negative one is an error.
fn window(offset: i64, limit: i64) -> Result<(usize, usize), Refusal> {
    let bits = |value: i64, name| {
        usize::try_from(value as i32).map_err(|_| Refusal::Internal(format!("{name} must not be negative")))
    };
    Ok((bits(offset, "OFFSET")?, bits(limit, "LIMIT")?))
}

/// Filters of the form `key:value`, split at every colon: exactly one may stand in each. Of a repeated key the last
/// value counts.
fn metadata_filter(filters: &[String]) -> Result<Vec<(String, String)>, Refusal> {
    let mut pairs = std::collections::BTreeMap::new();
    for filter in filters {
        let parts: Vec<&str> = filter.split(':').collect();
        let [key, value] = parts.as_slice() else {
            return Err(Refusal::errors("Additional metadata filters must be in the format key:value."));
        };
        pairs.insert((*key).to_owned(), (*value).to_owned());
    }
    if pairs.iter().any(|(key, value)| key.contains('\0') || value.contains('\0')) {
        return Err(Refusal::Internal("unsupported Unicode escape sequence".to_owned()));
    }
    Ok(pairs.into_iter().collect())
}
