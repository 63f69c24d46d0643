/** Random programs: calls, what befalls their requests, and what the clocks do meanwhile. */
import fc from "fast-check";

import { FAULTS } from "./faults.mjs";

const below = (count) => fc.nat({ max: count - 1 });
const rarely = (arbitrary, freq = 4) => fc.option(arbitrary, { nil: undefined, freq });

/** Which run: a place among those that there are, or none of them; whole, or by its id. */
const ref = fc.record({ place: below(12), whole: fc.boolean(), absent: fc.constantFrom(...Array(9).fill(false), true) });
/** When: so many milliseconds from now, said in one of the ways. */
const SECONDS = [-90, 0, 2, 6, 9, 14, 40, 600, 3_600, 7_200, 86_400, 1_000_000];
const time = fc.record({ ms: fc.tuple(fc.constantFrom(...SECONDS), below(1_000)).map(([seconds, ms]) => seconds * 1_000 + ms), as: fc.constantFrom("text", "date", "number", "in", "local", "offset") });
const workflow = below(3);
const item = fc.record({
  workflow,
  at: time,
  key: fc.option(below(2), { nil: undefined, freq: 2 }),
  onExisting: fc.constantFrom(undefined, undefined, "keep", "move", "replace"),
  priority: rarely(fc.constantFrom(1, 2, 3)),
  tag: fc.constantFrom("x", "y", 5),
  traceable: fc.boolean(),
});
const query = fc.record({
  workflow: fc.option(workflow, { nil: undefined, freq: 2 }),
  tag: fc.constantFrom(undefined, undefined, undefined, "x", "y", 5),
  orderByField: fc.constantFrom(undefined, "createdAt", "triggerAt"),
  orderByDirection: fc.constantFrom(undefined, "ASC", "DESC"),
});
const concurrency = fc.constantFrom(undefined, 1, 2, 9);
/** Runs that are not there, so that a call takes several requests. */
const padding = fc.oneof({ weight: 40, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1_100) });
const refs = fc.array(ref, { maxLength: 7 });

const CALLS = {
  create: [8, { item }],
  get: [2, { ref }],
  list: [2, { query, limit: fc.constantFrom(undefined, 1, 1_000) }],
  iterate: [2, { query, pageSize: fc.constantFrom(undefined, 1, 2, 5) }],
  watch: [2, { query: fc.record({ workflow: fc.option(workflow, { nil: undefined, freq: 2 }) }), intervalMs: fc.constantFrom(undefined, 700, 20_000) }],
  update: [5, { ref, at: time }],
  delete: [3, { ref }],
  trigger: [2, { ref }],
  confirm: [2, { place: below(9) }],
  bulkCreate: [4, { items: fc.array(item, { maxLength: 9 }), concurrency, dryRun: rarely(fc.constant(true)) }],
  bulkUpdate: [4, { updates: fc.array(fc.tuple(ref, time), { maxLength: 7 }), same: fc.boolean(), concurrency, padding }],
  bulkDelete: [3, { refs, concurrency, padding, dryRun: rarely(fc.constant(true)) }],
  bulkDeleteMatching: [2, { query: fc.record({ workflow: query.map((drawn) => drawn.workflow), tag: query.map((drawn) => drawn.tag) }), concurrency, dryRun: rarely(fc.constant(true)) }],
  reconcile: [2, { wanted: fc.uniqueArray(item, { maxLength: 4, selector: ({ key }) => key }), concurrency }],
  runs: [1, { workflow: fc.option(workflow, { nil: undefined, freq: 2 }) }],
  run: [1, { place: below(9) }],
  pause: [1, { workflow, scheduledRuns: fc.constantFrom("fire-late", "queue") }],
  unpause: [2, { workflow, dryRun: rarely(fc.constant(true)) }],
  workflows: [1, {}],
  workflowVersion: [1, { workflow }],
  serverTime: [1, {}],
  access: [1, {}],
};

const common = {
  client: below(3),
  /** Whether the next command waits for its end. */
  awaited: fc.boolean(),
  /** When its signal is aborted: before, or so many milliseconds after it began. */
  abort: rarely(fc.constantFrom("before", 0, 3, 120, 2_000, 31_000), 5),
  timeoutMs: rarely(fc.constantFrom(100, 3_000), 6),
  totalTimeoutMs: rarely(fc.constantFrom(50, 2_500, 40_000), 5),
  maxRetries: rarely(fc.constantFrom(0, 1, 5), 4),
};
const calls = Object.entries(CALLS).map(([operation, [weight, args]]) => ({
  weight,
  arbitrary: fc.record({ type: fc.constant("call"), operation: fc.constant(operation), args: fc.record(args), ...common }),
}));
const fault = fc.record({
  type: fc.constant("fault"),
  kind: fc.constantFrom(...Object.keys(FAULTS)),
  amount: below(5),
  on: rarely(fc.constantFrom("create", "list", "get", "update", "delete", "trigger", "bulkDelete", "bulkUpdate", "pause"), 2),
  skip: fc.constantFrom(0, 0, 1, 2, 5),
  times: fc.constantFrom(1, 1, 2, 3, 7),
});
const advance = fc.record({ type: fc.constant("advance"), ms: fc.constantFrom(1, 90, 1_000, 5_000, 11_000, 600_000, 90_000_000) });
/** The clock on a client's wall is set. */
const set = fc.record({ type: fc.constant("set"), client: below(3), ms: fc.constantFrom(0, -4_000, 70_000, -3_600_000, 86_400_000) });

export const program = fc.array(
  fc.oneof({ weight: 60, arbitrary: fc.oneof(...calls) }, { weight: 25, arbitrary: fault }, { weight: 12, arbitrary: advance }, { weight: 3, arbitrary: set }),
  { minLength: 1, maxLength: 22, size: "max" },
);
