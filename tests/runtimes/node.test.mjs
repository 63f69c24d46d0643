// Node and Bun: scripts in a folder that holds nothing but the package.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { imported, printed, required } from "./calls.mjs";
import { CELLS } from "./cells.mjs";
import { emptyFolder, folderWithPackage, tools } from "./folders.mjs";
import { server, testCells } from "./group.mjs";
import { run, runJson } from "./processes.mjs";

const bun = join(tools, "node_modules/.bin/bun");
const SCRIPTS = {
  import: { "script.mjs": imported() + printed(server.token) },
  require: { "script.cjs": required + printed(server.token) },
};

function program(where) {
  const [name, version] = where.split(" ");
  return name === "Bun" ? bun : join(tools, `node_modules/node${version}/bin/node`);
}

function script(where, way) {
  return () => runJson(program(where), Object.keys(SCRIPTS[way]), { cwd: folderWithPackage(SCRIPTS[way]) });
}

async function bundleOfBun() {
  const folder = folderWithPackage(SCRIPTS.import);
  const bundle = join(emptyFolder(), "bundle.js");
  await run(bun, ["build", "script.mjs", "--target=bun", "--outfile", bundle], { cwd: folder });
  return runJson(bun, [bundle], { cwd: join(bundle, "..") });
}

const cells = CELLS.node.flatMap(([where, ways]) =>
  ways.map((way) => [`${where}, ${way}`, way === "build" ? bundleOfBun : script(where, way)]),
);
testCells("node", Object.fromEntries(cells));

const EMBEDDED = `import { EmbeddedHatchet } from "hatchet-scheduled/testing";
const hatchet = await EmbeddedHatchet.start({ now: 0 });
await hatchet.client().create("simple", { triggerAt: { in: "2h" } });
await hatchet.advance("2h");
const { url } = await hatchet.listen();
const { status } = await fetch(url);
console.log(JSON.stringify({ started: hatchet.runs.map(({ startedAt }) => startedAt), status }));
await hatchet.stop();\n`;

const deno = [join(tools, "node_modules/.bin/deno"), ["run", "--no-prompt", "--node-modules-dir=manual", "--allow-net=127.0.0.1", "--allow-read=."]];
const scripts = [...CELLS.node.map(([where]) => [where, [program(where), []]]), ["Deno", deno]];
for (const [where, [command, options]] of scripts) {
  test(`the embedded Hatchet in ${where}`, { timeout: 300_000 }, async () => {
    const cwd = folderWithPackage({ "embedded.mjs": EMBEDDED });
    assert.deepEqual(await runJson(command, [...options, "embedded.mjs"], { cwd }), { started: ["1970-01-01T02:00:00Z"], status: 403 });
  });
}
