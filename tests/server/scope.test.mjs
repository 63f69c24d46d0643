import assert from "node:assert/strict";
import { after, test } from "node:test";

import { NotFoundError, PermissionDeniedError, ScheduledClient } from "../support/package.mjs";
import { random, seed } from "../support/random.mjs";
import { startServer } from "../support/server.mjs";
import { handlerOver, pageClient } from "./support.mjs";

const CALLS = 2_000;
const WORKFLOWS = ["simple", "greeter", "typed"];
const TEAMS = ["a", "b", "c"];
const OPERATIONS = ["list", "get", "workflows", "runs", "create", "update", "delete", "trigger", "bulkDelete", "bulkUpdate"];
const START = Date.parse("2031-01-01T00:00:00Z");
const UNKNOWN_ID = "99999999-9999-4999-8999-999999999999";
const SECRET_INPUT = "told-to-nobody";

const server = await startServer();
after(() => server.stop());
const owner = new ScheduledClient({ token: server.token });
for (const name of WORKFLOWS) await server.registerWorkflow({ name, inputJsonSchema: { title: name } });
const versions = (await owner.workflows()).filter(({ name }) => WORKFLOWS.includes(name));
const handler = handlerOver(server);
const below = random(seed);
const pick = (items) => items[below(items.length)];
const some = (items) => items.filter(() => below(2) === 0);

/** What is there, as far as a caller may see: by id, its workflow, metadata and time. */
const model = new Map();
/** What has started, by the run's id, the oldest first. */
const started = new Map();
const STATUSES = ["QUEUED", "RUNNING", "COMPLETED"];
/** How often runs with a status were asked for, and there. */
let asked = 0;
let minute = 0;
/** A time that no other run has, so that the order of a listing is the model's. */
const freshTime = () => START + (++minute * 7_919 % 100_003) * 60_000;

function randomAccess() {
  const access = { allow: below(3) === 0 ? some(OPERATIONS) : pick(["read", "write", "write"]) };
  if (below(3) > 0) access.workflows = below(8) === 0 ? [] : some([...WORKFLOWS, "absent"]);
  if (below(3) > 0) access.metadata = { team: pick(TEAMS) };
  if (below(4) === 0) access.hideInput = true;
  return access;
}

const may = ({ allow }, operation) => allow === "write" || (allow === "read" ? ["list", "get", "workflows", "runs"].includes(operation) : allow.includes(operation));
const sees = ({ workflows, metadata }, run) => (!workflows || workflows.includes(run.workflow)) && (!metadata || run.metadata.team === metadata.team);
const ids = () => [...model.keys(), UNKNOWN_ID];
const visible = (access) => [...model].filter(([, run]) => sees(access, run));

async function refused(promise, type) {
  await assert.rejects(promise, (error) => error instanceof type || assert.fail(`${error?.stack}`));
}

