/** What each call's outcome may be, by what the server was brought to do. */
import assert from "node:assert/strict";

import { ApiError, HatchetError, NotFoundError, TimeoutError, ValidationError, BulkInterruptedError } from "../../support/package.mjs";
import { fits } from "./books.mjs";
import { checkBulk } from "./checks-bulk.mjs";
import { checkCreate } from "./checks-create.mjs";
import { WORKFLOWS } from "./world.mjs";

/** The server surely did not act. */
export const isRefusal = (error) => error instanceof ApiError && [0, 301, 302, 303, 307, 308, 400, 401, 403, 429].includes(error.status) && error.attempts === 1;

const ids = (rows) => rows.map((row) => row.metadata.id);
const isIn = (values, value, what) => assert.ok(values.includes(value), `${what}: ${value} is none of ${values.join(", ")}`);

export function checkRecord(world, record) {
  try {
    checkEnd(world, record);
    if (record.operation !== "watch") CHECKS[record.operation](world, record, record.outcome.value, record.outcome.error);
  } catch (error) {
    const requests = world.network.requestsOf(record.call).map(({ operation, fault, delivered, late, doubled }) => [operation, fault ?? "", delivered, late ? "late" : "", doubled ? "doubled" : ""].join(" ").trim());
    const { value, error: failure } = record.outcome;
    throw new Error(`call ${record.call}, ${record.operation} ${JSON.stringify(record.args)}\nwhose requests were ${requests.join("; ") || "none"}\nwhich came to ${failure ? `${failure}` : JSON.stringify(value)}:\n${error.message}`, { cause: error });
  }
}

/** How a call may end: by its signal's own reason, or by an error with a type, in time. */
function checkEnd(world, { call, operation, outcome, start, end, aborted, reason, totalTimeoutMs }) {
  const requests = world.network.requestsOf(call);
  // The limit of `reconcile` is that of each page, of the server's time, and of three bulk calls.
  const most = totalTimeoutMs * (operation === "reconcile" ? requests.filter((request) => request.operation === "list").length + 4 : 1);
  if (totalTimeoutMs !== undefined && operation !== "watch") assert.ok(end.at - start.at <= most, `took ${end.at - start.at} ms of ${most}`);
  if (aborted && operation !== "watch") assert.equal(end.at, Math.max(aborted.at, start.at), "it did not end when its signal was aborted");
  if (aborted?.seq < start.seq + 2 && aborted.at === start.at && start.seq > aborted.seq) assert.equal(requests.length, 0, "its signal was aborted already");
  if (!("error" in outcome)) return;
  const { error } = outcome;
  if (aborted && error === reason) return;
  assert.ok(error instanceof HatchetError, `rejected with ${error}`);
  assert.ok(!JSON.stringify(error).includes(world.token), "the error tells the token");
  if (error instanceof ValidationError) assert.equal(requests.filter(({ method }) => method !== "GET").length, 0, "refused, and sent all the same");
  if (error instanceof BulkInterruptedError && aborted && error.cause?.operation === undefined) assert.equal(error.cause, reason);
  if (error instanceof TimeoutError) assert.ok(error.timeoutMs > 0);
}

