/** Exports that the engine calls by itself: closures in promise reactions and timers, and finalizers. */
const CALLED_BY_THE_ENGINE = /^wasm_bindgen__convert__closures|^__wbindgen_destroy_closure$|^__wbg_\w+_free$/;
/** The allocator and its like: called while another export is running, which sees what they throw. */
const CALLED_BY_THE_GLUE = /^__/;

/** What the glue reads as "no value, no error", whatever the callback was to return. */
const NOTHING = [];

/**
 * Exports that cannot end the process from a callback. An exception that leaves WebAssembly there has no caller, and
 * Node would exit on it: `onTrap` hears of it instead. Once anything has escaped, from whichever export, the instance
 * may be in any state, so callbacks no longer enter it.
 */
export function guard(exports, onTrap) {
  let broken = false;
  const guarded = {};
  for (const [name, value] of Object.entries(exports)) {
    if (typeof value !== "function") guarded[name] = value;
    else if (CALLED_BY_THE_ENGINE.test(name)) guarded[name] = contained(value);
    else guarded[name] = CALLED_BY_THE_GLUE.test(name) ? value : watched(value);
  }
  return guarded;

  function contained(call) {
    return (...args) => {
      if (broken) return NOTHING;
      try {
        return call(...args);
      } catch (error) {
        broken = true;
        onTrap?.(error);
        return NOTHING;
      }
    };
  }

  function watched(call) {
    return (...args) => {
      try {
        return call(...args);
      } catch (error) {
        broken = true;
        throw error;
      }
    };
  }
}
