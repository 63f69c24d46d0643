//! What stands in front of the routes, whatever they are.

mod cors;
mod date;
mod faults;
mod traffic;

pub(crate) use cors::{Origins, cors};
pub(crate) use date::date;
pub use faults::ConnectionDropped;
pub(crate) use faults::Rule;
pub(crate) use traffic::{Traffic, watch};
