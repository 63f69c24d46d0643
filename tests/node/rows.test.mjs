import assert from "node:assert/strict";
import test from "node:test";

import { fakeFetch, json, runOf, TOKEN } from "../support/fake.mjs";
import { ScheduledClient } from "../support/package.mjs";
import { random, seed } from "../support/random.mjs";

const CALLS = 1_000;
const VALUES = [
  undefined, null, true, 0, 1, 1.5, -1, 1e300, "", "API", "x", "0001-01-01T00:00:00Z", "2031-02-30T00:00:00Z", "2031-01-01T00:00:00.123456Z",
  "7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f", [], {}, { a: 1 }, ["a"],
];
const PLACES = [
  ...["tenantId", "workflowVersionId", "workflowId", "workflowName", "triggerAt", "input", "additionalMetadata", "method", "priority"],
  ...["workflowRunName", "workflowRunStatus", "workflowRunId", "metadata", "unheardOf"],
  ...["metadata.id", "metadata.createdAt", "metadata.updatedAt", "metadata.unheardOf"],
];

/** Their texts are read when the client works with them. */
const READ_LATER = ["triggerAt", "id", "createdAt", "updatedAt"];

function mutate(row, below) {
  const place = PLACES[below(PLACES.length)].split(".");
  const owner = place.length > 1 ? row[place[0]] : row;
  const value = structuredClone(VALUES[below(VALUES.length)]);
  if (typeof value === "string" && READ_LATER.includes(place.at(-1))) return;
  // What holds it may have been replaced.
  if (typeof owner === "object" && owner !== null) owner[place.at(-1)] = value;
}

/** What a listing with the row comes to: the runs, or the words of the refusal. */
async function listed(row, method) {
  const page = { rows: [runOf(), row], pagination: { current_page: 1, next_page: 1, num_pages: 1 } };
  const client = new ScheduledClient({ token: TOKEN, fetch: fakeFetch(() => json(page)) });
  try {
    if (method === "list") return (await client.list()).rows;
    return await client.iterate({ orderByField: "createdAt" }).next();
  } catch (error) {
    return error.message;
  }
}

test("a row that is looked at in one loop is taken and refused as serde takes and refuses it, in the same words", async () => {
  const below = random(seed);
  let taken = 0;
  for (let call = 0; call < CALLS; call++) {
    const row = runOf();
    // Another id than the other row's.
    row.metadata.id = row.metadata.id.replace(/^7/, "8");
    for (let count = below(3); count >= 0; count--) mutate(row, below);
    // A time of a run makes the row one that is read with all its fields.
    const whole = { ...structuredClone(row), workflowRunCreatedAt: "2026-11-23T10:00:00Z" };
    const method = below(2) ? "list" : "iterate";
    const [seen, read] = await Promise.all([listed(row, method), listed(whole, method)]);
    const plain = (outcome) => JSON.parse(JSON.stringify(outcome, (key, value) => (key === "workflowRunCreatedAt" ? undefined : value)));
    assert.deepEqual(plain(seen), plain(read), `SEED=${seed}, call ${call}: ${JSON.stringify(row)}`);
    if (typeof seen !== "string") taken++;
  }
  assert.ok(taken > CALLS / 10 && taken < (CALLS * 9) / 10, `${taken} of ${CALLS} were taken`);
});
