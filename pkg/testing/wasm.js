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
  const pending = new Set();
  const queueMicrotask = (callback) => void Promise.resolve().then(callback);
  const glue = createGlue({ TextDecoder: util.TextDecoder, TextEncoder: util.TextEncoder, queueMicrotask }, (trap) => {
    loading = undefined;
    for (const reject of pending) reject(new Error(`The embedded Hatchet failed inside its WebAssembly (${trap}). This is a bug, please report it.`));
  });
  await glue.instantiate(module);
  return { Server: glue.Server, settles: (promise) => settles(promise, pending) };
}

/** Settles as a promise of the WebAssembly, or fails when that breaks first: its promises would then never settle. */
function settles(promise, pending) {
  return new Promise((resolve, reject) => {
    pending.add(reject);
    promise.then(resolve, reject).finally(() => pending.delete(reject));
  });
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
