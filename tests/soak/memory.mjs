/** What a process or a page holds on to. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");

/** Collects what is held no more; what is finalized frees what it holds in the WebAssembly, in a turn of its own. */
export async function collect() {
  for (let round = 0; round < 4; round++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Keeps the memories that WebAssembly is instantiated with from now on: `wasmMemories()` gives their sizes in bytes. Called before
 * the package is imported, whose memories it has to see made. Runs here, and in a page.
 */
export function keepMemories() {
  const { instantiate } = WebAssembly;
  const kept = new Set();
  WebAssembly.instantiate = async (...given) => {
    const made = await instantiate.apply(WebAssembly, given);
    for (const value of Object.values((made.instance ?? made).exports)) if (value instanceof WebAssembly.Memory) kept.add(value);
    return made;
  };
  globalThis.wasmMemories = () => [...kept].map(({ buffer }) => buffer.byteLength);
}