const CHECKS = {
  create: checkCreate,
  bulkCreate: checkBulk.create,
  bulkUpdate: checkBulk.update,
  bulkDelete: checkBulk.delete,
  bulkDeleteMatching: checkBulk.deleteMatching,
  reconcile: checkBulk.reconcile,

  get(world, record, run, error) {
    const { id, start, end } = record;
    if (error instanceof NotFoundError) return mustBeGone(world, record);
    if (!run) return;
    assert.equal(run.metadata.id, id);
    assert.ok(!world.books.wasGone(id, start), "it was gone before");
    isIn(world.books.timesDuring(id, { start, end }), Date.parse(run.triggerAt), "triggerAt");
  },

  list(world, record, listed) {
    if (!listed) return;
    checkRows(world, record, listed.rows);
    const limit = record.query.limit ?? 50;
    assert.ok(listed.rows.length <= limit);
    if (listed.rows.length < limit) checkComplete(world, record, listed.rows);
  },

  iterate(world, record, listed) {
    checkRows(world, record, record.rows);
    // In the order of times a run may be moved to where was read already, just when another one goes.
    const mayMiss = record.query.orderByField === "createdAt" ? () => false : ({ id, times }) => times.length > 1 && world.books.isContested(id, record);
    if (listed) checkComplete(world, record, record.rows, mayMiss);
  },

  update(world, record, run, error) {
    const { id, call, at, isDelay, start, end } = record;
    if (error instanceof NotFoundError) mustBeGone(world, record);
    if (isRefusal(error)) mustNotHaveChanged(world, record);
    if (!run) return;
    const told = Date.parse(run.triggerAt);
    checkTime(run, told, at, isDelay, world, record);
    assert.equal(run.metadata.id, id);
    assert.ok(!world.books.wasGone(id, start), "it was gone before");
    isIn(world.books.timesDuring(id, { start, end }), told, "acknowledged, and never so");
    assert.ok(world.books.changesOf(id, call).includes(`moved to ${told}`), "acknowledged, and not done");
  },

  delete(world, record, value, error) {
    if (isRefusal(error)) mustNotHaveChanged(world, record);
    if (error === undefined && "value" in record.outcome) assert.ok(world.books.isGone(record.id, record.end), "acknowledged, and still there");
    if (error instanceof NotFoundError) mustBeGone(world, record);
  },

  trigger(world, record, started, error) {
    const { id, call, start } = record;
    const acted = world.network.requestsOf(call).filter(({ delivered, doubled }) => delivered > 0 && !doubled);
    assert.ok(acted.length <= 1, `${acted.length} requests came through`);
    if (error instanceof NotFoundError) mustBeGone(world, record);
    if (isRefusal(error)) mustNotHaveChanged(world, record);
    if (!started) return;
    assert.ok(!world.books.wasGone(id, start), "it was gone before");
    assert.equal(world.books.started.get(id)?.run, started.externalId, "what was answered is not what started");
  },

  confirm(world, { id, end }, told) {
    if (told === "held") assert.ok(!world.books.isGone(id, { seq: end.seq, at: end.at - 60_001 }), "held, and gone");
    if (told === "lost") assert.ok(world.books.isGone(id, end), "lost, and there");
  },

  runs(world, { query, start }, runs) {
    if (!runs) return;
    const told = new Set(ids(runs));
    assert.equal(told.size, runs.length, "one of them twice");
    const known = new Map([...world.books.started.values()].map((run) => [run.run, run]));
    for (const id of told) assert.ok(known.has(id), `${id} never started`);
    for (const { run, at, workflowName } of known.values()) {
      const isMeant = !query.workflowName || query.workflowName === workflowName;
      if (isMeant && at < start.at && at > start.at - 80_000_000 && world.ahead.every((ms) => ms === 0)) assert.ok(told.has(run), `${run} had started, and is not told`);
    }
  },

  run(_world, { id }, run) {
    if (run) assert.equal(run.metadata.id, id);
  },

  pause: checkPause,

  unpause(world, record, unpaused) {
    if (!unpaused) return;
    for (const run of unpaused.overdue) {
      assert.equal(run.workflowName, record.workflowName);
      assert.ok(world.books.wasThereDuring(run.metadata.id, record), `${run.metadata.id} was not there`);
    }
    if (record.isPaused !== undefined) checkPause(world, record, unpaused.workflow);
  },

  workflows(_world, _record, workflows) {
    for (const name of workflows ? WORKFLOWS : []) assert.ok(workflows.some((workflow) => workflow.name === name), `${name} is not told`);
  },

  workflowVersion() {},

  serverTime(_world, { start, end }, time) {
    if (!time) return;
    const { epochMilliseconds, uncertaintyMs } = time;
    const isSo = epochMilliseconds >= start.at - uncertaintyMs - 1 && epochMilliseconds <= end.at + uncertaintyMs + 1;
    assert.ok(isSo, `${epochMilliseconds} ± ${uncertaintyMs} is not from ${start.at} to ${end.at}`);
  },

  access(world, { call }, access) {
    assert.equal(world.network.requestsOf(call).length, 0);
    if (access) assert.ok(access.allow.includes("bulkUpdate"));
  },
};

function checkPause(world, record, workflow) {
  if (!workflow) return;
  assert.equal(workflow.isPaused === true, record.isPaused);
  isIn(world.books.pausesDuring(workflow.metadata.id, record), record.isPaused, "acknowledged, and never so: paused");
}

/** A run that is not found had ended by the end of the call, or has never been. */
function mustBeGone(world, { id, end, call, error }) {
  const doubled = world.network.requestsOf(call).some((request) => request.doubled);
  assert.ok(doubled || world.books.isGone(id, end), `${id} was there: ${error}`);
}

function mustNotHaveChanged(world, { id, call }) {
  const isDoubtful = world.network.requestsOf(call).some(({ late, doubled }) => late || doubled);
  if (!isDoubtful) assert.deepEqual(world.books.changesOf(id, call), [], "refused, and done all the same");
}

/** The time is the one that was asked for; a delay may be off, where that is told. */
export function checkTime(result, told, at, isDelay, world, record) {
  if (!isDelay) return assert.equal(told, at, "another time than was asked for");
  const isTold = result.warnings?.some(({ code }) => code === "clock-skew") || world.ahead.some((ms) => ms !== 0);
  const latest = at + (record.end.at - record.start.at);
  assert.ok(isTold || (told >= at - 4_001 && told <= latest + 4_001), `a delay to ${at} became ${told}`);
}

/** What was listed was there, each run once, as it was. */
function checkRows(world, record, rows) {
  assert.equal(new Set(ids(rows)).size, rows.length, "a run twice");
  for (const row of rows) {
    const { id } = row.metadata;
    assert.ok(world.books.wasThereDuring(id, record), `${id} was not there`);
    assert.ok(fits(world.books.runs.get(id), record.query), `${id} does not match`);
    isIn(world.books.timesDuring(id, record), Date.parse(row.triggerAt), "triggerAt");
  }
}

function checkComplete(world, record, rows, mayMiss = () => false) {
  const told = new Set(ids(rows));
  for (const run of world.books.runs.values()) {
    if (fits(run, record.query) && world.books.wasThereThroughout(run, record) && !mayMiss(run)) assert.ok(told.has(run.id), `${run.id} is left out`);
  }
}
