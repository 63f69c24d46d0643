import { ScheduledClient } from "hatchet-scheduled";
import { readRequest, toPlainResponse, toResponse } from "./answer.js";
import { kind, tag } from "../js/values.js";
import { ManualClock } from "./clock.js";
import { ruleOf } from "./faults.js";
import { listen } from "./listen.js";
import { load } from "./wasm.js";

/** Where a client reads the clock that its waits go by. */
const CLOCK = Symbol.for("hatchet-scheduled.clock");
const OPTIONS = ["now", "workflows", "seed", "snapshot"];
/** What fits into memory. */
const MOST_RUNS = 2_000_000;
/** What tokens name until it listens: an address that no network has. */
const NOWHERE = "https://embedded.invalid";

// As they are when the package is imported: tests put others in their place, which then stand still.
const { setTimeout } = globalThis;
const realSleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class EmbeddedHatchet {
  #server;
  #settles;
  #moved = Promise.resolve();
  #clock;
  #listening;
  #answering = 0;
  #stopped = false;
  #over = false;

  static async start(options = {}) {
    const settings = readOptions(options);
    const { Server, settles } = await load();
    const hatchet = new EmbeddedHatchet(PRIVATE);
    const clock = settings.now === undefined ? undefined : new ManualClock(settings.now);
    hatchet.#clock = clock;
    hatchet.#settles = settles;
    hatchet.#server = new Server({ ...settings, serverUrl: NOWHERE }, clock ? (milliseconds) => clock.sleep(milliseconds).promise : realSleep);
    return hatchet;
  }

  constructor(key) {
    if (key !== PRIVATE) throw new TypeError("EmbeddedHatchet is made by `await EmbeddedHatchet.start()`");
  }

  get token() {
    return this.#running.token();
  }

  get tenantId() {
    return this.#running.tenantId();
  }

  /** The server's time. */
  get now() {
    return new Date(this.#running.now());
  }

  get runs() {
    return this.#running.runs();
  }

  get requests() {
    return this.#running.requests();
  }

  client(options) {
    return new ScheduledClient({ token: this.token, serverUrl: NOWHERE, fetch: async (url, init) => toPlainResponse(await this.#send(url, init)), ...options, [CLOCK]: this.#clock });
  }

  fetch = async (input, init) => toResponse(await this.#send(input, init));

  async #send(input, init) {
    const request = await readRequest(input, init);
    const { signal } = request;
    signal?.throwIfAborted();
    const answer = this.#answer(request);
    const told = signal ? await orAborted(answer, signal) : await answer;
    if (told.dropped) throw new TypeError("fetch failed", { cause: new Error("the connection was dropped on purpose") });
    return told;
  }

  snapshot() {
    return this.#running.snapshot();
  }

  get changes() {
    return this.#running.changes();
  }

  async advance(by) {
    this.#manual("advance");
    // Says at once what is no length of time.
    this.#running.after(by);
    await this.#move(() => this.#running.after(by));
  }

  async setTime(time) {
    this.#manual("setTime");
    const target = instant(time, "setTime: time");
    await this.#move(() => {
      if (target < this.#running.now()) throw new RangeError(`setTime: ${new Date(target).toISOString()} is before the server's ${this.now.toISOString()}: time goes on only`);
      return target;
    });
  }

  fault(fault) {
    this.#running.fault(ruleOf(fault));
  }

  clearFaults() {
    this.#running.clearFaults();
  }

  async listen({ port = 0 } = {}) {
    if (this.#listening) throw new Error("listen: it listens already");
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new RangeError(`listen: port: expected a number from 0 to 65535, got ${port}`);
    this.#listening = await listen((request) => this.#answer(request), port);
    this.#running.setServerUrl(this.#listening.url);
    return { url: this.#listening.url };
  }

  async stop() {
    if (this.#stopped) return;
    this.#stopped = true;
    await this.#listening?.close();
    await this.#moved;
    this.#clock?.forget();
    this.#over = true;
    this.#release();
  }

  /** At once, not when a collector comes to it: what it kept may be large. What is being answered still needs it. */
  #release() {
    if (this.#over && this.#answering === 0) this.#server.free();
  }

  async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
    await this.stop();
  }

  get #running() {
    if (this.#stopped) throw new Error("This embedded Hatchet was stopped.");
    return this.#server;
  }

  async #answer({ method, target, headers, body }) {
    const server = this.#running;
    this.#clock?.touch();
    this.#answering++;
    try {
      return await this.#settles(server.handle(method, target, headers, body));
    } finally {
      this.#answering--;
      this.#clock?.touch();
      this.#release();
    }
  }

  #manual(method) {
    if (!this.#clock) throw new Error(`${method}: its time is the system's; give \`now\` to start() to move it by hand`);
  }

  /** One move after the other, each from where the one before has ended. */
  #move(targetOf) {
    const moved = this.#moved.then(() => this.#clock.moveTo(targetOf(), (time) => this.#server.setTime(time)));
    this.#moved = moved.catch(() => {});
    return moved;
  }
}

const PRIVATE = Symbol("made by start()");

function orAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function readOptions(options) {
  if (typeof options !== "object" || options === null) throw new TypeError(`options: expected an object, got ${options === null ? "null" : typeof options}`);
  const unknown = Object.keys(options).find((key) => !OPTIONS.includes(key));
  if (unknown !== undefined) throw new TypeError(`options.${unknown}: unknown key: known keys are ${OPTIONS.join(", ")}`);
  const { now, workflows = [], seed = 0, snapshot } = options;
  if (snapshot !== undefined && typeof snapshot !== "string") throw new TypeError(`options.snapshot: expected what snapshot() gave, got ${typeof snapshot}`);
  if (!Array.isArray(workflows) || !workflows.every((name) => typeof name === "string" && name !== "")) throw new TypeError("options.workflows: expected an array of names");
  if (!Number.isInteger(seed) || seed < 0 || seed > MOST_RUNS) throw new TypeError(`options.seed: expected a whole number from 0 to ${MOST_RUNS}, got ${shown(seed)}`);
  return { workflows, seed, snapshot, ...(now === undefined ? {} : { now: instant(now, "options.now") }) };
}

/** Milliseconds since 1970. */
function instant(time, path) {
  const milliseconds = millisecondsOf(time);
  // Beyond that there is no Date.
  if (!(Math.abs(milliseconds) <= 8.64e15)) {
    throw new TypeError(`${path}: expected a Date, epoch milliseconds, a Temporal.Instant, or ISO 8601 with Z or an offset, got ${shown(time)}`);
  }
  return Math.trunc(milliseconds);
}

function millisecondsOf(time) {
  if (typeof time === "number") return time;
  if (typeof time === "string") return Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(time.trim()) ? time : "");
  if (typeof time !== "object" || time === null) return NaN;
  const { epochMilliseconds = tag(time) === "Date" ? Number(time) : NaN } = time;
  return typeof epochMilliseconds === "number" ? epochMilliseconds : NaN;
}

/** What has no members as it is, all else by its kind. */
function shown(value) {
  return ["string", "number", "boolean"].includes(typeof value) ? String(value).slice(0, 60) : kind(value);
}
