import { FAULTS } from "./faults.mjs";

const SCHEDULED = /\/workflows\/scheduled(?:\/[^/?]+)?(?:\?|$)/;

function operationOf(method, path) {
  if (/\/bulk-(delete|update)$/.test(path)) return path.endsWith("delete") ? "bulkDelete" : "bulkUpdate";
  if (method === "POST" && path.endsWith("/scheduled")) return "create";
  if (!SCHEDULED.test(path)) return method === "PATCH" ? "pause" : "other";
  if (method !== "GET") return { PATCH: "update", DELETE: "delete", POST: "trigger" }[method];
  return /\/scheduled(\?|$)/.test(path) ? "list" : "get";
}

/** What is between the clients and the server: it loses, delays, doubles and garbles, and keeps the books of what came through. */
export class Network {
  #hatchet;
  #clock;
  #books;
  #armed = [];
  #line = Promise.resolve();
  #underWay = 0;
  /** Every request, in the order in which they were sent. */
  requests = [];
  /** How often each fault struck. */
  struck = {};

  constructor(hatchet, clock, books) {
    this.#hatchet = hatchet;
    this.#clock = clock;
    this.#books = books;
  }

  /** Whether nothing is on its way. */
  get isIdle() {
    return this.#underWay === 0;
  }

  /** Lets something befall the `times` requests of an operation (undefined: of any) after the next `skip` of them. */
  arm(fault) {
    this.#armed.push({ ...fault });
  }

  disarm() {
    this.#armed = [];
  }

  requestsOf(call) {
    return this.requests.filter((request) => request.call === call);
  }

  fetch = (url, { method, headers, body, signal }) => {
    const { pathname, search } = new URL(url);
    const operation = operationOf(method, pathname);
    const request = { call: Number(headers["x-call"] ?? 0), operation, method, path: pathname, body: body && JSON.parse(body), delivered: 0, doubled: false, late: false, abandoned: false };
    this.requests.push(request);
    const fault = this.#strike(operation);
    const deliver = () => this.#inTurn(request, `http://embedded.invalid${pathname}${search}`, { method, headers, body });
    const carried = this.#aside(fault ? this.#befall(fault, request, deliver) : deliver());
    return orAborted(carried, signal, () => (request.abandoned = true));
  };

  #strike(operation) {
    const fits = (fault) => (fault.on === undefined || fault.on === operation) && fault.skip-- <= 0;
    const fault = this.#armed.find(fits);
    if (fault && --fault.times <= 0) this.#armed.splice(this.#armed.indexOf(fault), 1);
    return fault;
  }

  async #befall({ kind, amount }, request, deliver) {
    request.fault = kind;
    this.struck[kind] = (this.struck[kind] ?? 0) + 1;
    const wait = (milliseconds) => this.#clock.sleep(milliseconds).promise;
    return FAULTS[kind]({ amount, deliver, wait, now: () => this.#clock.now(), aside: (work) => this.#aside(work).catch(() => {}) });
  }

  /** Counted as under way until it has ended, whether or not somebody waits for it. */
  #aside(work) {
    this.#underWay++;
    return work.finally(() => this.#underWay--);
  }

  /** One request after the other, so that the books have the server's own order. */
  #inTurn(request, url, init) {
    const answered = this.#line.then(() => this.#deliver(request, url, init));
    this.#line = answered.catch(() => {});
    return answered;
  }

  async #deliver(request, url, init) {
    const response = await this.#hatchet.fetch(url, init);
    const text = await response.text();
    request.doubled = request.delivered++ > 0;
    request.late ||= request.abandoned;
    this.#books.note(request, response.status, text);
    return { status: response.status, headers: new Map(response.headers), text: async () => text };
  }
}

function orAborted(promise, signal, abandon) {
  return new Promise((resolve, reject) => {
    const abort = () => {
      abandon();
      reject(signal.reason);
    };
    promise.then(resolve, reject).finally(() => signal?.removeEventListener("abort", abort));
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });
}
