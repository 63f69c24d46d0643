import assert from "node:assert/strict";

import { BulkInterruptedError } from "../../support/package.mjs";
import { fits } from "./books.mjs";
import { checkCreated, checkOnce, isDoubtful, isSole, madeFor } from "./checks-create.mjs";

/** A bulk call's outcome in one shape, or nothing where it failed as a whole. */
function listsOf(value, error) {
  if (value) return { done: value, unknown: [], rest: [] };
  return error instanceof BulkInterruptedError ? { done: error.done, unknown: error.unknown, rest: error.rest } : undefined;
}

/** Each of `all` is in one of the lists, and in one only. */
function checkParts(all, lists) {
  const parts = Object.entries(lists).flatMap(([name, part]) => part.map((one) => [one, name]));
  const told = new Map();
  for (const [one, name] of parts) {
    assert.ok(!told.has(one), `${one} is told as ${told.get(one)} and as ${name}`);
    told.set(one, name);
  }
  for (const one of all) assert.ok(told.has(one), `${one} is in none of the lists`);
  assert.equal(told.size, new Set(all).size, "more is told than was asked for");
}

/** Progress counts up to what was done. */
function checkProgress({ progress = [] }, total, done) {
  progress.forEach((now, place) => {
    assert.equal(now.total, total);
    assert.ok(now.done + now.failed <= total);
    if (place > 0) assert.ok(now.done >= progress[place - 1].done && now.failed >= progress[place - 1].failed, "progress goes back");
  });
  if (progress.length > 0) assert.equal(progress.at(-1).done, done, "progress and outcome differ");
}

/** What is told as not tried was not done, whatever the network did. */
function mustNotBe(world, record, id, what) {
  if (world.books.isContested(id, record)) return;
  assert.deepEqual(world.books.changesOf(id, record.call), [], `${id} is told as ${what}, and was done`);
}

/** What is told as failed was not done, unless the network did it behind the client's back. */
function mustHaveFailed(world, record, id, what = "failed") {
  if (!isDoubtful(world, record.call)) mustNotBe(world, record, id, what);
}

