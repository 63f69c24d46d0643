//! What every handler is given: a call whose tenant, run and token were checked, in the real server's order.

use axum::body::Body;
use axum::extract::{FromRequest, RawPathParams, Request};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use uuid::Uuid;

use crate::go::{Query, parse_uuid};
use crate::hatchet::Hatchet;
use crate::store::{Pending, RunRow, WorkflowRow};
use crate::wire::{Refusal, bodies};

/// A checked call. The resources of the path are looked up first, then the token is checked: an unknown run is 404
/// with or without a token.
pub(crate) struct Call {
    pub(crate) query: Query,
    /// The workflow's name in the path, where there is one.
    pub(crate) workflow: String,
    pending: Option<Pending>,
    workflow_row: Option<WorkflowRow>,
    run: Option<RunRow>,
    headers: HeaderMap,
    body: Bytes,
}

impl Call {
    /// The run that the path names.
    pub(crate) fn pending(self) -> Result<Pending, Refusal> {
        self.pending.ok_or(Refusal::Unknown)
    }

    /// The workflow whose id is in the path.
    pub(crate) fn workflow_row(self) -> Result<WorkflowRow, Refusal> {
        self.workflow_row.ok_or(Refusal::Unknown)
    }

    /// The run that started whose id is in the path.
    pub(crate) fn run(self) -> Result<RunRow, Refusal> {
        self.run.ok_or(Refusal::Unknown)
    }

    /// The body, read by its content type as echo's binder reads it.
    pub(crate) fn body<T: bodies::Body>(&self) -> Result<T, Refusal> {
        let chunked = self.headers.contains_key(header::TRANSFER_ENCODING);
        if self.body.is_empty() && !chunked {
            return Ok(T::default());
        }
        let content_type =
            self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (media_type, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
        match media_type.trim() {
            "application/json" => T::read(&self.body).map_err(Refusal::bad),
            // No field of these bodies can be set from a form or from XML.
            "application/x-www-form-urlencoded" => Ok(T::default()),
            "multipart/form-data" if parameters.contains("boundary=") => Ok(T::default()),
            "multipart/form-data" => Err(Refusal::bad("no multipart boundary param in Content-Type".to_owned())),
            "application/xml" | "text/xml" if self.body.contains(&b'<') => Ok(T::default()),
            "application/xml" | "text/xml" => Err(Refusal::bad("EOF".to_owned())),
            _ => Err(Refusal::Message(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type".to_owned())),
        }
    }
}

impl FromRequest<Hatchet> for Call {
    type Rejection = Refusal;

    async fn from_request(request: Request<Body>, hatchet: &Hatchet) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        // The real router knows no HEAD.
        if parts.method == Method::HEAD {
            return Err(Refusal::Unknown);
        }
        let params =
            <RawPathParams as axum::extract::FromRequestParts<Hatchet>>::from_request_parts(&mut parts, hatchet)
                .await
                .map_err(|_| Refusal::Unknown)?;
        if params.iter().any(|(_, value)| value.is_empty()) {
            return Err(Refusal::Unknown);
        }
        let param = |wanted: &str| params.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned());
        // What is named by an id alone belongs to one tenant.
        if let Some(tenant) = param("tenant") {
            let tenant = parse_uuid(&tenant).map_err(|_| Refusal::bad("invalid tenant id".to_owned()))?;
            if tenant != hatchet.tenant_id() {
                return Err(not_found("not found"));
            }
        }
        let workflow_row = match param("workflow_id") {
            Some(id) => Some(find_workflow(hatchet, &id).await?),
            None => None,
        };
        let run = match param("run") {
            Some(id) => Some(find_run(hatchet, &id).await?),
            None => None,
        };
        let pending = match param("scheduled") {
            Some(id) => Some(find(hatchet, &id).await?),
            None => None,
        };
        let authorization = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        if !hatchet.accepts(authorization) {
            return Err(Refusal::Credentials);
        }
        let body = super::body::read(body).await?;
        Ok(Self {
            query: Query::parse(parts.uri.query()),
            workflow: param("workflow").unwrap_or_default(),
            pending,
            workflow_row,
            run,
            headers: parts.headers,
            body,
        })
    }
}

async fn find(hatchet: &Hatchet, id: &str) -> Result<Pending, Refusal> {
    let id: Uuid = parse_uuid(id).map_err(|_| Refusal::bad("invalid scheduled workflow run id".to_owned()))?;
    let pending = hatchet.run(move |state| Ok(state.store.pending(id)?)).await?;
    pending.ok_or_else(run_not_found)
}

async fn find_workflow(hatchet: &Hatchet, id: &str) -> Result<WorkflowRow, Refusal> {
    let id: Uuid = parse_uuid(id).map_err(|_| Refusal::bad("invalid workflow id".to_owned()))?;
    let workflow = hatchet.run(move |state| Ok(state.store.workflow(id).cloned())).await?;
    workflow.ok_or_else(|| not_found("not found"))
}

async fn find_run(hatchet: &Hatchet, id: &str) -> Result<RunRow, Refusal> {
    let id: Uuid = parse_uuid(id).map_err(|_| Refusal::bad("invalid workflow run id".to_owned()))?;
    let run = hatchet.run(move |state| Ok(state.store.run(id)?)).await?;
    run.ok_or_else(|| not_found("not found"))
}

/// 404 for a run that is not, or no longer, pending.
pub(crate) fn run_not_found() -> Refusal {
    not_found("scheduled workflow run not found")
}

fn not_found(message: &str) -> Refusal {
    Refusal::Message(StatusCode::NOT_FOUND, message.to_owned())
}
