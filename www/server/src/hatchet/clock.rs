//! What time it is for the server.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};

use crate::sync::lock;

/// The server's clock: the system's, or one that stands still until it is moved.
///
/// Clones share the same time.
#[derive(Debug, Clone, Default)]
pub struct Clock(Arc<Mutex<Option<DateTime<Utc>>>>);

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands at `at` until it is moved.
    #[must_use]
    pub fn manual(at: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(Some(at))))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        lock(&self.0).unwrap_or_else(Utc::now)
    }

    /// Whether the clock stands still.
    #[must_use]
    pub fn is_manual(&self) -> bool {
        lock(&self.0).is_some()
    }

    /// Stops the clock at `at`.
    pub fn set(&self, at: DateTime<Utc>) {
        *lock(&self.0) = Some(at);
    }

    /// Stops the clock at `by` after now. A time out of range leaves it as it is.
    pub fn advance(&self, by: TimeDelta) {
        let mut manual = lock(&self.0);
        let now = manual.unwrap_or_else(Utc::now);
        *manual = now.checked_add_signed(by).or(*manual);
    }

    /// Goes with the system's clock from now on.
    pub fn follow_system(&self) {
        *lock(&self.0) = None;
    }
}
