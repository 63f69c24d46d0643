//! Steps over the network, in plain text or over TLS.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::transport::{Reply, Request, Transport};
use crate::error::Error;

/// A server at an address.
#[derive(Debug, Clone)]
pub struct Live {
    authority: String,
    host: String,
    port: u16,
    tls: Option<Arc<ClientConfig>>,
}

impl Live {
    /// A server at `url`. Over TLS it has to show a certificate that this machine trusts, or that is in the file named by
    /// `SSL_CERT_FILE`.
    ///
    /// # Errors
    /// When the address is not `http://host[:port]` or `https://host[:port]`, or no trusted certificates are to be found.
    pub fn new(url: &str) -> Result<Self, Error> {
        // What stands there may hold a password.
        let malformed =
            || Error::Options("the address is not of the form https://host:port or http://host:port".to_owned());
        let parsed: Uri = url.parse().map_err(|_| malformed())?;
        let authority =
            parsed.authority().filter(|authority| !authority.as_str().contains('@')).ok_or_else(malformed)?;
        if parsed.path_and_query().is_some_and(|rest| rest != "/") {
            return Err(malformed());
        }
        let (port, tls) = match parsed.scheme_str() {
            Some("http") => (80, None),
            Some("https") => (443, Some(trust()?)),
            _ => return Err(malformed()),
        };
        Ok(Self {
            authority: authority.to_string(),
            host: authority.host().trim_matches(['[', ']']).to_owned(),
            port: authority.port_u16().unwrap_or(port),
            tls,
        })
    }

    fn failed(&self, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        Error::Io { what: format!("calling {}", self.authority), source: std::io::Error::other(error) }
    }

    async fn exchange<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        &self,
        stream: S,
        request: Request,
    ) -> Result<Reply, Error> {
        let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = handshake.map_err(|error| self.failed(error))?;
        let connection = tokio::spawn(connection);
        let mut sent = http::Request::new(Full::<Bytes>::from(request.body));
        *sent.method_mut() = request.method;
        *sent.uri_mut() = request.target;
        *sent.headers_mut() = request.headers;
        let host = HeaderValue::from_str(&self.authority).map_err(|error| Error::Options(error.to_string()))?;
        sent.headers_mut().insert(header::HOST, host);
        let response = sender.send_request(sent).await.map_err(|error| self.failed(error))?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| self.failed(error))?.to_bytes();
        drop(sender);
        connection.abort();
        Ok(Reply { status: parts.status, headers: parts.headers, body: body.into() })
    }
}

impl Transport for Live {
    async fn send(&self, request: Request) -> Result<Reply, Error> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(|error| self.failed(error))?;
        let Some(tls) = &self.tls else { return self.exchange(stream, request).await };
        let name = ServerName::try_from(self.host.clone()).map_err(|error| self.failed(error))?;
        let stream = TlsConnector::from(Arc::clone(tls)).connect(name, stream).await;
        self.exchange(stream.map_err(|error| self.failed(error))?, request).await
    }
}

/// TLS with the certificates that this machine trusts.
fn trust() -> Result<Arc<ClientConfig>, Error> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (trusted, _) = roots.add_parsable_certificates(found.certs);
    if trusted == 0 {
        let reasons: Vec<String> = found.errors.iter().map(ToString::to_string).collect();
        let hint = "no trusted certificates are to be found; SSL_CERT_FILE can name a file of them";
        return Err(Error::Options([&[hint.to_owned()], reasons.as_slice()].concat().join(": ")));
    }
    Ok(Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()))
}
