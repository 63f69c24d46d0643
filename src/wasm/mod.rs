//! Everything that knows JavaScript: bindings without logic of their own, behind the facade in `pkg/js`.
//!
//! The facade reads what only JavaScript can see of what callers pass (iterables, getters that throw, dates, signals,
//! callbacks). The rest is judged here, by serde. Rows of listings go through as the engine's parser made them.

mod arguments;
mod client;
mod cursor;
mod error;
mod event;
mod fetch;
mod platform;
mod promise;
mod settings;
mod thrown;

pub use client::{Cancel, Client};
pub use cursor::Cursor;

// A third of the size of the standard library's, and as quick.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
