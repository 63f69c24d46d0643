//! Believable data: what a small business would have scheduled.

use chrono::{DateTime, Datelike, Days, NaiveTime, TimeDelta, Utc, Weekday};
use fastrand::Rng;
use serde_json::{Value, json};
use uuid::{Builder, Uuid};

use crate::error::Error;
use crate::store::{NewRun, Registration, Store};
use crate::wire::Method;
use crate::wire::pause::Pause;

/// Workflows that are always registered: three plain ones for tests and examples, then those of the business.
pub(super) const WORKFLOWS: [(&str, &str); 15] = [
    ("simple", ""),
    ("greeter", ""),
    ("typed", ""),
    ("send-email", "Sends one e-mail"),
    ("send-reminder", "Reminds a customer of an appointment"),
    ("generate-invoice", "Makes the invoice of a month"),
    ("charge-subscription", "Charges a card for the next period"),
    ("weekly-digest", "Sums up the week for one account"),
    ("retry-webhook", "Delivers a webhook once more"),
    ("export-report", "Writes a report to storage"),
    ("sync-crm", "Copies contacts to the CRM"),
    ("renew-certificate", "Renews a TLS certificate before it ends"),
    ("expire-trial", "Ends a trial"),
    ("purge-logs", "Deletes logs past their retention"),
    ("rotate-keys", "Replaces signing keys"),
];

/// The workflow that is paused in seeded data: its runs become overdue.
const PAUSED: &str = "sync-crm";

/// How often each is scheduled, of the twelve after the plain ones.
const WEIGHTS: [u32; 12] = [26, 18, 9, 9, 10, 8, 5, 4, 2, 5, 2, 2];

const TEAMS: [&str; 6] = ["billing", "growth", "support", "platform", "data", "success"];
const CUSTOMERS: [&str; 10] =
    ["acme", "globex", "initech", "umbrella", "hooli", "stark", "wayne", "wonka", "tyrell", "cyberdyne"];
const ENVIRONMENTS: [&str; 4] = ["prod", "prod", "prod", "staging"];

/// What some of them declare of their input.
fn input_schema(name: &str) -> Option<String> {
    let schema = match name {
        "send-email" => json!({
            "type": "object",
            "required": ["to", "template"],
            "properties": {
                "to": { "type": "string", "format": "email", "title": "To", "description": "The address it goes to" },
                "template": { "type": "string", "enum": ["welcome", "receipt", "follow-up"] },
                "copies": { "type": "integer", "minimum": 0, "maximum": 5, "default": 0 },
                "tracked": { "type": "boolean", "default": true },
            },
        }),
        "export-report" => json!({
            "type": "object",
            "required": ["report"],
            "properties": {
                "report": { "type": "string" },
                "until": { "type": "string", "format": "date-time" },
                "columns": { "type": "array", "items": { "type": "string" } },
            },
        }),
        _ => return None,
    };
    Some(schema.to_string())
}

/// Schedules `count` runs around `now` in one transaction. The same count gives the same runs, at the same distances
/// from the start of the minute.
pub(super) fn seed(store: &mut Store, count: usize, now: DateTime<Utc>) -> Result<(), Error> {
    let mut random = Rng::with_seed(count as u64);
    let mut workflows = Vec::new();
    for (name, description) in WORKFLOWS.iter().skip(3) {
        let registration = Registration { name, description, input_schema: input_schema(name) };
        let id = store.register(registration, now)?;
        if *name == PAUSED {
            store.pause(id, Some(Pause::default()), now)?;
        }
        workflows.push((*name, id));
    }
    let mut runs: Vec<(Uuid, NewRun)> = (0..count)
        .map(|number| {
            let (name, workflow_id) = pick(&workflows, &mut random);
            let trigger_at = when(name, number, &mut random, now);
            let customer = choose(&CUSTOMERS, &mut random);
            let number = random.u32(1000..9999);
            let run = NewRun {
                workflow_id,
                trigger_at: trigger_at.timestamp_millis(),
                priority: 1 + random.i32(0..6) / 3 + i32::from(random.u32(..12) == 0),
                method: if random.u32(..100) == 0 { Method::Default } else { Method::Api },
                input: Some(input(name, customer, number).to_string()),
                metadata: (random.u32(..25) > 0).then(|| metadata(name, customer, number, &mut random).to_string()),
            };
            (Builder::from_random_bytes(random.u128(..).to_be_bytes()).into_uuid(), run)
        })
        .collect();
    // Made over some weeks, and before the first that is late should have fired.
    let steps = 100;
    let batch = count.div_ceil(steps).max(1);
    for step in 0..steps {
        let made_at = now - TimeDelta::days(3) - TimeDelta::hours(4) * (steps - step) as i32;
        store.create_all(runs.drain(..batch.min(runs.len())), made_at)?;
    }
    Ok(())
}

