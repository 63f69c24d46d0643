//! Serving over TCP.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tower::{ServiceExt, service_fn};

use crate::hatchet::Hatchet;
use crate::middleware::ConnectionDropped;

/// How long open connections may take to finish once the server stops.
const GRACE: Duration = Duration::from_secs(5);

/// The reason why hyper closes a connection.
#[derive(Debug, thiserror::Error)]
#[error("the connection is dropped on purpose")]
struct Dropped;

impl Hatchet {
    /// Serves on a listener, with the engine running, until `stop` is done; open requests get five seconds to finish.
    pub async fn serve(&self, listener: TcpListener, stop: impl Future<Output = ()>) {
        tokio::select! {
            () = serve(listener, self.router(), stop) => {}
            () = self.run_engine() => {}
        }
    }
}

/// Serves until `stop` is done, then lets open requests finish, five seconds at most.
async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    let router = Arc::new(router);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
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
        let router = Arc::clone(&router);
        let service = service_fn(move |request: http::Request<Incoming>| answer(Arc::clone(&router), request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        tokio::spawn(graceful.watch(connection));
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

async fn answer(router: Arc<Router>, request: http::Request<Incoming>) -> Result<Response, Dropped> {
    let answered: Result<Response, Infallible> = Router::clone(&router).oneshot(request).await;
    let Ok(response) = answered;
    if response.extensions().get::<ConnectionDropped>().is_some() { Err(Dropped) } else { Ok(response) }
}

fn is_connection_error(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
