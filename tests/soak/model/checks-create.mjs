import assert from "node:assert/strict";

import { ApiError } from "../../support/package.mjs";

/** The runs that a call made for one that was asked for. */
export function madeFor(world, call, asked) {
  const isIt = (run) => run.made.call === call && (asked.key === undefined ? run.input?.mark === asked.mark : run.key === asked.key && run.workflowName === asked.workflowName);
  return [...world.books.runs.values()].filter(isIt);
}

/** Whether the network itself did what the client cannot know: processed a request twice, or after it was given up. */
export const isDoubtful = (world, call) => world.network.requestsOf(call).some(({ late, doubled }) => late || doubled);

export function checkCreate(world, record, run, error) {
  const [asked] = record.asked;
  const isRefused = error instanceof ApiError && error.status < 500 && error.status !== 408;
  checkOnce(world, record, asked, isRefused);
  if (run) checkCreated(world, record, asked, run);
}

const isAlike = (one, other) => one.key === other.key && one.workflowName === other.workflowName;

/** Whether nothing else in the same call asks for its key. */
export const isSole = (record, asked) => record.asked.every((other) => other === asked || !isAlike(other, asked));

/** No more runs than were asked for, and none for what was refused. */
export function checkOnce(world, record, asked, isRefused) {
  const { call } = record;
  if (isDoubtful(world, call)) return;
  // Where another call ended one of them meanwhile, its key was free.
  const made = madeFor(world, call, asked).filter(({ deleted, triggered }) => [deleted, triggered].every((end) => !end || end.call === call));
  const alike = record.asked.filter((other) => isAlike(other, asked));
  // The key is free again once the run that was there has fired.
  const mostOf = ({ onExisting }) => (onExisting === "keep" ? 1 : 4);
  const most = asked.key !== undefined ? alike.reduce((sum, one) => sum + mostOf(one), 0) : isRefused ? 0 : 1;
  assert.ok(made.length <= most, `${made.length} runs for one that was asked for, at most ${most} may be`);
}

/** What was answered is there, as it was asked for unless it is told in what it differs. */
export function checkCreated(world, record, asked, run, warnings = run.warnings ?? []) {
  const { start, end, call } = record;
  const { id } = run.metadata;
  const known = world.books.runs.get(id);
  assert.ok(known, `${id} was never made`);
  assert.equal(known.workflowName, asked.workflowName);
  assert.equal(known.key, asked.key);
  if (asked.key === undefined) assert.equal(known.made.call, call, "made by another call");
  assert.ok(known.made.seq <= end.seq);
  assert.ok(!world.books.wasGone(id, start), "it was gone before");
  const told = Date.parse(run.triggerAt);
  assert.ok(world.books.timesDuring(id, { start, end }).includes(told), "it never had this time");
  const reuse = warnings.filter((warning) => warning.code === "key-reuse" && warning.id === id).flatMap((warning) => warning.differs);
  const skewed = asked.isDelay;
  const differs = [];
  if (!skewed && told !== asked.at) differs.push("triggerAt");
  if (skewed && reuse.length === 0 && !warnings.some(({ code }) => code === "clock-skew") && world.ahead.every((ms) => ms === 0) && known.made.call === call) {
    const late = told - asked.at;
    // A run of the same call with the key is taken for the one that was asked for where their delays are less than 5 s apart.
    const apart = isSole(record, asked) ? 4_001 : 9_001;
    assert.ok(late >= -apart && late <= end.at - start.at + apart, `a delay became ${late} ms more`);
  }
  if (JSON.stringify(run.input) !== JSON.stringify(asked.input)) differs.push("input");
  if (run.additionalMetadata?.tag !== asked.tag) differs.push("additionalMetadata");
  if ((run.priority ?? 1) !== asked.priority) differs.push("priority");
  for (const difference of differs) assert.ok(reuse.includes(difference), `another ${difference} than was asked for, and no warning`);
}
