//! Cancellation: one flag that any number of waits can watch.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures_util::future::{Either, select};

/// A flag that ends the calls that were given it. Clones share the flag.
#[derive(Debug, Clone)]
pub struct Cancel(Option<Rc<State>>);

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Debug, Default)]
struct State {
    cancelled: Cell<bool>,
    next_key: Cell<u64>,
    waiting: RefCell<Vec<(u64, Waker)>>,
}

impl Cancel {
    /// A flag that is not raised.
    pub fn new() -> Self {
        Self(Some(Rc::default()))
    }

    /// A flag that is never raised: nothing is kept of who waits for it.
    pub fn never() -> Self {
        Self(None)
    }

    /// Raises the flag, for good.
    pub fn cancel(&self) {
        if let Some(state) = &self.0 {
            state.cancelled.set(true);
            for (_, waker) in state.waiting.take() {
                waker.wake();
            }
        }
    }

    /// Whether the flag is raised.
    pub fn is_cancelled(&self) -> bool {
        self.0.as_ref().is_some_and(|state| state.cancelled.get())
    }

    /// Ends when the flag is raised.
    pub fn cancelled(&self) -> Cancelled {
        let key = self.0.as_ref().map_or(0, |state| state.next_key.replace(state.next_key.get() + 1));
        Cancelled { cancel: self.clone(), key }
    }

    /// Runs `future` unless the flag is raised first; the future is dropped then.
    pub async fn race<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        match select(pin!(self.cancelled()), pin!(future)).await {
            Either::Left(_) => None,
            Either::Right((value, _)) => Some(value),
        }
    }
}

/// A wait for [`Cancel::cancel`]. It leaves nothing behind when dropped.
#[derive(Debug)]
pub struct Cancelled {
    cancel: Cancel,
    key: u64,
}

impl Future for Cancelled {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.cancel.is_cancelled() {
            return Poll::Ready(());
        }
        let Some(state) = &self.cancel.0 else { return Poll::Pending };
        let mut waiting = state.waiting.borrow_mut();
        match waiting.iter_mut().find(|(key, _)| *key == self.key) {
            Some((_, waker)) => waker.clone_from(context.waker()),
            None => waiting.push((self.key, context.waker().clone())),
        }
        Poll::Pending
    }
}

impl Drop for Cancelled {
    fn drop(&mut self) {
        if let Some(state) = &self.cancel.0 {
            state.waiting.borrow_mut().retain(|(key, _)| *key != self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    #[test]
    fn every_wait_ends_and_dropped_waits_leave_nothing() {
        let cancel = Cancel::new();
        let mut context = Context::from_waker(Waker::noop());
        let mut waits: Vec<_> = (0..3).map(|_| Box::pin(cancel.cancelled())).collect();
        for wait in &mut waits {
            assert!(wait.as_mut().poll(&mut context).is_pending());
        }
        waits.pop();
        assert_eq!(cancel.0.as_ref().unwrap().waiting.borrow().len(), 2);
        cancel.cancel();
        assert!(waits.iter_mut().all(|wait| wait.as_mut().poll(&mut context).is_ready()));
    }

    #[test]
    fn a_raised_flag_wins_over_a_ready_future() {
        let cancel = Cancel::new();
        let mut context = Context::from_waker(Waker::noop());
        assert_eq!(pin!(cancel.race(ready(1))).poll(&mut context), Poll::Ready(Some(1)));
        assert!(pin!(cancel.race(pending::<i32>())).poll(&mut context).is_pending());
        cancel.cancel();
        assert_eq!(pin!(cancel.race(ready(1))).poll(&mut context), Poll::Ready(None));
    }
}
