/** The cells of one file of tests, with a server to ask and folders to work in. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { startServer } from "../support/server.mjs";
import { HELD, WORKS } from "./calls.mjs";
import { CELLS } from "./cells.mjs";

/** Where the tools are installed. */
export const tools = dirname(fileURLToPath(import.meta.url));

const installed = process.env.HATCHET_PACKAGE_DIR && resolve(process.env.HATCHET_PACKAGE_DIR);
if (!installed) throw new Error("HATCHET_PACKAGE_DIR is not set: run `cargo xtask test --only runtimes`");

export const server = await startServer(["--allowed-origins", "http://127.0.0.1:*,http://localhost:*"]);
await server.faults({ match: { method: "GET", pathContains: `offset=${HELD}` }, then: { delayMs: 600_000 } });

const endings = [];
const folders = [];
after(async () => {
  for (const end of endings) await end();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  await server.stop();
});

/** Has something done when all cells were tested. */
export const atEnd = (end) => endings.push(end);

/** A folder outside the repository with these files and nothing else, gone when the tests are over. */
export function emptyFolder(files = {}) {
  return filled(mkdtempSync(join(tmpdir(), "hatchet-runtimes-")), files);
}

/** Such a folder in which the packed package is installed. */
export function folderWithPackage(files) {
  return withPackage(emptyFolder(files));
}

/** Such a folder, in which the tools are found as well. */
export function folderWithTools(files) {
  return withPackage(filled(mkdtempSync(join(tools, "cell-")), files));
}

function withPackage(folder) {
  cpSync(installed, join(folder, "node_modules/hatchet-scheduled"), { recursive: true });
  return folder;
}

function filled(folder, files) {
  folders.push(folder);
  for (const [name, contents] of Object.entries({ "package.json": '{ "private": true }\n', ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), contents);
  }
  return folder;
}

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
