import { invalid } from "./reading.js";

/** The header that says, as far as the fetch below, which call a request belongs to. It is never sent. */
const TAG = "x-hatchet-scheduled-call";

/** Passes calls and attempts through the caller's function. */
export class Interceptor {
  #intercept;
  #calls = new Map();
  #last = 0;
  #told;

  constructor(intercept) {
    this.#intercept = intercept;
  }

  /** A call, made by `make` from the arguments that the interceptor passes on and a tag for its requests. */
  async call(operation, values, make) {
    const request = { type: "call", operation, arguments: values };
    const tag = String(++this.#last);
    this.#calls.set(tag, request);
    try {
      return await this.#through(request, (passed) => make(passed.arguments, tag));
    } finally {
      this.#calls.delete(tag);
    }
  }

  /** A source of a stream as one call: from its first batch to its end. */
  stream(operation, values, begin, source) {
    let call;
    let settle;
    const ended = new Promise((resolve, reject) => (settle = { resolve, reject }));
    ended.catch(() => {});
    const started = () =>
      new Promise((resolve, reject) => {
        call = this.call(operation, values, (passed, tag) => {
          begin(passed, tag);
          resolve();
          return ended;
        });
        // Where the interceptor is done, or fails, without `next`, nothing is left to wait for.
        call.then(() => reject(invalid(operation, "next", "the interceptor did not call it")), reject);
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

  /** What the WebAssembly is given, so that its requests are known as the call's. */
  static tagged(given, tag) {
    const { options, options: { headers } = {} } = given;
    // What is no object is the WebAssembly's to refuse.
    if (headers !== undefined && (typeof headers !== "object" || headers === null || Array.isArray(headers))) return given;
    return { ...given, options: { ...options, headers: { ...headers, [TAG]: tag } } };
  }

  /** The client's hooks, with attempts passed through the interceptor. */
  hooks({ fetch, onEvent, ...hooks }) {
    const told = (event) => {
      if (event.type === "request") this.#told = event;
      onEvent?.(event);
    };
    const send = fetch ?? ((url, init) => globalThis.fetch(url, init));
    return { ...hooks, onEvent: told, fetch: (url, init) => this.#attempt(url, init, send) };
  }

  async #attempt(url, init, send) {
    const { operation, attempt } = this.#told ?? {};
    const tag = init.headers[TAG];
    const headers = only(init.headers, (name) => name !== TAG && name !== "authorization");
    const token = only(init.headers, (name) => name === "authorization");
    const { method, body, signal } = init;
    const request = { type: "attempt", call: this.#calls.get(tag), operation, attempt, method, url, headers, body, signal };
    return this.#through(request, (passed) => {
      if (new URL(passed.url).origin !== new URL(url).origin) {
        throw invalid(operation, "request.url", "an interceptor may not send a request to another origin, which would get the token");
      }
      const sent = { ...init, headers: { ...only(passed.headers, (name) => name !== "authorization"), ...token } };
      if (passed.body !== undefined) sent.body = passed.body;
      return send(passed.url, sent);
    });
  }

  async #through(request, proceed) {
    let called = false;
    return this.#intercept.call(undefined, request, async (passed = request) => {
      if (called) throw invalid(request.operation, "next", "an interceptor may call it once; repeats are the client's");
      called = true;
      return proceed(passed);
    });
  }
}

function only(headers, keep) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => keep(name.toLowerCase())));
}