const PLAYS = {
  async list(client, access) {
    const query = { orderByDirection: pick(["ASC", "DESC"]), offset: below(8), limit: 1 + below(20) };
    if (below(2)) query.workflowName = pick(WORKFLOWS);
    if (below(3) === 0) query.additionalMetadata = { team: pick(TEAMS) };
    // A workflow's name is looked up first.
    if (query.workflowName && !may(access, "workflows")) return refused(client.list(query), PermissionDeniedError);
    if (query.workflowName && access.workflows && !access.workflows.includes(query.workflowName)) return refused(client.list(query), NotFoundError);
    if (!may(access, "list")) return refused(client.list(query), PermissionDeniedError);
    const sign = query.orderByDirection === "ASC" ? 1 : -1;
    const expected = visible(access)
      .filter(([, run]) => (!query.workflowName || run.workflow === query.workflowName) && (!query.additionalMetadata || run.metadata.team === query.additionalMetadata.team))
      .sort(([, one], [, other]) => sign * (one.at - other.at));
    const { rows, pagination } = await client.list(query);
    assert.deepEqual(rows.map((run) => run.metadata.id), expected.slice(query.offset, query.offset + query.limit).map(([id]) => id));
    assert.equal(pagination.num_pages, Math.ceil(expected.length / query.limit));
  },

  async get(client, access) {
    const id = pick(ids());
    if (!may(access, "get")) return refused(client.get(id), PermissionDeniedError);
    if (!model.has(id) || !sees(access, model.get(id))) return refused(client.get(id), NotFoundError);
    const run = await client.get(id);
    assert.equal(run.metadata.id, id);
    assert.equal(run.input?.secret, access.hideInput ? undefined : SECRET_INPUT);
  },

  async workflows(client, access) {
    if (!may(access, "workflows")) return refused(client.workflows(), PermissionDeniedError);
    const names = (await client.workflows()).map(({ name }) => name).filter((name) => WORKFLOWS.includes(name));
    assert.deepEqual(names.sort(), WORKFLOWS.filter((name) => !access.workflows || access.workflows.includes(name)).sort());
  },

  async workflowVersion(client, access) {
    const { name, metadata: { id } } = pick(versions);
    if (!may(access, "workflows")) return refused(client.workflowVersion(id), PermissionDeniedError);
    if (access.workflows && !access.workflows.includes(name)) return refused(client.workflowVersion(id), NotFoundError);
    assert.equal((await client.workflowVersion(id)).inputJsonSchema.title, name);
  },

  async runs(client, access) {
    const query = { limit: 1 + below(30) };
    if (below(3) === 0) query.additionalMetadata = { team: pick(TEAMS) };
    if (below(2)) query.workflowName = pick(WORKFLOWS);
    if (below(2)) query.statuses = [pick(STATUSES), ...some(STATUSES)];
    if (query.workflowName && !may(access, "workflows")) return refused(client.runs(query), PermissionDeniedError);
    if (query.workflowName && access.workflows && !access.workflows.includes(query.workflowName)) return refused(client.runs(query), NotFoundError);
    if (!may(access, "runs")) return refused(client.runs(query), PermissionDeniedError);
    // How far each is, is the server's to say: its clock stands still here.
    const status = new Map((await owner.runs({ limit: CALLS })).map((run) => [run.metadata.id, run.status]));
    const expected = [...started]
      .filter(([id, run]) => sees(access, run) && (!query.statuses || query.statuses.includes(status.get(id))))
      .filter(([, run]) => (!query.workflowName || run.workflow === query.workflowName) && (!query.additionalMetadata || run.metadata.team === query.additionalMetadata.team))
      .map(([id]) => id)
      .reverse();
    const runs = await client.runs(query);
    assert.deepEqual(runs.map(({ metadata }) => metadata.id), expected.slice(0, query.limit));
    for (const run of runs) {
      assert.equal(run.status, status.get(run.metadata.id));
      assert.equal(run.input?.input?.secret, access.hideInput ? undefined : SECRET_INPUT);
    }
    if (query.statuses && runs.length > 0) asked++;
  },

  async run(client, access) {
    const id = pick([...started.keys(), UNKNOWN_ID]);
    if (!may(access, "runs")) return refused(client.run(id), PermissionDeniedError);
    if (!started.has(id) || !sees(access, started.get(id))) return refused(client.run(id), NotFoundError);
    const run = await client.run(id);
    assert.deepEqual([run.metadata.id, run.input?.input?.secret], [id, access.hideInput ? undefined : SECRET_INPUT]);
  },

  async pause(client, access) {
    const { name, metadata: { id } } = pick(versions);
    const isAllowed = access.allow === "write" && !access.metadata;
    if (!isAllowed) return refused(client.pause(id, { scheduledRuns: "fire-late" }), PermissionDeniedError);
    if (access.workflows && !access.workflows.includes(name)) return refused(client.pause(id, { scheduledRuns: "fire-late" }), NotFoundError);
    assert.equal((await client.pause(id, { scheduledRuns: "fire-late" })).isPaused, true);
    assert.equal((await client.unpause(id)).workflow.isPaused, false);
  },

  async create(client, access) {
    const workflow = pick(WORKFLOWS);
    const team = pick([undefined, ...TEAMS]);
    const at = freshTime();
    const run = { triggerAt: at, input: { secret: SECRET_INPUT, a: 1 }, additionalMetadata: team ? { team } : {} };
    const isForeign = access.metadata && team !== undefined && team !== access.metadata.team;
    if (!may(access, "create") || isForeign || (access.workflows && !access.workflows.includes(workflow))) return refused(client.create(workflow, run), PermissionDeniedError);
    const made = await client.create(workflow, run);
    model.set(made.metadata.id, { workflow, at, metadata: { ...run.additionalMetadata, ...access.metadata } });
  },

  async update(client, access) {
    const id = pick(ids());
    const at = freshTime();
    if (!may(access, "update")) return refused(client.update(id, { triggerAt: at }), PermissionDeniedError);
    if (!model.has(id) || !sees(access, model.get(id))) return refused(client.update(id, { triggerAt: at }), NotFoundError);
    await client.update(id, { triggerAt: at });
    model.get(id).at = at;
  },

  delete: (client, access) => gone(client, access, "delete"),
  trigger: (client, access) => gone(client, access, "trigger"),

  async bulkDelete(client, access) {
    const wanted = some(ids()).slice(0, 1 + below(40));
    if (wanted.length === 0) return;
    if (!may(access, "bulkDelete")) return refused(client.bulkDelete({ scheduledIds: wanted }), PermissionDeniedError);
    const inside = wanted.filter((id) => model.has(id) && sees(access, model.get(id)));
    const { deletedIds, errors } = await client.bulkDelete({ scheduledIds: wanted });
    assert.deepEqual([...deletedIds].sort(), [...inside].sort());
    assert.deepEqual(errors.map(({ id }) => id).sort(), wanted.filter((id) => !inside.includes(id)).sort());
    assert.ok(new Set(errors.map(({ error }) => error)).size <= 1, "nothing tells what is foreign from what is unknown");
    for (const id of inside) model.delete(id);
  },

  async bulkUpdate(client, access) {
    const updates = some(ids()).slice(0, 1 + below(40)).map((id) => ({ id, triggerAt: freshTime() }));
    if (updates.length === 0) return;
    if (!may(access, "bulkUpdate")) return refused(client.bulkUpdate(updates), PermissionDeniedError);
    const inside = updates.filter(({ id }) => model.has(id) && sees(access, model.get(id)));
    const { updatedIds, errors } = await client.bulkUpdate(updates);
    assert.deepEqual([...updatedIds].sort(), inside.map(({ id }) => id).sort());
    assert.equal(errors.length, updates.length - inside.length);
    for (const { id, triggerAt } of inside) model.get(id).at = triggerAt;
  },
};

