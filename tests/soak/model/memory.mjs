/** What a process weighs once nothing is left to collect. Imported before the package, whose memories it has to see made. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
const memories = new Set();

const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...given) => {
  const made = await instantiate(...given);
  for (const value of Object.values((made.instance ?? made).exports)) if (value instanceof WebAssembly.Memory) memories.add(value);
  return made;
};

/** Megabytes of the heap, and of the WebAssembly's memories. */
export async function weigh() {
  for (let round = 0; round < 4; round++) {
    collect();
    // What is finalized frees what it holds in the WebAssembly.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const wasm = [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  return { heap: process.memoryUsage().heapUsed / 2 ** 20, wasm: wasm / 2 ** 20, memories: memories.size };
}
