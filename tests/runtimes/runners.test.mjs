// A test of a user, in the runners that users have.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

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

/** A test whose timers are fake, with `fetch` mocked: calls end, delays count from the fake time, and so afterwards. */
const faked = (fakes) => `
const run = { metadata: { id: "7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f", createdAt: "2024-01-01T00:00:00Z", updatedAt: "2024-01-01T00:00:00Z" },
  tenantId: "t", workflowId: "w", workflowVersionId: "v", workflowName: "simple", triggerAt: "2031-01-01T01:00:00Z", method: "API" };
test("a call while timers are fake, and one after", async () => {
  ${fakes}.useFakeTimers();
  ${fakes}.setSystemTime(new Date("2031-01-01T00:00:00Z"));
  globalThis.fetch = ${fakes}.fn(async () => new Response(JSON.stringify(run), { headers: { "content-type": "application/json" } }));
  const client = new ScheduledClient({ token: ${JSON.stringify(server.token)}, serverUrl: "http://hatchet.test" });
  for (let calls = 0; calls < 2; calls += 1) await client.create("simple", { triggerAt: { in: "1h" } });
  ${fakes}.useRealTimers();
  const { workflowName } = await client.get(run);
  const times = fetch.mock.calls.slice(0, 2).map(([, { body }]) => JSON.parse(body).triggerAt);
  writeFileSync("${RESULT}", JSON.stringify({ workflowName, times }));
});\n`;

const undisturbed = { workflowName: "simple", times: ["2031-01-01T01:00:00Z", "2031-01-01T01:00:00Z"] };

for (const [how, fakeTimers] of [["in a test", {}], ["everywhere", { enableGlobally: true }]]) {
  test(`Jest with fake timers ${how}`, { timeout: 300_000 }, async () => {
    const result = await tested(["jest/bin/jest.js", "--watchman=false", "--rootDir=."], {
      "jest.config.json": JSON.stringify({ testEnvironment: "node", fakeTimers }),
      "fake.test.js": `const { writeFileSync } = require("node:fs");\nconst { ScheduledClient } = require("hatchet-scheduled");\n${faked("jest")}`,
    });
    assert.deepEqual(result, undisturbed);
  });
}

// Without `queueMicrotask`: Node's own `Response` waits for that of the process, which Vitest replaces and Jest does not.
const MORE = ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate", "performance", "Date"];
for (const [how, toFake] of [["in a test", undefined], ["and more of them", MORE]]) {
  test(`Vitest with fake timers ${how}`, { timeout: 300_000 }, async () => {
    const result = await tested(["vitest/vitest.mjs", "run"], {
      "vitest.config.mjs": `export default { test: { fakeTimers: ${JSON.stringify({ toFake })} } };`,
      "fake.test.mjs": `import { writeFileSync } from "node:fs";\nimport { ScheduledClient } from "hatchet-scheduled";\nimport { test, vi } from "vitest";\n${faked("vi")}`,
    });
    assert.deepEqual(result, undisturbed);
  });
}

/** A reminder of two hours, on the embedded Hatchet, while timers are fake. */
const reminded = (fakes) => `
test("a reminder", async () => {
  ${fakes}.useFakeTimers();
  const hatchet = await EmbeddedHatchet.start({ now: "2031-01-01T00:00:00Z" });
  const client = hatchet.client();
  await client.create("simple", { triggerAt: { in: "2h" } });
  hatchet.fault({ operation: "list", status: 503, times: 1 });
  const listed = client.list();
  await hatchet.advance("2h");
  writeFileSync("${RESULT}", JSON.stringify({ before: (await listed).rows.length, started: hatchet.runs.map(({ startedAt }) => startedAt) }));
  await hatchet.stop();
});\n`;

const EMBEDDED = {
  "Jest, node": ["jest", "node"],
  "Jest, jsdom": ["jest", "jsdom"],
  "Vitest, node": ["vitest", "node"],
  "Vitest, jsdom": ["vitest", "jsdom"],
  "Vitest, happy-dom": ["vitest", "happy-dom"],
};

for (const [name, [runner, environment]] of Object.entries(EMBEDDED)) {
  test(`the embedded Hatchet with fake timers in ${name}`, { timeout: 300_000 }, async () => {
    const result = await (runner === "jest"
      ? tested(["jest/bin/jest.js", "--watchman=false", "--rootDir=."], {
          "jest.config.json": JSON.stringify({ testEnvironment: environment }),
          "reminder.test.js": `const { writeFileSync } = require("node:fs");\nconst { EmbeddedHatchet } = require("hatchet-scheduled/testing");\n${reminded("jest")}`,
        })
      : tested(["vitest/vitest.mjs", "run", `--environment=${environment}`], {
          "reminder.test.mjs": `import { writeFileSync } from "node:fs";\nimport { EmbeddedHatchet } from "hatchet-scheduled/testing";\nimport { test, vi } from "vitest";\n${reminded("vi")}`,
        }));
    assert.deepEqual(result, { before: 1, started: ["2031-01-01T02:00:00Z"] });
  });
}

test("the README's test of code that schedules runs passes in Vitest, and sees a wrong delay", { timeout: 300_000 }, async () => {
  const readme = readFileSync(join(tools, "../../README.md"), "utf8");
  const [, example] = /^## Test code that schedules runs$[^]*?```js\n([^]*?)```/m.exec(readme);
  const played = (delay) =>
    run(node, [join(tools, "node_modules/vitest/vitest.mjs"), "run"], {
      cwd: folderWithTools({
        "reminder.test.mjs": example,
        "remind.js": `export const remind = (client, to) => client.create("send-reminder", { triggerAt: { in: "${delay}" }, input: { to } });`,
        "package.json": '{ "private": true, "type": "module" }',
      }),
      env: { CI: "1" },
    });
  await played("2h");
  await assert.rejects(played("1h"));
});
