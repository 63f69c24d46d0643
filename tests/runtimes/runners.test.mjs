// A test of a user, in the runners that users have.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { called, imported, required } from "./calls.mjs";
import { CELLS } from "./cells.mjs";
import { folderWithTools, tools } from "./folders.mjs";
import { server, testCells } from "./group.mjs";
import { run } from "./processes.mjs";

// Vitest asks for a newer Node than the oldest that the package takes.
const node = join(tools, "node_modules/node24/bin/node");
const RESULT = "result.json";
const body = `test("calls", async () => writeFileSync("${RESULT}", JSON.stringify(await ${called(server.token)})), 30_000);\n`;

/** jsdom has no `fetch`, and Node's takes no signal but Node's: what projects with jsdom in Jest add themselves. */
const jsdomWithFetch = `
  const { TestEnvironment } = require("jest-environment-jsdom");
  module.exports = class extends TestEnvironment {
    async setup() {
      await super.setup();
      Object.assign(this.global, { AbortController, AbortSignal, fetch, Headers, Request, Response });
    }
  };`;

/** Runs a test with a runner in a folder, and gives what the test wrote down. */
async function tested(program, files) {
  const cwd = folderWithTools(files);
  await run(node, [join(tools, "node_modules", program[0]), ...program.slice(1)], { cwd, env: { CI: "1" } });
  return JSON.parse(readFileSync(join(cwd, RESULT), "utf8"));
}

const jest = (testEnvironment) => () =>
  tested(["jest/bin/jest.js", "--watchman=false", "--rootDir=."], {
    "jest.config.json": JSON.stringify({ testEnvironment }),
    "environment.cjs": jsdomWithFetch,
    "calls.test.js": `const { writeFileSync } = require("node:fs");\n${required}${body}`,
  });

const vitest = (environment) => () =>
  tested(["vitest/vitest.mjs", "run", `--environment=${environment}`], {
    "calls.test.mjs": `import { writeFileSync } from "node:fs";\nimport { test } from "vitest";\n${imported()}${body}`,
  });

const [[jestName], [vitestName]] = CELLS.runners;
testCells("runners", {
  [`${jestName}, node`]: jest("node"),
  [`${jestName}, jsdom`]: jest("./environment.cjs"),
  [`${vitestName}, node`]: vitest("node"),
  [`${vitestName}, jsdom`]: vitest("jsdom"),
  [`${vitestName}, happy-dom`]: vitest("happy-dom"),
});
