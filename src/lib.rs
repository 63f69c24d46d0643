//! Client for [Hatchet](https://hatchet.run)'s scheduled runs: for browsers and Node as WebAssembly, and for Rust.
//!
//! | where | what |
//! |---|---|
//! | [`client`] | the calls |
//! | [`operations`] | one file per request of the server's: what goes over the wire |
//! | [`bulk`], [`page`], [`once`], [`watch`] | what the server cannot do: any number, no gaps, exactly once, changes |
//! | [`call`], [`retry`], [`cancel`] | the one attempt loop, its decisions, its end |
//! | [`time`] | every way of saying when |
//! | [`late`] | changes that come too late |
//! | [`config`], [`token`] | settings, and where they come from |
//! | [`model`], [`endpoint`], [`json`] | types on the wire, encoding and decoding |
//! | [`error`], [`invalid`] | what goes wrong |
//! | [`platform`] | every effect: requests, waits, the clock, chance, zones |
//! | `js` (wasm32, feature `npm`) | everything that knows JavaScript: the npm package |

pub mod bulk;
pub mod call;
pub mod cancel;
pub mod client;
pub mod config;
pub mod endpoint;
pub mod error;
mod id;
pub mod invalid;
#[cfg(all(target_arch = "wasm32", feature = "npm"))]
pub mod js;
pub mod json;
pub mod late;
pub mod model;
pub mod once;
pub mod operations;
pub mod page;
pub mod platform;
pub mod retry;
#[cfg(test)]
mod testing;
mod text;
pub mod time;
pub mod token;
pub mod watch;
