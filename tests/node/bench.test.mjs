import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";

import { resultOf } from "../bench/results.mjs";
import { folder, repository } from "../support/package.mjs";

const ALONE = ["--quick", "--package", folder, ...["typescript", "python", "chromium"].flatMap((peer) => ["--without", peer])];
const CALLS = [
  ...["get", "get-64", "list-50", "list-1000", "list-10000", "list-20000", "iterate", "iterate-filtered"],
  ...["create-1kb", "create-100kb", "create-3mb", "bulk-update-5000", "bulk-update-20000", "bulk-create"],
];
const OTHERS = ["import", "first-answer", "memory-heap", "memory-wasm", "iterate-memory"];

const bench = (args, env = {}) =>
  promisify(execFile)(process.execPath, [join(repository, "tests/bench/bench.mjs"), ...args], { env: { ...process.env, ...env } });

function assertFinite({ median, lower, upper, samples }, name) {
  assert.ok([median, lower, upper].every(Number.isFinite) && lower <= median && median <= upper && samples >= 1, name);
}

test("every measure of the benchmark comes to figures, in the JSON that its help describes", async () => {
  const { results, ...rest } = JSON.parse((await bench([...ALONE, "--json"])).stdout);
  assert.deepEqual(Object.keys(rest), ["processor", "cores", "node", "date", "live", "quick"]);
  assert.deepEqual(results.map(({ name }) => name), [...CALLS, ...OTHERS]);
  for (const { name, title, unit, by, figures, versus, goals, requests } of results) {
    assert.ok(title && unit === (name.includes("memory") ? "MB" : "ms") && by === (CALLS.includes(name) ? "ratio" : "difference"), name);
    assert.deepEqual(Object.keys(figures), unit === "ms" ? ["plain", "ours"] : ["ours"], name);
    assert.deepEqual(Object.keys(versus), ["ours"], name);
    for (const each of [...Object.values(figures), versus.ours]) assertFinite(each, name);
    assert.ok(goals.ours.length > 0, name);
    for (const { what, most, met } of goals.ours) {
      assert.ok(["goal", "stretch"].includes(what), name);
      assert.equal(met, versus.ours.median <= most, name);
    }
    if (CALLS.includes(name)) assert.ok(requests.plain > 0 && requests.ours === requests.plain, `${name} ${JSON.stringify(requests)}`);
  }
});

test("the benchmark sets two builds of the package side by side, as a table", async () => {
  const { stdout } = await bench([...ALONE, "--package", `${folder}/.`, "--only", "get", "--only", "create-1kb", "--markdown"]);
  const [head, , ...rows] = stdout.split("\n").filter((line) => line.startsWith("|"));
  assert.deepEqual(head.split("|").slice(2, -1).map((cell) => cell.trim()), [
    "plain fetch",
    ...["ours", "over plain", "goals, met or not"],
    ...[`${folder}/.`, "over plain", "goals, met or not"],
  ]);
  assert.deepEqual(rows.map((row) => row.split("|")[1].trim()), ["`get`", "`create` with 1 KB of input"]);
});

test("a peer that cannot be installed ends the benchmark, which says how to leave it out", async () => {
  const temporary = await mkdtemp(join(tmpdir(), "bench-"));
  const nowhere = { npm_config_registry: "http://127.0.0.1:9", npm_config_fetch_retries: "0", npm_config_cache: join(temporary, "cache") };
  try {
    const failing = bench(["--quick", "--package", folder, "--only", "get", "--without", "python"], { TMPDIR: temporary, TEMP: temporary, ...nowhere });
    await assert.rejects(failing, ({ code, stdout, stderr }) => code === 1 && stdout === "" && stderr.includes("`--without typescript`"));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
});

test("the benchmark refuses what it does not know before it measures", async () => {
  for (const [args, told] of [
    [["--without", "curl"], "--without curl: there are typescript, python, chromium"],
    [["--only", "got"], "there is no measure got: there are get, get-64, list-50"],
    [["--package", "/nowhere"], "/nowhere has no dist/index.js"],
    [["--fast"], "--fast"],
  ]) {
    await assert.rejects(bench([...ALONE, ...args]), ({ code, stderr }) => code === 1 && stderr.includes(told), told);
  }
});

test("a ratio is the median of the ratios within rounds, and ahead is judged by the rounds of both", () => {
  const packages = [{ name: "ours" }];
  const rounds = [
    { plain: 1, ours: 2, python: 3 },
    { plain: 10, ours: 10, python: 30 },
    { plain: 100, ours: 50 },
  ];
  const measure = { name: "get", title: "get", unit: "ms", by: "ratio", goal: 1, stretch: 0.9, ahead: true, rounds };
  const { figures, versus, goals } = resultOf(measure, packages);
  assert.equal(figures.ours.median, 10);
  assert.deepEqual(versus.ours, { median: 1, lower: 0.75, upper: 1.5, samples: 3 });
  assert.deepEqual(versus.python, { median: 3, lower: 3, upper: 3, samples: 2 });
  assert.deepEqual(goals.ours, [
    { what: "goal", most: 1, met: true },
    { what: "stretch", most: 0.9, met: false },
    { what: "ahead", met: true },
  ]);
});
