import { readArguments } from "./arguments.js";
import { readEnvironment } from "./environment.js";
import { HatchetError } from "./errors.js";
import { Interceptor } from "./intercept.js";
import { CLOCK, checkOptions, clockOf, hooksOf, settingsOf } from "./options.js";
import { loaded, open } from "./runtime.js";
import { BatchIterator } from "./stream.js";
import { Task } from "./task.js";

const INSPECT = Symbol.for("nodejs.util.inspect.custom");

export class ScheduledClient {
  #options;
  #environment;
  #runtime;
  #client;
  #interceptor;

  constructor(options) {
    this.#environment = readEnvironment();
    this.#options = checkOptions(options, this.#environment);
    if (this.#options.intercept) this.#interceptor = new Interceptor(this.#options);
  }

  async create(workflowName, run, options) {
    return this.#call("create", { workflowName, run, options });
  }

  async get(scheduled, options) {
    return this.#call("get", { scheduled, options });
  }

  async list(query, options) {
    return this.#call("list", { query, options });
  }

  async update(scheduled, change, options) {
    return this.#call("update", { scheduled, change, options });
  }

  async confirm(updated, options) {
    return this.#call("confirm", { updated, options });
  }

  async serverTime(options) {
    return this.#call("serverTime", { options });
  }

  async access(options) {
    return this.#call("access", { options });
  }

  async workflows(query, options) {
    return this.#call("workflows", { query, options });
  }

  async workflowVersion(workflow, options) {
    return this.#call("workflowVersion", { workflow, options });
  }

  async runs(query, options) {
    return this.#call("runs", { query, options });
  }

  async run(run, options) {
    return this.#call("run", { started: run, options });
  }

  async pause(workflow, pause, options) {
    return this.#call("pause", { workflow, pause, options });
  }

  async unpause(workflow, options) {
    return this.#call("unpause", { workflow, options });
  }

  async delete(scheduled, options) {
    await this.#call("delete", { scheduled, options });
  }

  async trigger(scheduled, options) {
    return this.#call("trigger", { scheduled, options });
  }

  async bulkDelete(selection, options) {
    return this.#call("bulkDelete", { selection, options });
  }

  async bulkUpdate(updates, options) {
    return this.#call("bulkUpdate", { updates, options });
  }

  async bulkCreate(runs, options) {
    return this.#call("bulkCreate", { runs, options });
  }

  iterate(query, options) {
    return this.#stream("iterate", { query, options });
  }

  watch(query, options) {
    return this.#stream("watch", { query, options });
  }

  /** What the package's own entries wait by. */
  get [CLOCK]() {
    return clockOf(this.#options);
  }

  /** What logs and JSON may see: never the token, nor headers, which may hold one. */
  toJSON() {
    const { serverUrl, tenantId, namespace = this.#environment.HATCHET_CLIENT_NAMESPACE } = this.#options;
    return { serverUrl, tenantId, namespace };
  }

  [INSPECT](_depth, inspectOptions, inspect) {
    return `ScheduledClient ${inspect(JSON.parse(JSON.stringify(this)), inspectOptions)}`;
  }

  /** Arguments are read before this returns, so a caller may reuse its objects at once. */
  #call(method, values) {
    const here = callSite(this[method]);
    if (!this.#interceptor) return this.#make(method, here, () => readArguments(method, values, loaded() !== undefined));
    const read = readNow(method, values);
    return this.#interceptor.call(method, values, (passed, tag) =>
      this.#make(method, here, () => Interceptor.tagged(passed === values ? read() : readArguments(method, passed, false), tag)),
    );
  }

  async #make(method, here, read) {
    let task;
    try {
      const call = read();
      const runtime = loaded() ?? (await open());
      task = new Task(runtime, call);
      return await task.run((cancel) => this.#instance(runtime)[method](call.given, cancel, call.onProgress));
    } catch (error) {
      throw withCallersStack(error, here);
    } finally {
      task?.end();
    }
  }

  #stream(method, values) {
    const here = callSite(this[method]);
    // Read at once, though a refusal is told by the first `next()`.
    let read = readNow(method, values);
    let runtime;
    let task;
    let cursor;
    let stopped = false;
    const next = async () => {
      const call = read();
      runtime ??= loaded() ?? (await open());
      if (stopped) return undefined;
      task ??= new Task(runtime, call, true);
      return task.run((cancel) => (cursor ??= this.#instance(runtime)[method](call.given, cancel)).next());
    };
    const source = {
      next: () => next().catch((error) => Promise.reject(withCallersStack(error, here))),
      stop() {
        stopped = true;
        task?.end(cursor);
      },
    };
    if (!this.#interceptor) return new BatchIterator(source);
    const begin = (passed, tag) => {
      const call = passed === values ? read() : readArguments(method, passed, false);
      read = () => Interceptor.tagged(call, tag);
    };
    return new BatchIterator(this.#interceptor.stream(method, values, begin, source));
  }

  #instance(runtime) {
    if (this.#runtime !== runtime) {
      const settings = settingsOf(this.#options, this.#environment);
      const hooks = hooksOf(this.#options);
      this.#client = new runtime.glue.Client(settings, this.#interceptor?.hooks(hooks) ?? hooks);
      this.#runtime = runtime;
    }
    return this.#client;
  }
}

/** The arguments as they are by now; a refusal is told when they are asked for. */
function readNow(method, values) {
  try {
    const call = readArguments(method, values, false);
    // What can be read but once was read by now.
    for (const name of ["runs", "updates"]) if (name in values) values[name] = call.items;
    return () => call;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** Where a method was called: an object with the `stack` of its caller. */
function callSite(method) {
  if (!Error.captureStackTrace) return new Error();
  const here = {};
  Error.captureStackTrace(here, method);
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
