//! What a listing costs with many runs.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "the helpers here are part of the tests")]

mod support;

use std::time::{Duration, Instant};

use hatchet_embedded::Options;
use support::{Api, still};

const QUERIES: [&str; 9] = [
    "?limit=50",
    "?limit=50&offset={last}",
    "?limit=50&offset={last}&orderByDirection=ASC",
    "?limit=50&orderByField=createdAt&orderByDirection=ASC",
    "?limit=50&additionalMetadata=team:billing",
    "?limit=50&additionalMetadata=team:billing&additionalMetadata=env:prod",
    "?limit=50&orderByDirection=ASC&additionalMetadata=customer:acme",
    "?limit=50&statuses=SCHEDULED",
    "?limit=50&workflowId={workflow}",
];

/// By how much more a listing may cost at a hundred times the runs.
const MOST: u32 = 4;

#[tokio::test]
async fn a_list_of_fifty_costs_about_the_same_at_a_hundred_times_the_runs_wherever_it_begins() {
    let (_few, few) = still(Options { seed: 1_000, ..Options::default() });
    let begun = Instant::now();
    let (_many, many) = still(Options { seed: 100_000, ..Options::default() });
    println!("100,000 runs seeded in {:?}", begun.elapsed());
    assert_eq!((few.pending_count().await, many.pending_count().await), (1_000, 100_000));
    for query in QUERIES {
        let queries = [written(&few, query, 1_000).await, written(&many, query, 100_000).await];
        let mut least = [Duration::MAX; 2];
        // They take turns, and the least counts, so that a busy moment befalls neither alone.
        for _ in 0..31 {
            for (place, api) in [&few, &many].into_iter().enumerate() {
                let begun = Instant::now();
                api.list(&queries[place]).await;
                least[place] = least[place].min(begun.elapsed());
            }
        }
        let [few, many] = least;
        println!("{query}: {few:?} at 1,000, {many:?} at 100,000");
        assert!(many <= few * MOST, "{query} costs {many:?} at 100,000 runs, {few:?} at 1,000");
    }
}

/// The query for a server with so many runs; it finds something there.
async fn written(api: &Api<axum::Router>, query: &str, runs: usize) -> String {
    let (_, workflows) = api.call("GET", "?name=send-email", serde_json::Value::Null).await;
    let query = query.replace("{last}", &(runs - 50).to_string());
    let query = query.replace("{workflow}", workflows["rows"][0]["metadata"]["id"].as_str().unwrap());
    assert!(api.list(&query).await.len() > 10, "{query} should find something");
    query
}

#[tokio::test]
async fn the_same_number_seeds_the_same_runs() {
    let (_first, first) = still(Options { seed: 500, ..Options::default() });
    let (_second, second) = still(Options { seed: 500, ..Options::default() });
    let ids = first.list("?limit=500").await;
    assert_eq!(ids.len(), 500);
    assert_eq!(ids, second.list("?limit=500").await);
    let (_other, other) = still(Options { seed: 501, ..Options::default() });
    assert_ne!(ids[..10], other.list("?limit=10").await[..]);
}
