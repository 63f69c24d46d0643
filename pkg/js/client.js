import { checkOptions } from "./options.js";
import { readEnvironment } from "./environment.js";
import { HatchetError } from "./errors.js";
import { loaded, open } from "./runtime.js";
import { snapshot } from "./snapshot.js";
import { BatchIterator } from "./stream.js";

const INSPECT = Symbol.for("nodejs.util.inspect.custom");

export class ScheduledClient {
  #options;
  #environment;
  #runtime;
  #client;

  constructor(options) {
    this.#environment = readEnvironment();
    this.#options = checkOptions(options, this.#environment);
  }

  async create(workflowName, run, options) {
    return this.#call("create", [workflowName, run, options]);
  }

  async get(scheduled, options) {
    return this.#call("get", [scheduled, options]);
  }

  async list(query, options) {
    return this.#call("list", [query, options]);
  }

  async update(scheduled, change, options) {
    return this.#call("update", [scheduled, change, options]);
  }

  async confirm(updated, options) {
    return this.#call("confirm", [updated, options]);
  }

  async delete(scheduled, options) {
    return this.#call("delete", [scheduled, options]);
  }

  async trigger(scheduled, options) {
    return this.#call("trigger", [scheduled, options]);
  }

  async bulkDelete(selection, options) {
    return this.#call("bulkDelete", [selection, options]);
  }

  async bulkUpdate(updates, options) {
    return this.#call("bulkUpdate", [updates, options]);
  }

  async bulkCreate(runs, options) {
    return this.#call("bulkCreate", [runs, options]);
  }

  iterate(query, options) {
    return this.#stream("iterate", [query, options]);
  }

  watch(query, options) {
    return this.#stream("watch", [query, options]);
  }

  /** What logs and JSON may see: never the token, nor headers, which may hold one. */
  toJSON() {
    const { serverUrl, tenantId, namespace } = this.#options;
    return { serverUrl, tenantId, namespace };
  }

  [INSPECT](_depth, inspectOptions, inspect) {
    return `ScheduledClient ${inspect(JSON.parse(JSON.stringify(this)), inspectOptions)}`;
  }

  /** Arguments are read before this returns, so a caller may reuse its objects at once. */
  #call(method, args) {
    const here = callSite(this[method]);
    const run = (runtime, values) => runtime.run(() => this.#instance(runtime)[method](...values));
    const runtime = loaded();
    let answer;
    if (runtime) {
      answer = run(runtime, args);
    } else {
      const values = args.map((value) => snapshot(value));
      answer = open().then((opened) => run(opened, values));
    }
    return answer.catch((error) => Promise.reject(withCallersStack(error, here)));
  }

  #stream(method, args) {
    const here = callSite(this[method]);
    let runtime = loaded();
    const make = (values) => runtime.run(() => this.#instance(runtime)[method](...values));
    let cursor = runtime && make(args);
    // A refusal is told by the first `next()`.
    cursor?.catch(() => {});
    const values = cursor ? undefined : args.map((value) => snapshot(value));
    let stopped = false;
    const next = async () => {
      if (!cursor) {
        runtime = await open();
        if (stopped) return undefined;
        cursor = make(values);
      }
      const source = await cursor;
      return stopped ? undefined : runtime.run(() => source.next());
    };
    return new BatchIterator({
      next: () => next().catch((error) => Promise.reject(withCallersStack(error, here))),
      stop() {
        stopped = true;
        // WebAssembly that broke has nothing left to stop.
        cursor?.then((source) => runtime.run(() => (source.stop(), source.free()))).catch(() => {});
      },
    });
  }

  #instance(runtime) {
    if (this.#runtime !== runtime) {
      this.#client = new runtime.glue.Client(this.#options, this.#environment);
      this.#runtime = runtime;
    }
    return this.#client;
  }
}

function callSite(method) {
  const here = new Error();
  Error.captureStackTrace?.(here, method);
  return here;
}

/** An error made in WebAssembly has frames that say nothing; those of the call say who asked. */
function withCallersStack(error, { stack }) {
  if (error instanceof HatchetError && stack) {
    const header = `${error.name}: ${error.message}`;
    const value = stack.startsWith("Error") ? header + stack.slice("Error".length) : stack;
    Object.defineProperty(error, "stack", { value, configurable: true, writable: true, enumerable: false });
  }
  return error;
}
