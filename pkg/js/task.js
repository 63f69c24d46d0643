import { Aborted, BulkInterruptedError } from "./errors.js";
import { onAbort } from "./signal.js";

/** A call while the WebAssembly works on it, which its signal may end, and `end`, where it is `endless`. */
export class Task {
  #runtime;
  #call;
  #cancel;
  #forget;

  constructor(runtime, call, endless) {
    this.#runtime = runtime;
    this.#call = call;
    const { signal, operation } = call;
    if (!signal && !endless) return;
    const aborted = signal?.aborted;
    if (signal) this.#forget = onAbort(signal, operation, () => this.#abort());
    this.#cancel = runtime.enter(() => new runtime.glue.Cancel());
    if (aborted) this.#abort();
  }

  /** What `begin` comes to in the WebAssembly. */
  async run(begin) {
    try {
      return await this.#runtime.run(() => begin(this.#cancel ?? this.#runtime.never));
    } catch (error) {
      throw this.#asGiven(error);
    }
  }

  /** Ends what is under way, and frees it. */
  end(cursor) {
    this.#forget?.();
    const cancel = this.#cancel;
    if (!cancel) return;
    this.#cancel = undefined;
    this.#runtime.enter(() => {
      cancel.cancel();
      cursor?.free();
      cancel.free();
    });
  }

  #abort() {
    this.#runtime.enter(() => this.#cancel?.cancel());
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
