//! How steps reach a server.

use std::future::Future;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, StatusCode, Uri};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::error::Error;

/// A request to be sent as it stands.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query.
    pub target: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; empty for none.
    pub body: Vec<u8>,
}

/// An answer as it came.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// Sends a request and gives the answer.
pub trait Transport {
    /// Sends a request.
    fn send(&self, request: Request) -> impl Future<Output = Result<Reply, Error>> + Send;
}

impl Transport for Router {
    async fn send(&self, request: Request) -> Result<Reply, Error> {
        let mut sent = http::Request::new(Body::from(request.body));
        *sent.method_mut() = request.method;
        *sent.uri_mut() = request.target;
        *sent.headers_mut() = request.headers;
        let Ok(response) = self.clone().oneshot(sent).await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| Error::Options(format!("the answer broke off: {error}")))?;
        Ok(Reply { status: parts.status, headers: parts.headers, body: body.to_bytes().into() })
    }
}
