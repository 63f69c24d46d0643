//! Paging without gaps: each run that exists throughout is yielded exactly once, whatever else happens.

use std::collections::HashSet;

use chrono::TimeDelta;
use hatchet_scheduled::api::{Filter, ListQuery, OrderBy};
use hatchet_scheduled::client::{IterateQuery, Pager};
use hatchet_scheduled::model::{MetadataFilter, OrderByDirection, OrderByField};
use hatchet_scheduled::transport::CallOptions;
use proptest::prelude::*;
use serde_json::json;

use crate::sim::{Run, World};

/// Reads all pages; answers the ids in the order they came.
fn iterate(world: &World, query: IterateQuery) -> Vec<String> {
    let mut pages = world.client().iterate(query, CallOptions::default());
    world.run(async {
        let mut ids = Vec::new();
        while let Some(runs) = pages.next_page().await.unwrap() {
            ids.extend(runs.iter().map(|run| run.metadata.id.to_string()));
        }
        ids
    })
}

fn filled(count: i64, seconds_apart: i64) -> World {
    let world = World::new();
    let now = world.clock.now();
    for index in 0..count {
        let at = now + TimeDelta::seconds(60 + index * seconds_apart);
        world.hatchet.borrow_mut().add("simple", at, now);
    }
    world
}

#[test]
fn a_listing_that_stands_still_is_read_once_in_its_order() {
    for (count, size) in [(0, 10), (1, 10), (10, 10), (11, 10), (12, 10), (95, 10), (30, 1)] {
        let world = filled(count, 0);
        let ids = iterate(&world, IterateQuery { page_size: Some(size), ..IterateQuery::default() });
        let expected: Vec<String> = world.hatchet.borrow().runs.keys().cloned().collect();
        assert_eq!(ids, expected, "{count} runs in pages of {size}: equal times are ordered by id");
        assert!(world.requests().len() <= count as usize / size + 2, "{:?}", world.requests());
    }
}

#[test]
fn a_server_that_does_not_read_the_offset_is_told_and_not_asked_for_ever() {
    for size in [1, 2, 10, 20] {
        let world = filled(30, 1);
        let page = world.run(world.client().list(&ListQuery::default(), &CallOptions::default())).unwrap().rows;
        let mut pager = Pager::new(OrderBy::default(), size);
        let refusal = (0..200).find_map(|_| pager.accept(page.clone()).err()).expect("an end");
        assert!(refusal.reason.contains("the same runs at every offset"), "{size}: {refusal}");
    }
}

#[test]
fn metadata_that_the_server_cannot_filter_is_filtered_here() {
    let world = filled(30, 1);
    let now = world.clock.now();
    let wanted = json!({"callback": "https://x", "attempt": 2, "team": "a + b & c"});
    let there = world.hatchet.borrow_mut().add_with("simple", now + TimeDelta::hours(1), now, wanted);
    let filter = Filter {
        additional_metadata: MetadataFilter::from([
            ("callback".into(), "https://x".into()),
            ("attempt".into(), 2.0.into()),
            ("team".into(), "a + b & c".into()),
        ]),
        ..Filter::default()
    };
    assert_eq!(
        iterate(&world, IterateQuery { filter: filter.clone(), ..IterateQuery::default() }),
        std::slice::from_ref(&there)
    );
    let page = world.run(world.client().list(&ListQuery { filter, ..ListQuery::default() }, &CallOptions::default()));
    let page = page.unwrap();
    assert_eq!(page.rows.len(), 1);
    assert_eq!((page.pagination.current_page, page.pagination.next_page, page.pagination.num_pages), (1, 1, 1));
}

/// The order of the runs' times, from the soonest or from the last.
fn by_time(ascending: bool) -> OrderBy {
    let direction = if ascending { OrderByDirection::Asc } else { OrderByDirection::Desc };
    OrderBy { field: Some(OrderByField::TriggerAt), direction: Some(direction) }
}

#[test]
fn a_listing_that_stands_still_is_not_read_again() {
    for ascending in [true, false] {
        let world = filled(1_000, 1);
        iterate(&world, IterateQuery { order: by_time(ascending), page_size: Some(100), ..IterateQuery::default() });
        assert_eq!(world.requests().len(), 10);
        assert!(world.requests().iter().all(|request| request.contains("orderByField=triggerAt")));
    }
}

