// Node and Bun: scripts in a folder that holds nothing but the package.
import { join } from "node:path";

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
