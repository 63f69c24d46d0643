//! Requests that outlive their page: browsers refuse those whose bodies, all that are under way together, pass 64 KiB, and
//! tell that as a lost connection.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::{Poll, Waker};

use crate::value::Invalid;

/// What browsers take, in bytes of bodies under way.
pub const LIMIT: usize = 64 * 1024;

/// The bodies under way of requests that outlive their page. One for a whole page.
#[derive(Debug, Default)]
pub struct Keepalive {
    bytes: Cell<usize>,
    waiting: RefCell<Vec<Waker>>,
}

/// Room for a body, until it is dropped.
#[derive(Debug)]
pub(crate) struct Admitted<'a> {
    keepalive: &'a Keepalive,
    bytes: usize,
}

impl Keepalive {
    /// Waits until there is room for a body.
    ///
    /// # Errors
    /// There never will be.
    pub(crate) async fn admit(&self, bytes: usize) -> Result<Admitted<'_>, Invalid> {
        if bytes > LIMIT {
            return Err(Invalid::new(
                "options.keepalive",
                format!(
                    "cannot hold: browsers let bodies of at most 64 KiB outlive their page, and this one has {} KiB; leave it out",
                    bytes.div_ceil(1024)
                ),
            ));
        }
        poll_fn(|context| {
            if self.bytes.get() + bytes <= LIMIT {
                return Poll::Ready(());
            }
            self.waiting.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await;
        self.bytes.set(self.bytes.get() + bytes);
        Ok(Admitted { keepalive: self, bytes })
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        self.keepalive.bytes.set(self.keepalive.bytes.get().saturating_sub(self.bytes));
        for waker in self.keepalive.waiting.take() {
            waker.wake();
        }
    }
}
