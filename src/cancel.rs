//! Cancellation: one flag that any number of waits can watch.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// A flag that ends the calls that were given it. Clones share the flag.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Rc<State>);

#[derive(Debug, Default)]
struct State {
    cancelled: Cell<bool>,
    next_key: Cell<u64>,
    waiting: RefCell<Vec<(u64, Waker)>>,
}

impl Cancel {
    /// A flag that is not raised.
    pub fn new() -> Self {
        Self::default()
    }

    /// Raises the flag, for good.
    pub fn cancel(&self) {
        self.0.cancelled.set(true);
        for (_, waker) in self.0.waiting.take() {
            waker.wake();
        }
    }

    /// Whether the flag is raised.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.get()
    }

    /// Ends when the flag is raised.
    pub fn cancelled(&self) -> Cancelled {
        let key = self.0.next_key.get();
        self.0.next_key.set(key + 1);
        Cancelled { cancel: self.clone(), key }
    }

    /// Runs `future` unless the flag is raised first; the future is dropped then.
    pub async fn race<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        first(self.cancelled(), future).await.second()
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
        let mut waiting = self.cancel.0.waiting.borrow_mut();
        match waiting.iter_mut().find(|(key, _)| *key == self.key) {
            Some((_, waker)) => waker.clone_from(context.waker()),
            None => waiting.push((self.key, context.waker().clone())),
        }
        Poll::Pending
    }
}

impl Drop for Cancelled {
    fn drop(&mut self) {
        self.cancel.0.waiting.borrow_mut().retain(|(key, _)| *key != self.key);
    }
}

/// Which of two futures ended first.
#[derive(Debug)]
pub(crate) enum First<A, B> {
    /// The first one.
    One(A),
    /// The second one.
    Two(B),
}

impl<A, B> First<A, B> {
    fn second(self) -> Option<B> {
        match self {
            Self::One(_) => None,
            Self::Two(value) => Some(value),
        }
    }
}

/// Runs both until one ends, and drops the other. When both are ready the first counts.
pub(crate) async fn first<A, B>(one: impl Future<Output = A>, two: impl Future<Output = B>) -> First<A, B> {
    let mut one = std::pin::pin!(one);
    let mut two = std::pin::pin!(two);
    std::future::poll_fn(move |context| {
        if let Poll::Ready(value) = one.as_mut().poll(context) {
            return Poll::Ready(First::One(value));
        }
        two.as_mut().poll(context).map(First::Two)
    })
    .await
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
        assert_eq!(cancel.0.waiting.borrow().len(), 2);
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
