import module from "./hatchet_scheduled_bg.wasm?module";

/** Workers and edge functions forbid compiling from bytes: there the runtime itself compiles the file. */
export async function compile() {
  return module;
}
