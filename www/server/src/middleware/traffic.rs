//! What goes through the server while it is tested: faults on purpose, and a log of requests.

use std::sync::{Arc, Mutex};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::faults::{ConnectionDropped, Faults};
use crate::delay::Timers;
use crate::sync::lock;

/// The log keeps this many requests; older ones go.
const LOG: usize = 200_000;

/// Faults and the log of requests.
#[derive(Default)]
pub(crate) struct Traffic {
    pub(crate) faults: Mutex<Faults>,
    pub(crate) log: Mutex<Vec<Logged>>,
}

/// A request as it was seen. Preflights are not.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Logged {
    method: String,
    path: String,
    query: Option<String>,
    at: DateTime<Utc>,
    /// Absent while the request is under way, and where no answer was sent.
    status: Option<u16>,
    /// The client was gone before the answer was there.
    client_closed: bool,
}

/// Logs every request and lets faults befall it.
pub(crate) async fn watch(State(traffic): State<Arc<Traffic>>, request: Request, next: Next) -> Response {
    let uri = request.uri();
    let target = uri.path_and_query().map_or_else(|| uri.path().to_owned(), ToString::to_string);
    let method = request.method().to_string();
    let logged = Logged {
        method: method.clone(),
        path: uri.path().to_owned(),
        query: uri.query().map(str::to_owned),
        at: Utc::now(),
        status: None,
        client_closed: true,
    };
    let mut entry = Entry::new(&traffic, logged);
    let timers = request.extensions().get::<Timers>().cloned().unwrap_or_default();
    let fault = lock(&traffic.faults).strike(&method, &target);
    let response = match fault {
        Some(fault) => fault.befall(timers, next.run(request)).await,
        None => next.run(request).await,
    };
    let is_dropped = response.extensions().get::<ConnectionDropped>().is_some();
    entry.finish((!is_dropped).then(|| response.status().as_u16()));
    response
}

/// A place in the log. Dropped before it is finished, it says that the client went away: so it stood from the start.
struct Entry<'a> {
    traffic: &'a Traffic,
    at: usize,
    logged: DateTime<Utc>,
}

impl<'a> Entry<'a> {
    fn new(traffic: &'a Traffic, logged: Logged) -> Self {
        let mut log = lock(&traffic.log);
        if log.len() >= LOG {
            log.drain(..LOG / 2);
        }
        let at = logged.at;
        log.push(logged);
        Self { traffic, at: log.len() - 1, logged: at }
    }

    fn finish(&mut self, status: Option<u16>) {
        let mut log = lock(&self.traffic.log);
        // The log may have been cleared meanwhile.
        if let Some(entry) = log.get_mut(self.at).filter(|entry| entry.at == self.logged) {
            entry.status = status;
            entry.client_closed = false;
        }
    }
}
