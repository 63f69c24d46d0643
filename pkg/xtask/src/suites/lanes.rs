//! What does not depend on another runs side by side.

use std::sync::Mutex;
use std::thread;

/// Who may run at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// Cargo's own work, one after the other: cargo locks its folder, and uses every core.
    Cargo,
    /// Beside anything.
    Beside,
}

/// Runs every item once, those of a lane in their order, by two workers: the first takes the lane of cargo and then helps the
/// second. Gives the results in the order of the items.
pub(super) fn run<T: Sync, R: Send>(items: &[T], lane: impl Fn(&T) -> Lane, run: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let of = |wanted| items.iter().enumerate().filter(|(_, item)| lane(item) == wanted).collect::<Vec<_>>();
    let (cargo, beside) = (of(Lane::Cargo), of(Lane::Beside));
    let queue = Mutex::new(beside.into_iter());
    let next = || queue.lock().ok()?.next();
    let results = Mutex::new(Vec::with_capacity(items.len()));
    let done = |(index, item): (usize, &T)| {
        let result = run(item);
        if let Ok(mut results) = results.lock() {
            results.push((index, result));
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| {
            cargo.into_iter().for_each(done);
            std::iter::from_fn(next).for_each(done);
        });
        scope.spawn(|| std::iter::from_fn(next).for_each(done));
    });
    let mut results = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn every_item_runs_once_and_results_keep_the_order() {
        let items: Vec<usize> = (0..50).collect();
        let lane = |item: &usize| if item.is_multiple_of(3) { Lane::Cargo } else { Lane::Beside };
        assert_eq!(run(&items, lane, |item| item * 2), items.iter().map(|item| item * 2).collect::<Vec<_>>());
    }

    #[test]
    fn the_lanes_run_side_by_side_and_cargo_does_not_run_beside_itself() {
        let both = Barrier::new(2);
        run(&[Lane::Cargo, Lane::Beside], |lane| *lane, |_| both.wait().is_leader());
        let running = AtomicUsize::new(0);
        let most = run(
            &[Lane::Cargo; 8],
            |lane| *lane,
            |_| {
                let now = running.fetch_add(1, Ordering::SeqCst);
                thread::yield_now();
                running.fetch_sub(1, Ordering::SeqCst);
                now
            },
        );
        assert_eq!(most, [0; 8]);
    }
}
