//! The pending runs in memory, in every order and by every filter that a listing knows.
//!
//! A listing of 50 costs the same at a thousand runs and at a million, wherever in the order it begins: the count is the size
//! of a bitmap, the rows are read off a sorted list that knows places. The database below holds what is durable; this is rebuilt from it at start.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use roaring::RoaringBitmap;
use uuid::Uuid;

use super::sorted::{Run, Sorted};

/// A metadata entry whose value is a string: the only kind that a filter can match.
pub(crate) type Pair = (String, String);

/// What the index knows of a run.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) id: Uuid,
    pub(crate) workflow: Uuid,
    /// Milliseconds since 1970.
    pub(crate) trigger_at: i64,
    /// Microseconds since 1970.
    pub(crate) created_at: i64,
    /// The metadata's string entries; `None` where the run has no metadata at all.
    pub(crate) pairs: Option<Vec<Arc<Pair>>>,
}

/// Which runs are asked for.
#[derive(Debug, Default, Clone)]
pub(crate) struct Selection {
    pub(crate) id: Option<Uuid>,
    pub(crate) workflow: Option<Uuid>,
    /// Entries that the metadata must contain; an empty list still asks for metadata to be there.
    pub(crate) pairs: Option<Vec<Pair>>,
    /// Matches nothing, whatever else is asked.
    pub(crate) nothing: bool,
}

/// The order of a listing; ties go by id, upwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) by_creation: bool,
    pub(crate) descending: bool,
}

const SOONEST: Order = Order { by_creation: false, descending: false };

/// By what runs are sorted.
#[derive(Debug, Clone, Copy, Default)]
struct Key {
    id: Uuid,
    trigger_at: i64,
    created_at: i64,
}

impl Key {
    fn time(&self, order: Order) -> i64 {
        if order.by_creation { self.created_at } else { self.trigger_at }
    }

    fn compare(&self, other: &Self, order: Order) -> Ordering {
        let by_time = self.time(order).cmp(&other.time(order));
        let by_time = if order.descending { by_time.reverse() } else { by_time };
        by_time.then(self.id.cmp(&other.id))
    }
}

/// By what runs are filtered.
#[derive(Debug, Clone, Default)]
struct Facets {
    workflow: Uuid,
    pairs: Option<Vec<Arc<Pair>>>,
}

/// The runs of a workflow.
#[derive(Debug, Default)]
struct OfWorkflow {
    slots: RoaringBitmap,
    by_trigger: Sorted,
}

/// The index. A slot is a run's place in the bitmaps and in the two lists.
#[derive(Debug, Default)]
pub(crate) struct Index {
    keys: Vec<Key>,
    facets: Vec<Facets>,
    free: Vec<u32>,
    by_id: HashMap<Uuid, u32>,
    by_trigger: Sorted,
    by_creation: Sorted,
    by_workflow: HashMap<Uuid, OfWorkflow>,
    by_pair: HashMap<Arc<Pair>, RoaringBitmap>,
    with_metadata: RoaringBitmap,
}

impl Index {
    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(crate) fn contains(&self, id: Uuid) -> bool {
        self.by_id.contains_key(&id)
    }

