/** What the model's process weighs once nothing is left to collect. Imported before the package. */
import { collect, keepMemories } from "../memory.mjs";

keepMemories();

/** Megabytes of the heap, and of the WebAssembly's memories. */
export async function weigh() {
  await collect();
  const sizes = globalThis.wasmMemories();
  const wasm = sizes.reduce((sum, bytes) => sum + bytes, 0);
  return { heap: process.memoryUsage().heapUsed / 2 ** 20, wasm: wasm / 2 ** 20, memories: sizes.length };
}
