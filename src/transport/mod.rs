//! From a call to its answer: settings, the token, the effects behind [`Platform`], and the only loop that sends.

mod call;
mod cancel;
mod clock;
mod config;
mod event;
mod keepalive;
mod plain;
mod platform;
mod retry;
mod token;

pub use call::CallOptions;
pub(crate) use call::{Answer, Call, Connection};
pub use cancel::Cancel;
pub(crate) use clock::ServerClock;
pub use clock::ServerTime;
pub(crate) use config::check_duration;
pub use config::{Config, DEFAULT_MAX_RETRIES, DEFAULT_TIMEOUT, Environment, LONGEST_TIMEOUT, Namespace, Options};
pub use config::{NO_TENANT, TokenFuture, TokenSource};
pub use event::{Attempt, Event, Happening};
pub use keepalive::{Keepalive, LIMIT as KEEPALIVE_LIMIT};
pub use platform::Platform;
pub use retry::RETRY_AFTER_CAP;
pub use token::{Claims, Token};