    /// Adds a run.
    pub(crate) fn insert(&mut self, entry: Entry) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.keys.push(Key::default());
            self.facets.push(Facets::default());
            u32::try_from(self.keys.len() - 1).unwrap_or(u32::MAX)
        });
        let Entry { id, workflow, trigger_at, created_at, mut pairs } = entry;
        self.by_id.insert(id, slot);
        self.by_trigger.insert((trigger_at, id, slot));
        self.by_creation.insert((created_at, id, slot));
        let siblings = self.by_workflow.entry(workflow).or_default();
        siblings.slots.insert(slot);
        siblings.by_trigger.insert((trigger_at, id, slot));
        if let Some(pairs) = &mut pairs {
            self.with_metadata.insert(slot);
            for pair in pairs {
                // One allocation serves all runs that share the pair.
                if let Some((shared, _)) = self.by_pair.get_key_value(pair) {
                    *pair = Arc::clone(shared);
                }
                self.by_pair.entry(Arc::clone(pair)).or_default().insert(slot);
            }
        }
        if let (Some(key), Some(facets)) = (self.keys.get_mut(slot as usize), self.facets.get_mut(slot as usize)) {
            *key = Key { id, trigger_at, created_at };
            *facets = Facets { workflow, pairs };
        }
    }

    /// Takes a run out.
    pub(crate) fn remove(&mut self, id: Uuid) {
        let Some(slot) = self.by_id.remove(&id) else { return };
        let Some(key) = self.keys.get(slot as usize).copied() else { return };
        let facets = self.facets.get_mut(slot as usize).map(std::mem::take).unwrap_or_default();
        self.free.push(slot);
        self.by_trigger.remove(key.trigger_at, id);
        self.by_creation.remove(key.created_at, id);
        if let Some(siblings) = self.by_workflow.get_mut(&facets.workflow) {
            siblings.slots.remove(slot);
            siblings.by_trigger.remove(key.trigger_at, id);
            if siblings.slots.is_empty() {
                self.by_workflow.remove(&facets.workflow);
            }
        }
        self.with_metadata.remove(slot);
        for pair in facets.pairs.unwrap_or_default() {
            if let Some(runs) = self.by_pair.get_mut(&pair) {
                runs.remove(slot);
                if runs.is_empty() {
                    self.by_pair.remove(&pair);
                }
            }
        }
    }

    /// Gives a run another time.
    pub(crate) fn move_to(&mut self, id: Uuid, trigger_at: i64) {
        let Some(&slot) = self.by_id.get(&id) else { return };
        let Some(key) = self.keys.get_mut(slot as usize) else { return };
        let workflow = self.facets.get(slot as usize).and_then(|facets| self.by_workflow.get_mut(&facets.workflow));
        for sorted in workflow.map(|siblings| &mut siblings.by_trigger).into_iter().chain([&mut self.by_trigger]) {
            sorted.remove(key.trigger_at, id);
            sorted.insert((trigger_at, id, slot));
        }
        key.trigger_at = trigger_at;
    }

    /// How many runs match, and the ids of a page of them.
    pub(crate) fn page(&self, selection: &Selection, order: Order, offset: usize, limit: usize) -> (usize, Vec<Uuid>) {
        let none = Sorted::default();
        let sorted = match selection.workflow {
            _ if order.by_creation => &self.by_creation,
            Some(workflow) => self.by_workflow.get(&workflow).map_or(&none, |siblings| &siblings.by_trigger),
            None => &self.by_trigger,
        };
        let Some(matching) = self.matching(selection, order) else {
            let page = walk(sorted, order, offset).take(limit).map(|(_, id, _)| *id);
            return (sorted.len(), page.collect());
        };
        let count = usize::try_from(matching.len()).unwrap_or(usize::MAX);
        let wanted = limit.min(count.saturating_sub(offset));
        // Walking finds a page soonest where matches are near and many, else picking does: a step costs some eight picks.
        let near = walk(sorted, order, 0).take((count / 8).max(1_000));
        let matches = near.filter(|(_, _, slot)| matching.contains(*slot)).map(|(_, id, _)| *id);
        let mut page: Vec<Uuid> = matches.skip(offset).take(wanted).collect();
        if page.len() < wanted {
            page = self.pick(&matching, order, offset, wanted);
        }
        (count, page)
    }

    /// Ids of the runs due at or before `until` (milliseconds), less those of some workflows, soonest first.
    pub(crate) fn due(&self, until: i64, less: &HashSet<Uuid>) -> Vec<Uuid> {
        let due = |sorted| walk(sorted, SOONEST, 0).take_while(move |(time, _, _)| *time <= until);
        let mut found: Vec<&Run> = self.less(less).flat_map(due).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, id, _)| *id).collect()
    }

    /// When the first run is due (milliseconds) that is of none of some workflows and none of some ids.
    pub(crate) fn earliest(&self, less: &HashSet<Uuid>, ids: &HashSet<Uuid>) -> Option<i64> {
        let first = |sorted| walk(sorted, SOONEST, 0).find(|(_, id, _)| !ids.contains(id)).map(|(time, _, _)| *time);
        self.less(less).filter_map(first).min()
    }

    fn less<'a>(&'a self, workflows: &'a HashSet<Uuid>) -> impl Iterator<Item = &'a Sorted> {
        let others = self.by_workflow.iter().filter(|(id, _)| !workflows.contains(id));
        others.map(|(_, siblings)| &siblings.by_trigger)
    }

    /// `None` stands for all that are sorted in this order: those of the workflow, where one is asked for, or all.
    fn matching(&self, selection: &Selection, order: Order) -> Option<RoaringBitmap> {
        if selection.nothing {
            return Some(RoaringBitmap::new());
        }
        let mut sets = Vec::new();
        let none = RoaringBitmap::new();
        let single;
        if let Some(id) = selection.id {
            single = self.by_id.get(&id).copied().into_iter().collect::<RoaringBitmap>();
            sets.push(&single);
        }
        if let Some(workflow) = selection.workflow
            && (order.by_creation || selection.id.is_some() || selection.pairs.is_some())
        {
            sets.push(self.by_workflow.get(&workflow).map_or(&none, |siblings| &siblings.slots));
        }
        if let Some(pairs) = &selection.pairs {
            sets.push(&self.with_metadata);
            sets.extend(pairs.iter().map(|pair| self.by_pair.get(pair).unwrap_or(&none)));
        }
        sets.sort_by_key(|set| set.len());
        let (first, others) = sets.split_first()?;
        Some(others.iter().fold((*first).clone(), |matching, set| matching & *set))
    }

    /// Of the matching runs in order those from `offset` on, `wanted` of them, which has to be some and not too many.
    fn pick(&self, matching: &RoaringBitmap, order: Order, offset: usize, wanted: usize) -> Vec<Uuid> {
        let key = |slot: u32| self.keys.get(slot as usize).copied().unwrap_or_default();
        // Times alone, so turned that the first comes lowest, pick faster than whole keys.
        let lowest = |time: i64| if order.descending { !time } else { time };
        let mut times: Vec<(i64, u32)> = matching.iter().map(|slot| (lowest(key(slot).time(order)), slot)).collect();
        let (_, (last, _), _) = times.select_nth_unstable(offset + wanted - 1);
        let last = *last;
        times.retain(|(time, _)| *time <= last);
        let (_, (first, _), _) = times.select_nth_unstable(offset);
        let first = *first;
        let read = times.len();
        times.retain(|(time, _)| *time >= first);
        let earlier = read - times.len();
        let mut keys: Vec<Key> = times.into_iter().map(|(_, slot)| key(slot)).collect();
        keys.sort_unstable_by(|a, b| a.compare(b, order));
        keys.into_iter().skip(offset - earlier).take(wanted).map(|key| key.id).collect()
    }
}