fn pick<'a>(workflows: &[(&'a str, Uuid)], random: &mut Rng) -> (&'a str, Uuid) {
    let mut left = random.u32(..WEIGHTS.iter().sum::<u32>());
    for (workflow, weight) in workflows.iter().zip(WEIGHTS) {
        if left < weight {
            return *workflow;
        }
        left -= weight;
    }
    workflows.last().copied().unwrap_or_default()
}

fn when(name: &str, number: usize, random: &mut Rng, now: DateTime<Utc>) -> DateTime<Utc> {
    let now = now - TimeDelta::milliseconds(now.timestamp_millis().rem_euclid(60_000));
    let seconds = |random: &mut Rng, days: i64| TimeDelta::seconds(random.i64(60..days * 86_400));
    match name {
        // Half of what the paused workflow should have done is late.
        PAUSED if random.bool() => now - seconds(random, 3),
        // Bursts: all of a week's digests at one moment, invoices on the first, subscriptions at midnight.
        "weekly-digest" => at(next_weekday(now, Weekday::Mon, random.u64(..3)), 9, 0),
        "generate-invoice" => {
            let month = (0..random.u32(1..3)).fold(now, |day, _| first_of_next_month(day));
            at(month, 6, 0) + TimeDelta::seconds(random.i64(0..600))
        }
        "charge-subscription" => at(now + Days::new(random.u64(1..30)), 0, 0),
        "send-reminder" => {
            let day = now + Days::new(random.u64(1..14));
            at(day, random.u32(8..18), random.u32(..4) * 15)
        }
        "expire-trial" => now + seconds(random, 30),
        "renew-certificate" | "rotate-keys" => now + seconds(random, 80),
        "purge-logs" => at(now + Days::new(random.u64(1..14)), 3, 0),
        // Something is always about to happen.
        _ if number.is_multiple_of(40) => now + TimeDelta::seconds(random.i64(60..900)),
        _ => now + seconds(random, 7) + TimeDelta::milliseconds(random.i64(0..1000)),
    }
}

fn at(day: DateTime<Utc>, hour: u32, minute: u32) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    day.date_naive().and_time(time).and_utc()
}

fn next_weekday(now: DateTime<Utc>, weekday: Weekday, weeks: u64) -> DateTime<Utc> {
    let ahead = weekday.num_days_from_monday() + 7 - now.weekday().num_days_from_monday();
    now + Days::new(u64::from((ahead - 1) % 7 + 1) + weeks * 7)
}

fn first_of_next_month(day: DateTime<Utc>) -> DateTime<Utc> {
    let next = day + Days::new(32 - u64::from(day.day()));
    next - Days::new(u64::from(next.day()) - 1)
}

fn input(name: &str, customer: &str, number: u32) -> Value {
    match name {
        "send-email" | "send-reminder" => {
            json!({ "to": format!("user{number}@{customer}.example"), "template": name, "locale": "en-GB" })
        }
        "generate-invoice" | "charge-subscription" => {
            json!({ "customer": customer, "amount": { "value": f64::from(number) / 100.0, "currency": "EUR" } })
        }
        "retry-webhook" => {
            json!({ "url": format!("https://hooks.{customer}.example:8443/v1/events?id={number}"), "attempt": number % 5 + 1 })
        }
        "renew-certificate" => json!({ "domains": [format!("{customer}.example"), format!("www.{customer}.example")] }),
        _ => json!({ "account": format!("{customer}-{number}") }),
    }
}

fn metadata(name: &str, customer: &str, number: u32, random: &mut Rng) -> Value {
    let mut metadata = json!({
        "team": choose(&TEAMS, random), "customer": customer, "env": choose(&ENVIRONMENTS, random),
    });
    let mut put = |key: &str, value: Value| {
        if let Some(metadata) = metadata.as_object_mut() {
            metadata.insert(key.to_owned(), value);
        }
    };
    if name == "retry-webhook" {
        put("url", json!(format!("https://hooks.{customer}.example:8443/v1/events")));
        put("attempt", json!(number % 5 + 1));
    }
    if random.u32(..5) == 0 {
        put("dryRun", json!(random.bool()));
    }
    if random.u32(..6) == 0 {
        put("requestedAt", json!(format!("{:02}:{:02}", random.u32(..24), random.u32(..60))));
    }
    metadata
}

fn choose<'a>(from: &[&'a str], random: &mut Rng) -> &'a str {
    from.get(random.usize(..from.len().max(1))).copied().unwrap_or_default()
}
