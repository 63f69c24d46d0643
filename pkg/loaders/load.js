import { HatchetError } from "./errors.js";
import { createGlue } from "./glue.js";

let compile = refuse;
let compiled;
let loading;

/** Says what compiles the WebAssembly from now on. Gives `value`, so that bundlers see what needs it. */
export function compileBy(own, value) {
  compile = own;
  return value;
}

async function refuse() {
  const message = "The client has no WebAssembly yet: call `initialize` of hatchet-scheduled/slim before the first call.";
  throw new HatchetError(message, { code: "load" });
}

/**
 * The bindings over a running instance. Nothing happens before the first call; calls share one load, a failed one
 * is forgotten so that the next call tries again, and after `unload()` the next call gets a fresh instance.
 *
 * `onTrap` hears once of an exception that escaped the WebAssembly where no caller could catch it: in a promise
 * reaction or a timer. The instance takes no more of those afterwards.
 */
export function load(onTrap) {
  if (!loading) {
    const current = start(onTrap);
    loading = current;
    current.catch(() => {
      if (loading === current) loading = undefined;
    });
  }
  return loading;
}

/** Forgets the running instance: it may be in any state after a panic. */
export function unload() {
  loading = undefined;
}

async function start(onTrap) {
  // Compiled once: a fresh instance after a panic needs no second decoding.
  compiled ??= compile();
  let module;
  try {
    module = await compiled;
  } catch (error) {
    compiled = undefined;
    throw error;
  }
  const glue = createGlue({ ...textCodecs(), queueMicrotask }, onTrap);
  await glue.instantiate(module);
  return glue;
}

/** As the engine has it: tests put one in the place of the global that stands still. */
function queueMicrotask(callback) {
  Promise.resolve().then(callback);
}

/** Jest's jsdom environment hides both classes; Node has them in `node:util` as well. */
function textCodecs() {
  if (typeof TextDecoder === "function" && typeof TextEncoder === "function") return { TextDecoder, TextEncoder };
  const util = globalThis.process?.getBuiltinModule?.("node:util");
  if (!util) throw new Error("this runtime has no TextDecoder and TextEncoder");
  return util;
}
