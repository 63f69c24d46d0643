//! Client for [Hatchet](https://hatchet.run)'s scheduled runs: for browsers and Node as WebAssembly, and for Rust.
//!
//! Its modules are floors: each imports only from those below it.
//!
//! | where | what |
//! |---|---|
//! | `wasm` (wasm32, feature `npm`) | everything that knows JavaScript: the npm package |
//! | [`client`] | the calls, and what the server cannot do: any number, no gaps, exactly once, late changes, watching |
//! | [`transport`] | settings, the token, every effect ([`Platform`](transport::Platform)), and the only loop that sends |
//! | [`api`] | each request of the server's as data, a file an operation |
//! | [`error`] | what goes wrong, in kinds |
//! | [`model`] | what Hatchet says: runs, listings, outcomes |
//! | [`time`] | every way of saying when |
//! | [`http`] | methods, headers, requests, answers |
//! | [`value`] | values of JSON, and reading them into types |

pub mod api;
pub mod client;
pub mod error;
pub mod http;
pub mod model;
#[cfg(test)]
mod testing;
pub mod time;
pub mod transport;
pub mod value;
#[cfg(all(target_arch = "wasm32", feature = "npm"))]
pub mod wasm;
