//! Locks.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A panic while the lock was held leaves the data as the last change left it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
