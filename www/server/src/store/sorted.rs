//! Runs in the order of a time, by place: the millionth is found as fast as the first.

use uuid::Uuid;

/// A run in the order: its time, then its id. The slot is its place in the index.
pub(super) type Run = (i64, Uuid, u32);

/// Where a run stands: its chunk, and its place there. The end of a chunk is the beginning of the next one.
type Spot = (usize, usize);

/// A chunk of more is halved, and two neighbours of a quarter are made one.
const LARGEST: usize = 1024;

/// Chunks that follow each other, none of them empty. Passing over a chunk costs as much as over a run in it.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    chunks: Vec<Vec<Run>>,
}

impl Sorted {
    /// Adds a run that is not there yet.
    pub(super) fn insert(&mut self, run: Run) {
        let (place, within) = self.spot(run.0, run.1);
        // What comes after all others goes to the end of the last chunk.
        let place = place.min(self.chunks.len().saturating_sub(1));
        let Some(chunk) = self.chunks.get_mut(place) else { return self.chunks.push(vec![run]) };
        chunk.insert(
            if within == 0 && chunk.last().is_some_and(|last| *last < run) { chunk.len() } else { within },
            run,
        );
        if chunk.len() > LARGEST {
            let half = chunk.split_off(chunk.len() / 2);
            self.chunks.insert(place + 1, half);
        }
    }

    /// Takes a run out.
    pub(super) fn remove(&mut self, time: i64, id: Uuid) {
        let (place, within) = self.spot(time, id);
        let Some(chunk) = self.chunks.get_mut(place) else { return };
        if chunk.get(within).is_none_or(|run| (run.0, run.1) != (time, id)) {
            return;
        }
        chunk.remove(within);
        if chunk.is_empty() {
            self.chunks.remove(place);
            return;
        }
        let left = chunk.len();
        let follower = self.chunks.get(place + 1).filter(|next| left + next.len() <= LARGEST / 4);
        if follower.is_some() {
            let next = self.chunks.remove(place + 1);
            self.chunks.get_mut(place).into_iter().for_each(|chunk| chunk.extend_from_slice(&next));
        }
    }

    /// How many runs there are.
    pub(super) fn len(&self) -> usize {
        self.rank(self.end())
    }

    /// All but the first `skip`, upwards.
    pub(super) fn ascending(&self, skip: usize) -> impl Iterator<Item = &Run> {
        self.between(self.at_rank(skip), self.end())
    }

    /// All but the first `skip`, the latest first; those of one time go by id, upwards.
    pub(super) fn descending(&self, skip: usize) -> impl Iterator<Item = &Run> {
        let len = self.len();
        // Counted from the other end, this run is of the same time as the one that is wanted, if there are so many.
        let same = len.checked_sub(skip.saturating_add(1)).and_then(|rank| self.run(self.at_rank(rank)));
        let (begin, end) = same.map_or(((0, 0), (0, 0)), |run| (self.spot(run.0, Uuid::nil()), self.after(run.0)));
        let passed = skip.saturating_sub(len - self.rank(end));
        let rest = self.between(self.at_rank(self.rank(begin) + passed), end);
        let mut end = begin;
        let times = std::iter::from_fn(move || {
            let last = self.before(end)?;
            let time = self.run(last)?.0;
            let is_alone = self.before(last).and_then(|spot| self.run(spot)).is_none_or(|run| run.0 != time);
            let group = (if is_alone { last } else { self.spot(time, Uuid::nil()) }, end);
            end = group.0;
            Some(group)
        });
        rest.chain(times.flat_map(|(begin, end)| self.between(begin, end)))
    }

    /// Where a run stands, or would.
    fn spot(&self, time: i64, id: Uuid) -> Spot {
        let is_before = |run: &Run| (run.0, run.1) < (time, id);
        let place = self.chunks.partition_point(|chunk| chunk.last().is_some_and(is_before));
        (place, self.chunks.get(place).map_or(0, |chunk| chunk.partition_point(is_before)))
    }

    /// Where what comes after a time begins.
    fn after(&self, time: i64) -> Spot {
        time.checked_add(1).map_or(self.end(), |next| self.spot(next, Uuid::nil()))
    }

    fn end(&self) -> Spot {
        (self.chunks.len(), 0)
    }

    fn before(&self, (place, within): Spot) -> Option<Spot> {
        match within.checked_sub(1) {
            Some(within) => Some((place, within)),
            None => place.checked_sub(1).and_then(|place| Some((place, self.chunks.get(place)?.len().checked_sub(1)?))),
        }
    }

    fn run(&self, (place, within): Spot) -> Option<&Run> {
        self.chunks.get(place)?.get(within)
    }

    fn rank(&self, (place, within): Spot) -> usize {
        self.chunks.iter().take(place).map(Vec::len).sum::<usize>() + within
    }

    fn at_rank(&self, rank: usize) -> Spot {
        let mut left = rank;
        for (place, chunk) in self.chunks.iter().enumerate() {
            if left < chunk.len() {
                return (place, left);
            }
            left -= chunk.len();
        }
        self.end()
    }

    fn between(&self, begin: Spot, end: Spot) -> impl Iterator<Item = &Run> {
        let part = move |place: usize| {
            let chunk = self.chunks.get(place)?;
            let from = if place == begin.0 { begin.1 } else { 0 };
            let to = if place == end.0 { end.1 } else { chunk.len() };
            chunk.get(from..to)
        };
        (begin.0..=end.0).filter_map(part).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_what_a_plain_list_gives_while_runs_come_and_go_in_chunks() {
        let mut random = fastrand::Rng::with_seed(5);
        let (mut sorted, mut plain) = (Sorted::default(), Vec::<Run>::new());
        for step in 0..30_000_u32 {
            // More come than go at first, and then more go than come.
            if random.u32(..10) < if step < 15_000 { 8 } else { 2 } {
                let run = (random.i64(..6_000), Uuid::from_u128(random.u128(..)), step);
                sorted.insert(run);
                plain.insert(plain.partition_point(|other| *other < run), run);
            } else if !plain.is_empty() {
                let (time, id, _) = plain.remove(random.usize(..plain.len()));
                sorted.remove(time, id);
                sorted.remove(time, Uuid::nil());
            }
            if step % 500 != 0 {
                continue;
            }
            assert!(sorted.chunks.iter().all(|chunk| !chunk.is_empty() && chunk.len() <= LARGEST));
            let skip = random.usize(..plain.len() + 2);
            assert!(sorted.ascending(skip).eq(plain.iter().skip(skip)), "step {step}, {skip} upwards");
            let mut turned = plain.clone();
            turned.sort_by_key(|run| (std::cmp::Reverse(run.0), run.1));
            assert!(sorted.descending(skip).eq(turned.iter().skip(skip)), "step {step}, {skip} downwards");
            assert_eq!(sorted.len(), plain.len(), "step {step}");
        }
        assert!(
            plain.len() < 1_500 && sorted.chunks.len() < 20,
            "{} runs in {} chunks",
            plain.len(),
            sorted.chunks.len()
        );
    }
}
