/** The cells of one file of tests, with a server to ask. */
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { startServer } from "../support/server.mjs";
import { HELD, WORKS } from "./calls.mjs";
import { CELLS } from "./cells.mjs";

export const server = await startServer(["--allowed-origins", "http://127.0.0.1:*,http://localhost:*"]);
await server.faults({ match: { method: "GET", pathContains: `offset=${HELD}` }, then: { delayMs: 600_000 } });

const endings = [];
after(async () => {
  for (const end of endings) await end();
  await server.stop();
});

/** Has something done when all cells were tested. */
export const atEnd = (end) => endings.push(end);

const CALLS = Object.keys(WORKS);
const row = (...columns) => `| ${columns.map((text, index) => text.padEnd(index ? 6 : 54)).join(" | ")} |`;

/** Tests every cell of a group as `how` says by its name, which gives what the calls gave there. */
export function testCells(group, how) {
  const names = CELLS[group].flatMap(([where, ways]) => ways.map((way) => `${where}, ${way}`));
  assert.deepEqual(Object.keys(how).sort(), [...names].sort(), "what is tested is not what cells.mjs says");
  for (const [index, name] of names.entries()) {
    test(name, { timeout: 300_000 }, async (t) => {
      if (index === 0) t.diagnostic(row("where", ...CALLS));
      let result = {};
      try {
        result = await how[name](t);
      } finally {
        t.diagnostic(row(name, ...CALLS.map((call) => (result[call] === WORKS[call] ? "ok" : "FAILED"))));
      }
      assert.deepEqual(result, WORKS);
    });
  }
}
