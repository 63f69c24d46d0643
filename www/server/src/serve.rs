//! Serving over TCP.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::{ServiceExt, service_fn};
use tower_http::timeout::TimeoutBody;

use crate::hatchet::Hatchet;
use crate::middleware::{ConnectionDropped, Hosts};
use crate::wire::Refusal;

/// How long open connections may take to finish once the server stops.
const GRACE: Duration = Duration::from_secs(5);
/// How many connections are served at once; further ones wait to be accepted.
const CONNECTIONS: usize = 1_000;
/// How long a connection may take over the head of a request, the time before it included, and be silent in its body.
const PATIENCE: Duration = Duration::from_secs(30);

/// The reason why hyper closes a connection.
#[derive(Debug, thiserror::Error)]
#[error("the connection is dropped on purpose")]
struct Dropped;

impl Hatchet {
    /// Serves on a listener, with the engine running, until `stop` is done; open requests get five seconds to finish.
    pub async fn serve(&self, listener: TcpListener, stop: impl Future<Output = ()>) {
        let site = Site { router: self.router(), hosts: self.settings().hosts.clone() };
        tokio::select! {
            () = serve(listener, site, Arc::new(Semaphore::new(CONNECTIONS)), stop) => {}
            () = self.run_engine() => {}
        }
    }
}

/// What is served, and by which names.
struct Site {
    router: Router,
    hosts: Hosts,
}

/// Serves until `stop` is done, then lets open requests finish, five seconds at most.
async fn serve(listener: TcpListener, site: Site, places: Arc<Semaphore>, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    let site = Arc::new(site);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = &mut stop => break,
        };
        let (stream, place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, as a rule: leave open connections time to end.
                if !is_connection_error(&error) {
                    eprintln!("cannot accept a connection: {error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                continue;
            }
        };
        // An answer is written in one piece; waiting to fill a packet only delays it.
        let _ = stream.set_nodelay(true);
        let own = stream.local_addr().ok().map(|address| address.ip().to_canonical());
        let site = Arc::clone(&site);
        let service = service_fn(move |request: http::Request<Incoming>| answer(Arc::clone(&site), own, request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(PATIENCE)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let served = graceful.watch(connection);
        tokio::spawn(async move {
            let _ = served.await;
            drop(place);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

/// The next connection, once there is a place for it.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, place))
}

async fn answer(site: Arc<Site>, own: Option<IpAddr>, request: http::Request<Incoming>) -> Result<Response, Dropped> {
    if !site.hosts.allow(request.uri(), request.headers(), own) {
        return Ok(Refusal::Host.into_response());
    }
    let request = request.map(|body| TimeoutBody::new(PATIENCE, body));
    let answered: Result<Response, Infallible> = site.router.clone().oneshot(request).await;
    let Ok(response) = answered;
    if response.extensions().get::<ConnectionDropped>().is_some() { Err(Dropped) } else { Ok(response) }
}

fn is_connection_error(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    async fn ask(stream: &mut TcpStream) -> String {
        stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn a_connection_waits_until_there_is_a_place_for_it() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let site = Site { router: Router::new().route("/", get(|| async { "here" })), hosts: Hosts::new(&[]).unwrap() };
        let places = Arc::new(Semaphore::new(2));
        let server = tokio::spawn(serve(listener, site, Arc::clone(&places), pending()));
        let mut first = TcpStream::connect(address).await.unwrap();
        let mut second = TcpStream::connect(address).await.unwrap();
        assert_eq!(ask(&mut first).await, "HTTP/1.1 200");
        assert_eq!(ask(&mut second).await, "HTTP/1.1 200");
        let mut third = TcpStream::connect(address).await.unwrap();
        let waited = tokio::time::timeout(Duration::from_millis(300), ask(&mut third)).await;
        assert!(waited.is_err() && places.available_permits() == 0, "{waited:?}");
        drop(first);
        let mut answer = [0; 12];
        third.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        server.abort();
    }
}
