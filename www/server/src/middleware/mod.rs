//! What stands in front of the routes, whatever they are.

mod cors;
mod faults;
#[cfg(not(target_arch = "wasm32"))]
mod hosts;
mod traffic;

pub(crate) use cors::{Origins, cors};
pub use faults::ConnectionDropped;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use faults::Rule;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use hosts::{Hosts, names_loopback};
pub(crate) use traffic::{Traffic, watch};
