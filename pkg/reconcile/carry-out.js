import { BulkInterruptedError } from "hatchet-scheduled";

/** Carries out what is planned, and notes in each action what became of it. */
export async function carryOut(client, { given, items }, reconciliation, options) {
  const { actions } = reconciliation;
  for (const action of actions) if (action.outcome === "planned") action.outcome = "untried";
  const untried = (...kinds) => actions.filter(({ action, outcome }) => outcome === "untried" && kinds.includes(action));
  const phases = [
    [untried("create", "replace"), make],
    [untried("move"), move],
    [untried("delete"), remove],
  ];
  const count = (outcome) => actions.filter((action) => action.outcome === outcome).length;
  for (const [work, act] of phases) {
    if (work.length === 0) continue;
    const before = { done: count("done"), failed: count("failed") };
    const onProgress =
      options.onProgress &&
      (({ done, failed }) => options.onProgress({ done: before.done + done, failed: before.failed + failed, total: actions.length }));
    try {
      const { warnings = [] } = await act(client, items, work, { ...options, onProgress });
      warn(reconciliation, warnings);
    } catch (error) {
      throw told(error, given, reconciliation);
    }
  }
}

/** The call, with its outcome noted also where it was cut short. */
async function noted(call, note) {
  try {
    const done = await call;
    note(done, [], []);
    return done;
  } catch (error) {
    if (error instanceof BulkInterruptedError) note(error.done, error.unknown, error.rest);
    throw error;
  }
}

function make(client, items, work, options) {
  const wanted = work.map(({ index }) => items[index]);
  return noted(client.bulkCreate(wanted, options), ({ created, errors }, unknown, rest) => {
    const failed = new Map(errors.map(({ index, error }) => [index, error]));
    const isLeft = new Set([...unknown.map(Number), ...rest.map((item) => wanted.indexOf(item))]);
    const runs = created.values();
    work.forEach((action, place) => {
      if (failed.has(place)) settle(action, "failed", failed.get(place));
      else if (!isLeft.has(place)) {
        settle(action, "done");
        action.id = runs.next().value.metadata.id;
      } else if (unknown.includes(String(place))) settle(action, "unknown");
    });
  });
}

function move(client, _items, work, options) {
  // Whole runs, so that a change in the last seconds is noticed.
  const updates = work.map(({ id, from, triggerAt }) => ({ id: { metadata: { id }, triggerAt: from }, triggerAt }));
  return noted(client.bulkUpdate(updates, options), ({ updatedIds, errors }, unknown) => settleById(work, updatedIds, errors, unknown));
}

function remove(client, _items, work, options) {
  const scheduledIds = work.map(({ id, triggerAt }) => ({ metadata: { id }, triggerAt }));
  return noted(client.bulkDelete({ scheduledIds }, options), ({ deletedIds, errors }, unknown) => settleById(work, deletedIds, errors, unknown));
}

function settleById(work, ids, errors, unknown) {
  const [done, doubtful] = [new Set(ids), new Set(unknown)];
  const failed = new Map(errors.map(({ id, error }) => [id, error]));
  for (const action of work) {
    if (done.has(action.id)) settle(action, "done");
    else if (doubtful.has(action.id)) settle(action, "unknown");
    else if (failed.has(action.id)) settle(action, "failed", failed.get(action.id));
  }
}

function settle(action, outcome, error) {
  action.outcome = outcome;
  if (error !== undefined) action.error = error;
}

function warn(reconciliation, warnings) {
  if (warnings.length > 0) reconciliation.warnings = [...(reconciliation.warnings ?? []), ...warnings];
}

/** What cut the work short, as a failure of the whole: with all that was done before it. */
function told(error, given, reconciliation) {
  const { actions } = reconciliation;
  const isInterrupted = error instanceof BulkInterruptedError;
  if (isInterrupted) warn(reconciliation, error.done.warnings ?? []);
  if (!actions.some(({ outcome }) => outcome === "done" || outcome === "unknown")) return isInterrupted ? (error.cause ?? error) : error;
  const is = (wanted) => actions.filter(({ outcome }) => outcome === wanted);
  const rest = is("untried");
  const unknown = is("unknown").map(({ id, idempotencyKey }) => id ?? idempotencyKey);
  const cause = isInterrupted ? error.cause : error;
  return new BulkInterruptedError(
    `reconcile: cut short with ${unknown.length} actions of unknown fate and ${rest.length} not tried, by: ${cause?.message ?? cause}. Call again to finish`,
    { operation: "reconcile", done: reconciliation, unknown, rest: rest.flatMap(({ index }) => (index === undefined ? [] : [given[index]])), cause, retryable: true },
  );
}
