// Deno, and the runtime of Cloudflare Workers, which forbids to compile WebAssembly from bytes.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { build } from "esbuild";
import { Miniflare } from "miniflare";

import { called, imported, printed } from "./calls.mjs";
import { CELLS } from "./cells.mjs";
import { folderWithPackage, tools } from "./folders.mjs";
import { server, testCells } from "./group.mjs";
import { runJson } from "./processes.mjs";

const [[deno, [permission]], [workerd, [worker]]] = CELLS.edge;
const WASM = "hatchet_scheduled_bg.wasm";

testCells("edge", {
  [`${deno}, ${permission}`]: () => {
    const options = ["run", "--no-prompt", "--node-modules-dir=manual", `--allow-net=${new URL(server.url).host}`, "script.mjs"];
    const cwd = folderWithPackage({ "script.mjs": imported() + printed(server.token) });
    return runJson(join(tools, "node_modules/.bin/deno"), options, { cwd });
  },

  [`${workerd}, ${worker}`]: async (t) => {
    const folder = folderWithPackage({
      "worker.js": `${imported()}export default { fetch: async () => Response.json(await ${called(server.token)}) };`,
    });
    const bundle = await build({
      absWorkingDir: folder,
      entryPoints: ["worker.js"],
      bundle: true,
      write: false,
      format: "esm",
      conditions: ["workerd"],
      external: ["*.wasm?module"],
    });
    const wasm = readFileSync(join(folder, "node_modules/hatchet-scheduled/dist", WASM));
    const miniflare = new Miniflare({
      compatibilityDate: "2026-01-01",
      modules: [
        { type: "ESModule", path: "worker.js", contents: bundle.outputFiles[0].text },
        { type: "CompiledWasm", path: `${WASM}?module`, contents: wasm },
      ],
    });
    t.after(() => miniflare.dispose());
    const response = await miniflare.dispatchFetch("http://worker.invalid/");
    return response.ok ? response.json() : { failed: await response.text() };
  },
});
