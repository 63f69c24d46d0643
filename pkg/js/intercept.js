import { Aborted, TimeoutError } from "./errors.js";
import { clockOf } from "./options.js";
import { invalid } from "./reading.js";
import { onAbort } from "./signal.js";
import { describe } from "./values.js";

/** The header that says, as far as the fetch below, which call a request belongs to. It is never sent. */
const TAG = "x-hatchet-scheduled-call";

/** What tells the WebAssembly that an attempt was surely not sent, and why. */
const UNSENT = "hatchet-scheduled.unsent";
const OPTION = "options.intercept";
const isToken = (name) => name.toLowerCase() === "authorization";

/** Passes calls and attempts through the caller's function. */
export class Interceptor {
  #intercept;
  #options;
  #calls = new Map();
  #last = 0;
  #told;

  constructor({ intercept, ...options }) {
    this.#intercept = intercept;
    this.#options = options;
  }

  /** A call, made by `make` from the arguments that the interceptor passes on and a tag for its requests. */
  async call(operation, values, make) {
    const request = { type: "call", operation, arguments: Object.freeze(values) };
    const tag = String(++this.#last);
    this.#calls.set(tag, request);
    let forget;
    const ended = new Promise((_, reject) => (forget = this.#untilNext(operation, values.options, reject)));
    try {
      const passing = this.#through(request, (passed) => {
        // From here on the call ends by itself, and tells what it knows by then.
        forget();
        return make(passed.arguments, tag);
      });
      return await Promise.race([passing, ended]);
    } finally {
      forget();
      this.#calls.delete(tag);
    }
  }

  /** Ends a call whose interceptor does not come to `next`; gives what ends that. */
  #untilNext(operation, options, reject) {
    const forgets = [];
    let isOver = false;
    try {
      const { signal, totalTimeoutMs = this.#options.totalTimeoutMs } = options ?? {};
      if (signal) {
        const abort = () => reject(signal.reason ?? new Aborted());
        forgets.push(onAbort(signal, operation, abort));
        if (signal.aborted) abort();
      }
      if (typeof totalTimeoutMs === "number" && totalTimeoutMs > 0) {
        const { promise, cancel } = clockOf(this.#options).sleep(totalTimeoutMs);
        forgets.push(cancel);
        const message = `${operation}: options.intercept: no call of next within ${totalTimeoutMs} ms`;
        promise.then(() => isOver || reject(new TimeoutError(message, { operation, timeoutMs: totalTimeoutMs, retryable: true })));
      }
    } catch {
      // What is no signal is refused with the other arguments.
    }
    return () => {
      isOver = true;
      forgets.splice(0).forEach((forget) => forget());
    };
  }

  /** A source of a stream as one call: from its first batch to its end. */
  stream(operation, values, begin, source) {
    let settle;
    const ended = new Promise((resolve, reject) => (settle = { resolve, reject }));
    ended.catch(() => {});
    const started = () =>
      new Promise((resolve, reject) => {
        const call = this.call(operation, values, (passed, tag) => {
          begin(passed, tag);
          resolve();
          return ended;
        });
        // Where the interceptor is done, or fails, without `next`, nothing is left to wait for.
        call.then(() => reject(invalid(operation, OPTION, "did not call next")), reject);
        ended.then(resolve, reject);
      });
    let start;
    return {
      async next() {
        await (start ??= started());
        try {
          const batch = await source.next();
          if (!batch) settle.resolve();
          return batch;
        } catch (error) {
          settle.reject(error);
          throw error;
        }
      },
      stop() {
        settle.resolve();
        source.stop();
      },
    };
  }

  /** What was read of a call, so that its requests are known as the call's. */
  static tagged(call, tag) {
    const { given, given: { options, options: { headers } = {} } } = call;
    // What is no object is the WebAssembly's to refuse.
    if (headers !== undefined && (typeof headers !== "object" || Array.isArray(headers))) return call;
    return { ...call, given: { ...given, options: { ...options, headers: { ...headers, [TAG]: tag } } } };
  }

  /** The client's hooks, with attempts passed through the interceptor. */
  hooks({ fetch, onEvent, ...hooks }) {
    const told = (event) => {
      const { operation, attempt } = event;
      try {
        (onEvent ?? hooks.onWarning)(event);
      } finally {
        // The WebAssembly calls `fetch` right after, and nothing else runs between: so this is that attempt.
        this.#told = { operation, attempt };
      }
    };
    const send = fetch ?? ((url, init) => globalThis.fetch(url, init));
    return { ...hooks, onEvent: told, fetch: (url, init) => this.#attempt(url, init, send) };
  }

  async #attempt(url, init, send) {
    const { operation, attempt } = this.#told;
    const { [TAG]: tag, ...all } = init.headers;
    const entries = Object.entries(all);
    const token = entries.filter(([name]) => isToken(name));
    const headers = Object.fromEntries(entries.filter(([name]) => !isToken(name)));
    const { method, body, signal } = init;
    const request = { type: "attempt", call: this.#calls.get(tag), operation, attempt, method, url, headers, body, signal };
    let sent = false;
    try {
      const answer = await this.#through(request, (passed) => {
        const { url: to = url, headers: given = headers, body: text = body } = passed;
        const { origin } = new URL(url);
        if (new URL(to, url).origin !== origin) throw new TypeError(`a request to another origin than ${origin} would give it the token`);
        const list = typeof given[Symbol.iterator] === "function" ? [...given] : Object.entries(given);
        if (list.some(([name]) => isToken(name))) throw new TypeError("the header Authorization is set by the client itself");
        const changed = { ...init, headers: Object.fromEntries([...list, ...token]) };
        if (text !== undefined) changed.body = text;
        sent = true;
        return send(to, changed);
      });
      if (typeof answer?.status === "number") return answer;
      throw new TypeError("no answer: return what next(request) resolves to");
    } catch (error) {
      if (sent) throw error;
      throw { [UNSENT]: `nothing was sent: ${describe(error)}`, caused: true, cause: error };
    }
  }

  async #through(request, proceed) {
    let called = false;
    return this.#intercept.call(undefined, request, async (passed = request) => {
      if (called) throw invalid(request.call ? undefined : request.operation, OPTION, "called next twice");
      called = true;
      return proceed(passed);
    });
  }
}
