import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import test from "node:test";

import { folder, repository } from "../support/package.mjs";

test("the benchmark of calls runs, and compares builds of the package", () => {
  const script = join(repository, "tests/bench/calls.mjs");
  const told = execFileSync(process.execPath, [script, folder, `${folder}/.`, "--rows", "20", "--rounds", "1"], { encoding: "utf8" });
  for (const name of ["import", "first call", "list 20", "iterate 20, filtered here", "bulkUpdate 20"]) assert.ok(told.includes(name), told);
});
