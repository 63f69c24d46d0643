/** What the server does that surprises, as the README's table tells it: here the server's side, by requests of our own. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";

import { at, client, eventually, open, raw, runsPath, scheduled, serverUrl, soon, started, tenant, token, wait } from "./support.mjs";

const { names, mark, create, idOf, stop } = await open();
after(stop);
const [[key, value]] = Object.entries(mark);
const ours = `additionalMetadata=${key}:${value}`;
const ids = (rows) => rows.map(({ metadata }) => metadata.id);
const details = (id) => raw("GET", `/api/v1/stable/workflow-runs/${id}`);

test("server: drops the UTC offset of a time", async () => {
  assert.equal((await create(names.plain, { triggerAt: "2099-01-01T02:30:00+02:30" })).triggerAt, "2099-01-01T02:30:00Z");
});

test("server: deletes a run's row when it fires", async () => {
  const run = await create(names.plain, { triggerAt: await soon(1) });
  await eventually("the row gone", async () => (await raw("GET", `${scheduled}/${run.metadata.id}`)).status === 404);
});

test("server: answers 200 to a change in the last seconds and may fire the run at its old time", async () => {
  const mine = randomUUID();
  // The engine looks every five seconds, and arms what is due in the next five: at one of these it has looked already.
  const runs = await Promise.all([9, 10.5, 12].map(async (seconds) => create(names.plain, { triggerAt: await soon(seconds), additionalMetadata: { mine } })));
  await Promise.all(runs.map(async ({ metadata, triggerAt }) => {
    await wait(Date.parse(triggerAt) - (await client.serverTime()).epochMilliseconds - 300);
    assert.equal((await raw("PATCH", `${scheduled}/${metadata.id}`, { triggerAt: at() })).status, 200);
  }));
  await wait(3_000);
  assert.ok((await started("mine", mine)).length >= 1, "at least one fired all the same");
});

test("server: deletes every run of the tenant for an empty bulk filter", async (t) => {
  const all = (await client.list({ limit: 1_000 })).rows;
  const foreign = all.filter(({ additionalMetadata }) => additionalMetadata?.[key] !== value);
  if (foreign.length || !process.env.HATCHET_TEST_EMPTY_TENANT) {
    t.skip(`this would delete whatever the tenant holds: it needs HATCHET_TEST_EMPTY_TENANT=1, and a tenant without other scheduled runs (there are ${foreign.length})`);
    return;
  }
  const run = await create(names.plain, {});
  const { body } = await raw("POST", `${scheduled}/bulk-delete`, { filter: {} });
  assert.ok(body.deletedIds.includes(run.metadata.id));
  assert.equal((await raw("GET", `${scheduled}?${ours}`)).body.rows.length, 0);
});

test("server: ignores statuses in a bulk delete's filter", async () => {
  const mine = randomUUID();
  const run = await create(names.plain, { additionalMetadata: { mine } });
  const { body } = await raw("POST", `${scheduled}/bulk-delete`, { filter: { additionalMetadata: [`mine:${mine}`], statuses: ["FAILED"] } });
  assert.deepEqual(body.deletedIds, [run.metadata.id]);
});

test("server: takes either of two times for one id in a bulk update", async () => {
  const { metadata: { id } } = await create(names.plain, {});
  const { status, body } = await raw("POST", `${scheduled}/bulk-update`, { updates: [{ id, triggerAt: at(1) }, { id, triggerAt: at(2) }] });
  assert.deepEqual([status, body.errors], [200, []]);
  const { triggerAt } = (await raw("GET", `${scheduled}/${id}`)).body;
  assert.ok([at(1), at(2)].some((time) => Date.parse(time) === Date.parse(triggerAt)), triggerAt);
});

test("server: filters metadata as text, without colons, numbers or booleans", async () => {
  const mine = randomUUID();
  await create(names.plain, { additionalMetadata: { mine, n: 5, flag: true, when: "10:30" } });
  const found = async (filter) => {
    const { status, body } = await raw("GET", `${scheduled}?additionalMetadata=mine:${mine}&additionalMetadata=${filter}`);
    return status === 200 ? body.rows.length : status;
  };
  assert.deepEqual([await found(`mine:${mine}`), await found("n:5"), await found("flag:true"), await found("when:10:30")], [1, 0, 0, 400]);
});

test("server: pages by offset, so that a plain loop skips runs while others go", async () => {
  const mine = randomUUID();
  const made = [];
  for (const seconds of [1, 2, 3, 4]) made.push(await create(names.plain, { triggerAt: at(seconds), additionalMetadata: { mine } }));
  const page = async (offset) => ids((await raw("GET", `${scheduled}?additionalMetadata=mine:${mine}&orderByDirection=ASC&limit=2&offset=${offset}`)).body.rows);
  const first = await page(0);
  await raw("DELETE", `${scheduled}/${first[0]}`);
  assert.deepEqual([...first, ...(await page(2))], [0, 1, 3].map((place) => made[place].metadata.id), "the third is never seen");
});

test("server: tells its own clock with every answer", async () => {
  const response = await fetch(`${serverUrl}${scheduled}?limit=1`, { headers: { authorization: `Bearer ${token}` } });
  assert.ok(Date.parse(response.headers.get("date")) > 0);
});

test("server: answers 500 or garbage to a limit of 0, a lower-case direction, an unknown order", async () => {
  await create(names.plain, {});
  assert.ok((await raw("GET", `${scheduled}?${ours}&limit=0`)).body.pagination.num_pages < 0);
  for (const query of ["limit=-1", "offset=-1", "orderByDirection=asc", "orderByField=name"]) assert.equal((await raw("GET", `${scheduled}?${ours}&${query}`)).status, 500, query);
});

test("server: has two error bodies, and 403 for bad tokens and for unknown paths", async () => {
  const wrong = await raw("POST", `/api/v1/tenants/${tenant}/workflows/no-such-workflow-${value}/scheduled`, { triggerAt: at() });
  assert.deepEqual([wrong.status, typeof wrong.body.errors[0].description], [400, "string"]);
  const absent = await raw("GET", `${scheduled}/${randomUUID()}`);
  assert.deepEqual([absent.status, typeof absent.body.message], [404, "string"]);
  assert.equal((await raw("GET", scheduled, undefined, { authorization: "Bearer a.b.c" })).status, 403);
  assert.deepEqual(await raw("GET", `/api/v1/tenants/${tenant}/nothing`), { status: 403, body: null });
});

test("server: compares parentWorkflowRunId with the scheduled run's own id", async () => {
  const { metadata: { id } } = await create(names.plain, {});
  assert.deepEqual(ids((await raw("GET", `${scheduled}?parentWorkflowRunId=${id}`)).body.rows), [id]);
});

test("server: keeps numbers as doubles", async () => {
  const body = `{"triggerAt": "${at()}", "input": {"n": 9007199254740993}, "additionalMetadata": ${JSON.stringify(mark)}}`;
  const made = await raw("POST", `/api/v1/tenants/${tenant}/workflows/${names.plain}/scheduled`, body);
  assert.equal(made.status, 200);
  const response = await fetch(`${serverUrl}${scheduled}/${made.body.metadata.id}`, { headers: { authorization: `Bearer ${token}` } });
  assert.match(await response.text(), /"n":9007199254740992/);
});

test("server: lets an input over 4 MiB hang and fail", async () => {
  const { metadata: { id } } = await create(names.large, { input: { text: "x".repeat(5 << 20) } });
  const { body: { externalId } } = await raw("POST", `${scheduled}/${id}`);
  const run = await eventually("the run at its end", async () => {
    const { status, body } = await details(externalId);
    return status === 200 && !["QUEUED", "RUNNING"].includes(body.run.status) && body.run;
  }, 120);
  assert.equal(run.status, "FAILED");
});

test("server: has no idempotency for scheduled runs", async () => {
  const mine = randomUUID();
  for (let time = 0; time < 2; time++) await create(names.plain, { additionalMetadata: { mine } });
  assert.equal((await raw("GET", `${scheduled}?additionalMetadata=mine:${mine}`)).body.rows.length, 2);
});

test("server: gives a run without priority 1, whatever the workflow's default", async () => {
  assert.equal((await create(names.urgent, {})).priority, 1);
});

test("server: matches workflow names by case", async () => {
  const wrong = await raw("POST", `/api/v1/tenants/${tenant}/workflows/${names.plain.toUpperCase()}/scheduled`, { triggerAt: at() });
  assert.deepEqual([wrong.status, wrong.body.errors[0].description], [400, "workflow not found"]);
});

test("server: knows a run some moments after it is triggered, and gives it a trace", async () => {
  const mine = randomUUID();
  const { metadata: { id } } = await create(names.plain, { input: { n: 1 }, additionalMetadata: { mine } });
  const { body: { externalId } } = await raw("POST", `${scheduled}/${id}`);
  const { run } = await eventually("the run completed", async () => {
    const { body } = await details(externalId);
    return body.run?.status === "COMPLETED" && body;
  });
  assert.deepEqual([run.output, run.input.input, run.additionalMetadata.mine], [{ ok: true }, { n: 1 }, mine]);
  assert.match(run.additionalMetadata.traceparent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/);
  assert.equal((await details(`${externalId}/status`)).body, "COMPLETED");
});

test("server: takes any of several metadata filters on runs, unless told to take all, and none of what holds no colon", async () => {
  const mine = randomUUID();
  for (const n of ["1", "2"]) {
    const { metadata: { id } } = await create(names.plain, { additionalMetadata: { mine, n } });
    await raw("POST", `${scheduled}/${id}`);
  }
  await eventually("both runs", async () => (await started("mine", mine)).length === 2);
  const count = async (query) => (await raw("GET", `${runsPath}?since=2020-01-01T00:00:00Z&only_tasks=false&${query}`)).body.rows.length;
  const both = `additional_metadata=mine:${mine}&additional_metadata=n:1`;
  assert.ok((await count(both)) >= 2);
  assert.equal(await count(`${both}&additional_metadata_operator=AND`), 1);
});

const pause = (ttl, scheduledRuns) => ({ pause: {
  action: "pause", pausedWorkflowCronRunQueueBehavior: "DROP", pausedWorkflowScheduledRunQueueBehavior: scheduledRuns, pausedWorkflowQueueTTL: ttl,
} });
/** For as long it goes by what it knew of a workflow before: a run of one that was just paused may still get to a worker. */
const TAKES_HOLD = 6_000;
const unpause = { pause: { action: "unpause" } };

