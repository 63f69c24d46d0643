//! The client's flows, natively: on a simulated Hatchet with a virtual clock, so that every wait, loss and churn is
//! played in milliseconds, and against the embedded server's router in the same process.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod attempts;
mod bulk;
mod clocks;
mod embedded;
mod keepalive;
mod once;
mod paging;
mod sim;
mod watch;
