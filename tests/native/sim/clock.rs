//! Virtual time, and an executor that moves it when nothing else can happen.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// How often time moves before a future counts as endless.
const MOST_STEPS: usize = 1_000_000;

/// A clock that all of a world shares.
#[derive(Clone)]
pub(crate) struct Clock(Rc<RefCell<State>>);

struct State {
    now: DateTime<Utc>,
    /// How far the clock on the client's wall is ahead.
    wall_ahead: TimeDelta,
    next: u64,
    timers: BTreeMap<(DateTime<Utc>, u64), Waker>,
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Clock {
    pub(crate) fn at(now: DateTime<Utc>) -> Self {
        let state = State { now, wall_ahead: TimeDelta::zero(), next: 0, timers: BTreeMap::new() };
        Self(Rc::new(RefCell::new(state)))
    }

    /// The time as it is, and as the server knows it.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.borrow().now
    }

    /// What the clock on the client's wall shows.
    pub(crate) fn wall(&self) -> DateTime<Utc> {
        let state = self.0.borrow();
        state.now + state.wall_ahead
    }

    /// Somebody sets the clock on the client's wall, to so much more than the time.
    pub(crate) fn set_wall_ahead(&self, ahead: TimeDelta) {
        self.0.borrow_mut().wall_ahead = ahead;
    }

    /// What a clock shows that nobody sets.
    pub(crate) fn monotonic(&self) -> Duration {
        (self.now() - DateTime::UNIX_EPOCH).to_std().unwrap()
    }

    pub(crate) fn sleep(&self, duration: Duration) -> Sleep {
        let mut state = self.0.borrow_mut();
        state.next += 1;
        Sleep { clock: self.clone(), key: (state.now + duration, state.next) }
    }

    /// Runs the future to its end.
    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let flag = Arc::new(Flag(AtomicBool::new(true)));
        let waker = Waker::from(Arc::clone(&flag));
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        for _ in 0..MOST_STEPS {
            while flag.0.swap(false, Ordering::Relaxed) {
                if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                    return value;
                }
            }
            let mut state = self.0.borrow_mut();
            let ((at, _), waker) = state.timers.pop_first().expect("the future waits for nothing that will happen");
            state.now = state.now.max(at);
            drop(state);
            waker.wake();
        }
        panic!("the future goes on for ever");
    }
}

/// A wait on the virtual clock.
pub(crate) struct Sleep {
    clock: Clock,
    key: (DateTime<Utc>, u64),
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.0.borrow_mut();
        if state.now >= self.key.0 {
            return Poll::Ready(());
        }
        state.timers.insert(self.key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.clock.0.borrow_mut().timers.remove(&self.key);
    }
}
