import { load, unload } from "./load.js";
import { HatchetError } from "./errors.js";
import { stopTimers } from "./platform.js";

let current;
let opening;

/** The running WebAssembly, if it is loaded. */
export function loaded() {
  return current;
}

/** Loads the WebAssembly; one load at a time, forgotten when it fails so that the next call tries again. */
export function open() {
  opening ??= start().catch((cause) => {
    opening = undefined;
    throw cause instanceof HatchetError ? cause : loadError(cause);
  });
  return opening;
}

async function start() {
  let runtime;
  const glue = await load((trap) => runtime?.fail(trap));
  runtime = new Runtime(glue);
  return (current = runtime);
}

/** One load of the WebAssembly, and the calls that wait for it: when it breaks, all of them hear of it. */
class Runtime {
  #pending = new Set();
  #failure;
  #never;

  constructor(glue) {
    this.glue = glue;
  }

  /** Settles as what `begin()` gives, or rejects when the WebAssembly breaks first: its promises would then never settle. */
  run(begin) {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure());
      this.#pending.add(reject);
      const settle = (how, value) => this.#pending.delete(reject) && how(value);
      try {
        Promise.resolve(begin()).then(
          (value) => settle(resolve, value),
          (error) => settle(reject, error),
        );
      } catch (error) {
        // What is refused comes as a HatchetError; all else is the WebAssembly trapping.
        if (error instanceof HatchetError) settle(reject, error);
        else this.fail(error);
      }
    });
  }

  /** What `begin()` gives; undefined where the WebAssembly is broken, or breaks by it. */
  enter(begin) {
    if (this.#failure) return undefined;
    try {
      return begin();
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  /** What a call is given that nobody ends. */
  get never() {
    return (this.#never ??= this.glue.Cancel.never());
  }

  /** Ends all calls, and lets the next one start with fresh WebAssembly. */
  fail(trap) {
    this.#failure ??= () => panicError(trap);
    if (current === this) {
      current = undefined;
      opening = undefined;
      unload();
      stopTimers();
    }
    for (const reject of this.#pending) reject(this.#failure());
    this.#pending.clear();
  }
}

function loadError(cause) {
  if (typeof WebAssembly === "undefined") {
    const message = "This runtime has no WebAssembly, which the client is made of: use one that has it, or the mode that leaves it on (--jitless and lockdown modes take it away).";
    return new HatchetError(message, { code: "load", cause });
  }
  const hint = "A page's Content-Security-Policy must allow 'wasm-unsafe-eval' in script-src.";
  const reason = String(cause?.message ?? cause).replace(/\.$/, "");
  return new HatchetError(`The client's WebAssembly could not be loaded: ${reason}. ${hint}`, { code: "load", cause });
}

function panicError(cause) {
  const message = `The client failed inside its WebAssembly (${cause}). All pending calls were ended, and whether they took effect is not known; the next call starts afresh. This is a bug, please report it.`;
  return new HatchetError(message, { code: "internal-panic", cause });
}