fn walk(sorted: &Sorted, order: Order, skip: usize) -> Box<dyn Iterator<Item = &Run> + '_> {
    if order.descending { Box::new(sorted.descending(skip)) } else { Box::new(sorted.ascending(skip)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same question answered by looking at every run.
    fn slow_page(runs: &[Entry], selection: &Selection, order: Order) -> Vec<Uuid> {
        let mut found: Vec<&Entry> = runs
            .iter()
            .filter(|_| !selection.nothing)
            .filter(|run| selection.id.is_none_or(|id| run.id == id))
            .filter(|run| selection.workflow.is_none_or(|workflow| run.workflow == workflow))
            .filter(|run| {
                selection.pairs.as_ref().is_none_or(|wanted| {
                    let has = |pair: &Pair| run.pairs.iter().flatten().any(|own| **own == *pair);
                    run.pairs.is_some() && wanted.iter().all(has)
                })
            })
            .collect();
        let key = |run: &Entry| if order.by_creation { run.created_at } else { run.trigger_at };
        found.sort_by(|a, b| {
            let (x, y) = if order.descending { (b, a) } else { (a, b) };
            key(x).cmp(&key(y)).then(a.id.cmp(&b.id))
        });
        found.iter().map(|run| run.id).collect()
    }

    #[test]
    fn every_page_is_what_looking_at_every_run_gives_while_runs_come_go_and_move() {
        let mut random = fastrand::Rng::with_seed(7);
        let workflows: Vec<Uuid> = (0..3).map(|_| Uuid::from_u128(random.u128(..))).collect();
        let (mut index, mut runs): (Index, Vec<Entry>) = (Index::default(), Vec::new());
        for step in 0..3_000_i64 {
            match random.u8(..10) {
                0..6 => {
                    let pair = |key: &str, value: u8| Arc::new((key.to_owned(), value.to_string()));
                    let pairs = [pair("team", random.u8(..3)), pair("env", random.u8(..40))];
                    let entry = Entry {
                        id: Uuid::from_u128(random.u128(..)),
                        workflow: workflows[random.usize(..3)],
                        trigger_at: random.i64(..50),
                        created_at: step,
                        pairs: random.bool().then(|| pairs[random.usize(..2)..].to_vec()),
                    };
                    index.insert(entry.clone());
                    runs.push(entry);
                }
                6..8 if !runs.is_empty() => {
                    let gone = runs.swap_remove(random.usize(..runs.len()));
                    index.remove(gone.id);
                }
                _ if !runs.is_empty() => {
                    let moved = random.usize(..runs.len());
                    runs[moved].trigger_at = random.i64(..50);
                    index.move_to(runs[moved].id, runs[moved].trigger_at);
                }
                _ => {}
            }
            if step % 20 == 0 {
                let team = ("team".to_owned(), random.u8(..3).to_string());
                let env = ("env".to_owned(), random.u8(..40).to_string());
                let selection = Selection {
                    id: runs.first().filter(|_| random.u8(..8) == 0).map(|run| run.id),
                    workflow: random.bool().then(|| workflows[random.usize(..3)]),
                    pairs: [None, Some(vec![]), Some(vec![team.clone()]), Some(vec![team, env])][random.usize(..4)]
                        .clone(),
                    nothing: random.u8(..20) == 0,
                };
                let order = Order { by_creation: random.bool(), descending: random.bool() };
                let expected = slow_page(&runs, &selection, order);
                let (offset, limit) = (random.usize(..10), random.usize(..30));
                let (count, page) = index.page(&selection, order, offset, limit);
                assert_eq!(count, expected.len(), "step {step}");
                let expected: Vec<Uuid> = expected.into_iter().skip(offset).take(limit).collect();
                assert_eq!(page, expected, "step {step}");
            }
        }
        assert!(index.len() > 500);
        for run in runs {
            index.remove(run.id);
        }
        assert!(index.by_pair.is_empty() && index.by_workflow.is_empty());
        assert_eq!((index.by_trigger.len(), index.by_creation.len()), (0, 0));
    }
}
