//! Everything that knows JavaScript: thin bindings, without logic of their own, behind the facade in `pkg/js`.
//!
//! The facade reads what callers pass, and hands it over as JSON text whose shape is right; what it means is checked
//! here. What a call answers goes back as JSON text too, for the engine's own parser.

mod args;
mod client;
mod cursor;
mod error;
mod event;
mod options;
mod platform;
mod thrown;

pub use client::Client;
pub use cursor::Cursor;
pub use options::Cancel;

// A third of the size of the standard library's, and as quick.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
