/** A bundled worker in the runtime of Cloudflare Workers. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { build } from "esbuild";
import { Miniflare } from "miniflare";

const WASM = "hatchet_scheduled_bg.wasm";

/** Bundles `worker.js` of a folder, and runs it until the test ends. */
export async function worker(t, folder, options = {}) {
  const bundle = await build({
    absWorkingDir: folder,
    entryPoints: ["worker.js"],
    bundle: true,
    write: false,
    format: "esm",
    conditions: ["workerd"],
    external: ["*.wasm?module", "*.wasm"],
  });
  const wasm = readFileSync(join(folder, "node_modules/hatchet-scheduled/dist", WASM));
  const miniflare = new Miniflare({
    compatibilityDate: "2026-01-01",
    modules: [
      { type: "ESModule", path: "worker.js", contents: bundle.outputFiles[0].text },
      { type: "CompiledWasm", path: `${WASM}?module`, contents: wasm },
      { type: "CompiledWasm", path: `hatchet-scheduled/${WASM}`, contents: wasm },
    ],
    ...options,
  });
  t.after(() => miniflare.dispose());
  return miniflare;
}
