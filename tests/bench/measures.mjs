/**
 * What is measured, and the goals. `goal` is what the package may take of plain fetch: `by` a ratio, or a difference in `unit`;
 * `stretch` is what would be fine; `ahead` asks it to be ahead of both official clients, too.
 */
import { idOf, inputOfSize, rowOf } from "./rows.mjs";

const TRIGGER_AT = "2031-06-01T09:30:00Z";
/** What the package asks for by default. */
const PAGE = 1000;
const SIZES = { full: { rows: 100_000, created: 2000 }, quick: { rows: 20_000, created: 200 } };

const ids = (count) => Array.from({ length: count }, (_, number) => idOf(number));
const grouped = (count) => count.toLocaleString("en");

function run(number, workflow = "send-email", input = rowOf(number).input) {
  return { workflow, triggerAt: TRIGGER_AT, input, additionalMetadata: { requestId: `req-${number}` } };
}

const once = () => ({ id: idOf(7) });

/** All measures against the canned server, which has `rows` runs for them. */
export function cannedMeasures({ quick }) {
  const { rows, created } = quick ? SIZES.quick : SIZES.full;
  const calls = [...reads(rows), ...changes(rows, created)].map((measure) => ({ kind: "call", by: "ratio", unit: "ms", ...measure }));
  return { rows, measures: [...calls, ...fresh(), ...memory(rows), ...inChromium(calls)] };
}

function reads(rows) {
  const reading = { goal: 1.3, stretch: 1.2 };
  const all = grouped(rows);
  return [
    { name: "get", title: "`get`", call: "get", work: once, ...reading },
    { name: "get-64", title: "64 × `get` at once", call: "getMany", work: () => ({ ids: ids(64) }), ...reading },
    ...[50, 1000, 10_000, rows].map((limit) => ({
      name: `list-${limit}`,
      title: `\`list\` of ${grouped(limit)}`,
      call: "list",
      work: () => ({ limit }),
      goal: 1.3,
      stretch: limit >= 1000 ? 1.1 : undefined,
      ahead: true,
    })),
    { name: "iterate", title: `\`iterate\` over ${all}`, call: "iterate", work: () => ({ pageSize: PAGE }), goal: 1.3 },
    {
      name: "iterate-filtered",
      title: `\`iterate\` over ${all}, filtered here by metadata`,
      call: "iterate",
      work: () => ({ pageSize: PAGE, attempt: 3 }),
      goal: 1.6,
    },
  ];
}

function changes(rows, created) {
  return [
    ...[[1000, "1 KB", 1.3], [100_000, "100 KB", 1.3], [3_000_000, "3 MB", 1.5]].map(([bytes, size, goal]) => ({
      name: `create-${size.replace(" ", "").toLowerCase()}`,
      title: `\`create\` with ${size} of input`,
      call: "create",
      work: () => run(0, `create-${bytes}`, inputOfSize(bytes)),
      goal,
    })),
    ...[5000, rows].map((count) => ({
      name: `bulk-update-${count}`,
      title: `\`bulkUpdate\` of ${grouped(count)}, over 500s in turn`,
      call: "bulkUpdate",
      work: () => ({ ids: ids(count), triggerAt: TRIGGER_AT }),
      goal: 0.5,
    })),
    {
      name: "bulk-create",
      title: `\`bulkCreate\` of ${grouped(created)}, over 4 at a time`,
      call: "bulkCreate",
      work: () => ({ runs: Array.from({ length: created }, (_, number) => run(number)) }),
      goal: 1.1,
    },
  ];
}

const difference = { by: "difference", unit: "ms" };

function fresh() {
  return [
    { kind: "import", name: "import", title: "`import`: CPU over an empty process", goal: 25, ...difference },
    { kind: "answer", name: "first-answer", title: "first answer of a fresh process", work: once, goal: 40, ...difference },
  ];
}

function memory(rows) {
  return [
    { kind: "memory", name: "memory", gives: ["memory-heap", "memory-wasm"], by: "difference", unit: "MB" },
    { kind: "iterateMemory", name: "iterate-memory", work: () => ({ pageSize: PAGE, runs: rows }), by: "difference", unit: "MB" },
  ];
}

function inChromium(calls) {
  const same = calls.filter(({ name }) => name === "get" || name === "list-10000");
  return [
    ...same.map((measure) => ({ ...measure, kind: "pageCall", name: `chromium-${measure.name}`, title: `Chromium: ${measure.title}`, ahead: false })),
    { kind: "pageImport", name: "chromium-import", title: "Chromium: `import`, over an empty module", goal: 25, ...difference },
    { kind: "pageAnswer", name: "chromium-first-answer", title: "Chromium: first answer of a fresh page", work: once, goal: 40, ...difference },
  ];
}
