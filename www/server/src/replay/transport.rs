//! How steps reach a server: in this process, or over the network.

use std::future::Future;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
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

/// A server at a plain-text address, `http://host:port`.
#[derive(Debug, Clone)]
pub struct Live {
    authority: String,
}

impl Live {
    /// A server at `url`.
    ///
    /// # Errors
    /// When the address is not `http://host[:port]`: TLS is not spoken here.
    pub fn new(url: &str) -> Result<Self, Error> {
        let authority = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/').to_owned());
        match authority {
            Some(authority) if !authority.is_empty() && !authority.contains('/') => Ok(Self { authority }),
            _ => Err(Error::Options(format!("{url} is not of the form http://host:port, the only one played against"))),
        }
    }
}

impl Transport for Live {
    async fn send(&self, request: Request) -> Result<Reply, Error> {
        let what = format!("calling {}", self.authority);
        let failed = |error: hyper::Error| Error::Io { what: what.clone(), source: std::io::Error::other(error) };
        let address =
            if self.authority.contains(':') { self.authority.clone() } else { format!("{}:80", self.authority) };
        let stream = tokio::net::TcpStream::connect(address).await.map_err(Error::io(what.clone()))?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(failed)?;
        let connection = tokio::spawn(connection);
        let mut sent = http::Request::new(Full::<Bytes>::from(request.body));
        *sent.method_mut() = request.method;
        *sent.uri_mut() = request.target;
        *sent.headers_mut() = request.headers;
        let host = HeaderValue::from_str(&self.authority).map_err(|error| Error::Options(error.to_string()))?;
        sent.headers_mut().insert(header::HOST, host);
        let response = sender.send_request(sent).await.map_err(failed)?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(failed)?.to_bytes();
        drop(sender);
        connection.abort();
        Ok(Reply { status: parts.status, headers: parts.headers, body: body.into() })
    }
}
