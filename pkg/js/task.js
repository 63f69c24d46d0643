import { Aborted, BulkInterruptedError } from "./errors.js";
import { describe, invalid } from "./reading.js";

/** A call while the WebAssembly works on it, which its signal may end. */
export class Task {
  #runtime;
  #call;
  #cancel;

  constructor(runtime, call) {
    this.#runtime = runtime;
    this.#call = call;
    const { signal, operation } = call;
    const aborted = signal?.aborted;
    try {
      signal?.addEventListener("abort", this.#abort);
    } catch (thrown) {
      throw invalid(operation, "options.signal", `listening to it failed: ${describe(thrown)}`);
    }
    this.#enter(() => (this.#cancel = new runtime.glue.Cancel()));
    if (aborted) this.#abort();
  }

  /** What `begin` comes to in the WebAssembly, where it is JSON text. */
  async run(begin) {
    try {
      const text = await this.#runtime.run(() => begin(this.#cancel));
      return text === undefined ? undefined : JSON.parse(text);
    } catch (error) {
      throw this.#asGiven(error);
    }
  }

  /** Ends what is under way, and frees it. */
  end(cursor) {
    try {
      this.#call.signal?.removeEventListener("abort", this.#abort);
    } catch {
      // A signal that cannot forget its listener finds nothing to end.
    }
    const cancel = this.#cancel;
    this.#cancel = undefined;
    this.#enter(() => {
      cancel?.cancel();
      cursor?.free();
      cancel?.free();
    });
  }

  #abort = () => this.#enter(() => this.#cancel?.cancel());

  /** WebAssembly that broke has nothing left to end. */
  #enter(begin) {
    this.#runtime.run(begin).catch(() => {});
  }

  /** The error in the caller's own things: the reason of its signal, and the items of its call. */
  #asGiven(error) {
    if (error instanceof Aborted) return this.#reason(error);
    if (error instanceof BulkInterruptedError) {
      if (error.cause instanceof Aborted) error.cause = this.#reason(error.cause);
      error.rest = error.rest.map((item) => (typeof item === "number" ? this.#call.items[item] : item));
    }
    return error;
  }

  #reason(aborted) {
    const reason = this.#call.signal?.reason;
    return reason === undefined ? aborted : reason;
  }
}