async function gone(client, access, operation) {
  const id = pick(ids());
  if (!may(access, operation)) return refused(client[operation](id), PermissionDeniedError);
  if (!model.has(id) || !sees(access, model.get(id))) return refused(client[operation](id), NotFoundError);
  // No two start at one time, so that their order is the model's.
  if (operation === "trigger") await server.clock({ advanceMs: 1 + below(400) });
  const answer = await client[operation](id);
  if (operation === "trigger") started.set(answer.externalId, model.get(id));
  model.delete(id);
}

async function truth() {
  const runs = new Map();
  for await (const run of owner.iterate()) {
    runs.set(run.metadata.id, { workflow: run.workflowName, at: Date.parse(run.triggerAt), metadata: run.additionalMetadata });
  }
  return runs;
}

test(`of ${CALLS} random calls of callers with random scopes none sees, changes or is refused what it should not`, async () => {
  await server.clock({ set: new Date().toISOString() });
  for (const workflow of WORKFLOWS) {
    for (const metadata of [{}, ...TEAMS.map((team) => ({ team }))]) {
      const at = freshTime();
      const { metadata: { id } } = await owner.create(workflow, { triggerAt: at, input: { secret: SECRET_INPUT }, additionalMetadata: metadata });
      model.set(id, { workflow, at, metadata });
    }
  }
  for (let call = 0; call < CALLS; call++) {
    const access = randomAccess();
    // A model that shrinks tests less and less.
    const operation = model.size < 12 ? "create" : pick(Object.keys(PLAYS));
    const foreign = [...model, ...started].filter(([, run]) => !sees(access, run)).map(([id]) => id);
    const texts = [];
    try {
      await PLAYS[operation](pageClient(handler, access, (text) => texts.push(text)), access);
      for (const text of texts) {
        if (access.hideInput) assert.ok(!text.includes(SECRET_INPUT), "inputs are kept back");
        // What a caller asked for by id may come back as refused.
        if (!operation.startsWith("bulk")) assert.deepEqual(foreign.filter((id) => text.includes(id)), [], "no foreign run is told");
        assert.ok(!text.includes(server.token));
      }
      if (call % 100 === 0 || call === CALLS - 1) assert.deepEqual(await truth(), model);
    } catch (error) {
      error.message = `SEED=${seed}, call ${call}: ${operation} with ${JSON.stringify(access)}: ${error.message}`;
      throw error;
    }
  }
  assert.ok(asked > 0, `SEED=${seed}: no status was asked for that a run had`);
});
