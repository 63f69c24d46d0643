import { inflated } from "./inflate.js";
import base64 from "./wasm-bytes.js";

/** The module from the bytes that travel inside the package: no fetch, no file, no bundler set-up. */
export async function compile() {
  return WebAssembly.compile(await inflated(base64));
}
