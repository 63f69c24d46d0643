import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";

import { CELLS, table } from "../runtimes/cells.mjs";
import { repository } from "../support/package.mjs";

test("the README says where the package runs as the tests of that do", () => {
  const readme = readFileSync(join(repository, "README.md"), "utf8");
  const section = readme.split(/^## /m).find((part) => part.startsWith("Where it runs\n"));
  assert.ok(section, 'README.md has no section "Where it runs"');
  const told = section.split("\n").filter((line) => line.startsWith("|"));
  assert.deepEqual(told.join("\n"), table(), "put this table there:\n" + table());
});

test("every group of cells has its file of tests", () => {
  const files = readdirSync(join(repository, "tests/runtimes")).filter((name) => name.endsWith(".test.mjs"));
  assert.deepEqual(files.sort(), Object.keys(CELLS).map((group) => `${group}.test.mjs`).sort());
});
