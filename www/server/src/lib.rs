//! A Hatchet server for scheduled runs in one process: the calls, answers and habits of the real one, with SQLite
//! instead of a database server and no workers.
//!
//! [`Hatchet::open`] gives a server; [`Hatchet::router`] serves it, on a listener or within a test. The binary
//! `hatchet-embedded` adds the command line, believable data and the dashboard's files.

mod delay;
mod error;
mod go;
mod hatchet;
mod middleware;
#[cfg(not(target_arch = "wasm32"))]
pub mod replay;
mod routes;
#[cfg(not(target_arch = "wasm32"))]
mod serve;
mod store;
mod sync;
#[cfg(target_arch = "wasm32")]
mod wasm;
mod wire;

pub use error::Error;
pub use hatchet::{Clock, Hatchet, Options, tenant_of};
pub use middleware::ConnectionDropped;