#[test]
fn as_many_firing_with_each_page_as_pages_overlap_cost_a_page_more_and_not_all_again() {
    for by_created in [false, true] {
        let world = filled(2_000, 1);
        let end = world.clock.now() + TimeDelta::days(1);
        world.hatchet.borrow_mut().churn = Some(Box::new(move |runs| {
            let mut ids: Vec<_> = runs.iter().map(|(id, run)| (run.trigger_at, id.clone())).collect();
            ids.sort();
            for (_, id) in ids.into_iter().take(10) {
                runs.remove(&id);
            }
            for number in 0..10 {
                let run = Run {
                    workflow: "simple".into(),
                    trigger_at: end,
                    created_at: end,
                    input: json!({}),
                    metadata: json!(null),
                    method: "API",
                };
                runs.insert(format!("00000000-0000-4000-9000-{:08x}{number:04x}", runs.len()), run);
            }
        }));
        let order = if by_created {
            OrderBy { field: Some(OrderByField::CreatedAt), direction: Some(OrderByDirection::Asc) }
        } else {
            by_time(true)
        };
        iterate(&world, IterateQuery { order, page_size: Some(100), ..IterateQuery::default() });
        let readings = if by_created { 1 } else { 2 };
        assert!(world.requests().len() <= 25 * readings, "{}", world.requests().len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_run_that_is_moved_meanwhile_is_yielded_exactly_once(
        count in 0i64..120,
        size in 1usize..30,
        ascending in any::<bool>(),
        churn in prop::collection::vec((prop::collection::vec((any::<u64>(), 0i64..200), 0..6), 0usize..3), 0..12),
    ) {
        let world = filled(count, 1);
        let now = world.clock.now();
        let before: HashSet<String> = world.hatchet.borrow().runs.keys().cloned().collect();
        let mut churn = churn.into_iter();
        world.hatchet.borrow_mut().churn = Some(Box::new(move |runs| {
            let (moves, added) = churn.next().unwrap_or_default();
            for (which, seconds) in moves {
                let count = runs.len().max(1);
                if let Some(run) = runs.values_mut().nth(which as usize % count) {
                    run.trigger_at = now + TimeDelta::seconds(seconds);
                }
            }
            for number in 0..added {
                let run = Run {
                    workflow: "simple".into(), trigger_at: now, created_at: now + TimeDelta::days(1),
                    input: json!({}), metadata: json!(null), method: "API",
                };
                runs.insert(format!("00000000-0000-4000-9000-{:08x}{number:04x}", runs.len()), run);
            }
        }));
        let query = IterateQuery { order: by_time(ascending), page_size: Some(size), ..IterateQuery::default() };
        let ids = iterate(&world, query);
        let unique: HashSet<&String> = ids.iter().collect();
        prop_assert_eq!(unique.len(), ids.len(), "none twice");
        prop_assert!(before.iter().all(|id| unique.contains(id)), "none is missing");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_run_that_exists_throughout_is_yielded_exactly_once(
        count in 0i64..120,
        seconds_apart in 0i64..3,
        size in 1usize..30,
        by_created in any::<bool>(),
        ascending in any::<bool>(),
        churn in prop::collection::vec((0usize..40, 0usize..40, any::<bool>(), any::<u64>()), 0..12),
    ) {
        let world = filled(count, seconds_apart);
        let now = world.clock.now();
        let before: HashSet<String> = world.hatchet.borrow().runs.keys().cloned().collect();
        let mut churn = churn.into_iter();
        let mut first = true;
        world.hatchet.borrow_mut().churn = Some(Box::new(move |runs| {
            // What happens before the first page is no churn.
            if std::mem::take(&mut first) {
                return;
            }
            let Some((removed, added, from_front, seed)) = churn.next() else { return };
            for step in 0..removed.min(runs.len()) {
                let due = |(id, run): (&String, &Run)| (run.trigger_at, id.clone());
                let gone = if from_front {
                    runs.iter().map(due).min().map(|(_, id)| id)
                } else {
                    runs.keys().nth((seed as usize).wrapping_add(step * 7) % runs.len()).cloned()
                };
                if let Some(gone) = gone {
                    runs.remove(&gone);
                }
            }
            for step in 0..added {
                let mixed = seed.wrapping_add(step as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                let at = now + TimeDelta::seconds((mixed % 400) as i64);
                let run = Run {
                    workflow: "simple".into(), trigger_at: at, created_at: now + TimeDelta::days(1),
                    input: json!({}), metadata: json!(null), method: "API",
                };
                runs.insert(format!("{:08x}-{:04x}-4000-9000-{:012x}", mixed >> 32, step, mixed & 0xffff_ffff), run);
            }
        }));
        let order = OrderBy {
            field: Some(if by_created { OrderByField::CreatedAt } else { OrderByField::TriggerAt }),
            direction: Some(if ascending { OrderByDirection::Asc } else { OrderByDirection::Desc }),
        };
        let ids = iterate(&world, IterateQuery { order, page_size: Some(size), ..IterateQuery::default() });
        let unique: HashSet<&String> = ids.iter().collect();
        prop_assert_eq!(unique.len(), ids.len(), "none twice");
        let hatchet = world.hatchet.borrow();
        for id in before.iter().filter(|id| hatchet.runs.contains_key(*id)) {
            prop_assert!(unique.contains(id), "{} was there throughout and is missing", id);
        }
    }
}
