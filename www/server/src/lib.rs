//! A Hatchet server for scheduled runs in one process: the calls, answers and habits of the real one, with SQLite
//! instead of a database server and no workers.
//!
//! [`Hatchet::open`] gives a server; [`Hatchet::router`] serves it, on a listener or within a test. The binary
//! `hatchet-embedded` adds the command line, believable data and the dashboard's files.

mod api;
mod bodies;
mod clock;
mod controls;
mod cors;
mod engine;
mod error;
mod go;
mod hatchet;
mod pages;
pub mod replay;
mod seed;
mod serve;
mod store;
mod token;
mod wire;

pub use clock::Clock;
pub use error::Error;
pub use hatchet::{Hatchet, Options};
pub use serve::ConnectionDropped;
pub use token::tenant_of;