test("server: drops nothing in a pause that is called DROP: all that is overdue fires in the end", async () => {
  const workflow = `/api/v1/workflows/${idOf(names.pausable)}`;
  assert.equal((await raw("PATCH", workflow, pause("1h", "DROP"))).status, 200);
  const { metadata: { id } } = await create(names.pausable, { triggerAt: await soon(0), additionalMetadata: { mine: value } });
  await wait(7_000);
  assert.equal((await raw("GET", `${scheduled}/${id}`)).status, 200, "overdue");
  assert.equal((await raw("PATCH", workflow, unpause)).status, 200);
  await eventually("its run at the end", async () => (await started("mine", value))[0]?.status === "COMPLETED", 90);
});

test("server: cancels what stands queued behind a pause for too long, and takes any text for the time", async () => {
  const workflow = `/api/v1/workflows/${idOf(names.pausable)}`;
  assert.equal((await raw("PATCH", workflow, pause("1s", "QUEUE"))).status, 200);
  await wait(TAKES_HOLD);
  const { metadata: { id } } = await create(names.pausable, {});
  const { body: { externalId } } = await raw("POST", `${scheduled}/${id}`);
  await eventually("the run cancelled", async () => (await details(`${externalId}/status`)).body === "CANCELLED", 90);
  assert.equal((await raw("PATCH", workflow, pause("soon", "QUEUE"))).status, 200, "five minutes, in truth");
  assert.equal((await raw("PATCH", workflow, pause("1h", "WAIT"))).status, 500);
  assert.equal((await raw("PATCH", workflow, unpause)).status, 200);
});

