// Deno, and the runtime of Cloudflare Workers, which forbids to compile WebAssembly from bytes.
import { join } from "node:path";

import { called, imported, printed } from "./calls.mjs";
import { CELLS } from "./cells.mjs";
import { folderWithPackage, tools } from "./folders.mjs";
import { server, testCells } from "./group.mjs";
import { runJson } from "./processes.mjs";
import { worker } from "./worker.mjs";

const [[deno, [permission]], [workerd, [way]]] = CELLS.edge;

testCells("edge", {
  [`${deno}, ${permission}`]: () => {
    const options = ["run", "--no-prompt", "--node-modules-dir=manual", `--allow-net=${new URL(server.url).host}`, "script.mjs"];
    const cwd = folderWithPackage({ "script.mjs": imported() + printed(server.token) });
    return runJson(join(tools, "node_modules/.bin/deno"), options, { cwd });
  },

  [`${workerd}, ${way}`]: async (t) => {
    const folder = folderWithPackage({
      "worker.js": `${imported()}export default { fetch: async () => Response.json(await ${called(server.token)}) };`,
    });
    const miniflare = await worker(t, folder);
    const response = await miniflare.dispatchFetch("http://worker.invalid/");
    return response.ok ? response.json() : { failed: await response.text() };
  },
});