export const checkBulk = {
  create(world, record, value, error) {
    const { asked, call, args } = record;
    if (args.dryRun && value) {
      assert.equal(world.network.requestsOf(call).length, 0);
      return assert.equal((value.planned ?? []).length, asked.length);
    }
    const lists = listsOf(value, error);
    if (!lists) return asked.forEach((one) => checkOnce(world, record, one, one.key === undefined && !isOpen(error)));
    const { done, unknown, rest } = lists;
    const failed = done.errors.map(({ index }) => index);
    const left = rest.map((item) => record.items.indexOf(item));
    assert.ok(!left.includes(-1), "rest has what was not given");
    const doubtful = unknown.map(Number);
    const others = new Set([...failed, ...left, ...doubtful]);
    const created = asked.map((_, place) => place).filter((place) => !others.has(place));
    checkParts([...asked.keys()], { created: created.slice(0, done.created.length), failed, left, doubtful });
    assert.equal(done.created.length, created.length, "an item is in none of the lists, or in two");
    checkProgress(record, asked.length, created.length);
    created.forEach((place, order) => checkCreated(world, record, asked[place], done.created[order], done.warnings ?? []));
    for (const one of asked) checkOnceAmong(world, record, one, asked);
    // After a 5xx nobody knows, and the entry says so.
    const isSure = ({ error: why }) => !why.includes("may have been created all the same");
    const surely = done.errors.filter(isSure).map(({ index }) => index);
    for (const place of left) {
      const made = madeFor(world, call, asked[place]).filter(({ deleted }) => !deleted);
      if (asked[place].key === undefined || isSole(record, asked[place])) assert.deepEqual(made, [], `item ${place} is told as not tried, and was done`);
    }
    for (const place of isDoubtful(world, call) ? [] : surely) {
      if (asked[place].key === undefined) assert.equal(madeFor(world, call, asked[place]).length, 0, `item ${place} is told as not done, and was`);
    }
  },

  update(world, record, value, error) {
    const { updates, call } = record;
    const lists = listsOf(value, error);
    if (!lists) {
      if (!isOpen(error)) for (const { id } of updates) mustHaveFailed(world, record, id, "not done");
      return;
    }
    const { done, unknown, rest } = lists;
    const failed = done.errors.map(({ id }) => id);
    const places = rest.map((item) => record.items.indexOf(item));
    assert.ok(!places.includes(-1), "rest has what was not given");
    const left = places.map((place) => updates[place].id);
    checkParts(updates.map(({ id }) => id), { updated: done.updatedIds, failed, unknown, left });
    checkProgress(record, new Set(updates.map(({ id }) => id)).size, done.updatedIds.length);
    const times = new Map(updates.map(({ id, at, isDelay }) => [id, { at, isDelay }]));
    for (const id of done.updatedIds) {
      const { at, isDelay } = times.get(id);
      assert.ok(!world.books.wasGone(id, record.start), `${id} was gone before`);
      const had = world.books.timesDuring(id, record);
      assert.ok(isDelay || had.includes(at), `${id} is told as updated, and never had that time`);
    }
    for (const id of left) mustNotBe(world, record, id, "not tried");
    for (const id of failed) mustHaveFailed(world, record, id);
    assert.ok(call > 0);
  },

  delete(world, record, value, error) {
    const { ids, call, args } = record;
    const lists = listsOf(value, error);
    if (args.dryRun) return mustChangeNothing(world, call);
    if (!lists) {
      if (!isOpen(error)) for (const id of ids) mustHaveFailed(world, record, id, "not done");
      return;
    }
    checkDeleted(world, record, ids, lists);
  },

  deleteMatching(world, record, value, error) {
    const { call, args, query } = record;
    const lists = listsOf(value, error);
    if (args.dryRun) mustChangeNothing(world, call);
    if (!lists) return;
    const { done, unknown, rest } = lists;
    const told = [...done.deletedIds, ...done.errors.map(({ id }) => id), ...unknown, ...rest];
    for (const id of told) {
      assert.ok(world.books.wasThereDuring(id, record) || world.books.runs.has(id), `${id} was never there`);
      assert.ok(fits(world.books.runs.get(id), query), `${id} does not match`);
    }
    const known = new Set(told);
    for (const run of world.books.runs.values()) {
      const isLeft = fits(run, query) && world.books.wasThereThroughout(run, record) && !known.has(run.id);
      assert.ok(!isLeft, `${run.id} matches, and is left out`);
    }
    if (!args.dryRun) checkDeleted(world, record, told, lists);
  },

  reconcile(world, record, value, error) {
    const { asked } = record;
    const reconciliation = value ?? (error instanceof BulkInterruptedError ? error.done : undefined);
    if (!reconciliation) return;
    for (const action of reconciliation.actions) {
      const { outcome, id } = action;
      assert.ok(["done", "failed", "unknown", "untried"].includes(outcome), outcome);
      if (value) assert.ok(outcome === "done" || outcome === "failed", `${outcome}, and not interrupted`);
      if (outcome !== "done") continue;
      if (action.action === "delete") assert.ok(world.books.isGone(id, record.end), `${id} is told as deleted, and there`);
      else assert.ok(world.books.timesDuring(id, record).includes(Date.parse(action.triggerAt)), `${id} is told as ${action.action}, and never had that time`);
    }
    const seen = reconciliation.actions.filter(({ index }) => index !== undefined).length + reconciliation.unchanged + reconciliation.passed.length;
    assert.equal(seen, asked.length, "each wanted run is in one place of what is told");
  },
};

/** Whether a failure leaves open what was done. */
const isOpen = (error) => !(error instanceof Error) || error.attempts !== 0;

function checkDeleted(world, record, ids, { done, unknown, rest }) {
  const failed = done.errors.map(({ id }) => id);
  checkParts(ids, { deleted: done.deletedIds, failed, unknown, rest });
  for (const id of done.deletedIds) assert.ok(world.books.isGone(id, record.end), `${id} is told as deleted, and there`);
  for (const id of rest) mustNotBe(world, record, id, "not tried");
  for (const id of failed) mustHaveFailed(world, record, id);
}

function mustChangeNothing(world, call) {
  const writes = world.network.requestsOf(call).filter(({ method }) => method !== "GET");
  assert.deepEqual(writes, [], "a dry run sent a change");
}

/** Of a call that asks for one key twice, two may be made at once; the one is deleted then. */
function checkOnceAmong(world, record, one, asked) {
  if (one.key === undefined || isSole(record, one)) checkOnce(world, record, one, false);
}