test("server: makes no run for a key that its workflow has seen, and answers a trigger all the same", async () => {
  const idempotencyKey = randomUUID();
  const [first, second, keyless] = await Promise.all([{ idempotencyKey }, { idempotencyKey }, {}].map((additionalMetadata) => create(names.once, { additionalMetadata })));
  await raw("POST", `${scheduled}/${first.metadata.id}`);
  const [run] = await eventually("the first run", async () => {
    const runs = await started("idempotencyKey", idempotencyKey);
    return runs.length && runs;
  });
  assert.equal(run.idempotencyKey, `${names.once.replace(/-once$/, "")}:${idempotencyKey}`);
  for (const { metadata } of [second, keyless]) {
    const { status, body } = await raw("POST", `${scheduled}/${metadata.id}`);
    assert.equal(status, 200);
    await wait(2_000);
    assert.equal((await details(body.externalId)).status, 404, "the run that it named never comes");
    assert.equal((await raw("GET", `${scheduled}/${metadata.id}`)).status, 404);
  }
  assert.equal((await started("idempotencyKey", idempotencyKey)).length, 1);
});

test("server: answers 500 to a trigger of a run that is just firing, which then runs once", async () => {
  const mine = randomUUID();
  const triggerAt = await soon(8);
  const made = await Promise.all(Array.from({ length: 30 }, (_, n) => create(names.plain, { triggerAt, additionalMetadata: { mine, n: `${n}` } })));
  await wait(Date.parse(triggerAt) - (await client.serverTime()).epochMilliseconds);
  const answers = await Promise.all(made.map(({ metadata }) => raw("POST", `${scheduled}/${metadata.id}`)));
  for (const { status, body } of answers) {
    assert.ok([200, 404, 500].includes(status), `${status}`);
    if (status === 500) assert.equal(body.errors[0].description, "Failed to trigger scheduled workflow.");
  }
  await eventually("all runs", async () => (await started("mine", mine)).length >= made.length);
  await wait(2_000);
  assert.deepEqual((await started("mine", mine)).map(({ additionalMetadata }) => Number(additionalMetadata.n)).sort((a, b) => a - b), made.map((_, n) => n));
});

test("server: tells the schema of a workflow's input", async () => {
  const { body } = await raw("GET", `/api/v1/workflows/${idOf(names.typed)}/versions`);
  assert.deepEqual([body.inputJsonSchema.required, body.workflow.name], [["to"], names.typed]);
});
