import { createGlue } from "embedded-glue";

const FILE = new URL("./hatchet_embedded.wasm.deflate", import.meta.url);
let loading;

/** The embedded Hatchet's WebAssembly, loaded once for all servers of a process. */
export function load() {
  loading ??= start().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function start() {
  const module = await WebAssembly.compile(await inflated());
  const util = globalThis.process?.getBuiltinModule?.("node:util") ?? globalThis;
  const glue = createGlue({ TextDecoder: util.TextDecoder, TextEncoder: util.TextEncoder, queueMicrotask: (callback) => void Promise.resolve().then(callback) });
  await glue.instantiate(module);
  return glue;
}

/** From beside this module: a file where there are files, else over the network. */
async function inflated() {
  const builtin = globalThis.process?.getBuiltinModule;
  if (builtin && FILE.protocol === "file:") {
    return builtin("node:zlib").inflateRawSync(builtin("node:fs").readFileSync(FILE));
  }
  const response = await fetch(FILE);
  if (!response.ok) throw new Error(`${FILE} cannot be loaded: ${response.status}`);
  return new Response(response.body.pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer();
}
