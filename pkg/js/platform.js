/** What the WebAssembly needs of the runtime: requests, timers and the rules of time zones. */

import { describe, isObject, kind, tag } from "./reading.js";

/** More zones than a program is likely to use at a time; a formatter weighs some 45 KB. */
const KEPT_FORMATTERS = 64;
const formatters = new Map();

/**
 * Sends a request and reads its answer to the end. The promise is that of the body, as bytes or text; `head` is then
 * JSON with status and headers. It rejects with `{ message, cause, hint }`.
 */
export function send(fetch, method, url, headers, body, keepalive) {
  const controller = new AbortController();
  let done = false;
  // Only what every runtime knows: some refuse options such as `credentials`.
  const init = { method, headers: JSON.parse(headers), signal: controller.signal };
  if (body !== undefined) init.body = body;
  if (keepalive) init.keepalive = true;
  const task = { cancel: () => done || controller.abort() };
  task.promise = exchange(fetch, url, init, task).finally(() => (done = true));
  return task;
}

/** Waits. */
export function sleep(milliseconds) {
  let timer;
  const promise = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)));
  // A pending timer keeps a process alive.
  return { promise, cancel: () => clearTimeout(timer) };
}

/** Seconds east of UTC that clocks in a zone show at an instant in milliseconds since 1970; NaN for an unknown zone. */
export function offset(zone, at) {
  try {
    // Some 0.1 ms to make and 2 µs to use. Shows "31, 23:15:30".
    const [day, hour, minute, second] = formatter(zone).format(at).match(/\d+/g).map(Number);
    const utc = new Date(at);
    // No clock is a whole day from UTC, so the days of the month tell yesterday from tomorrow without year and month.
    let days = day - utc.getUTCDate();
    if (Math.abs(days) > 1) days = -Math.sign(days);
    const hours = days * 24 + (hour % 24) - utc.getUTCHours();
    return (hours * 60 + minute - utc.getUTCMinutes()) * 60 + second - utc.getUTCSeconds();
  } catch {
    return NaN;
  }
}

function formatter(timeZone) {
  let known = formatters.get(timeZone);
  if (!known) {
    const numeric = "numeric";
    known = new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", day: numeric, hour: numeric, minute: numeric, second: numeric });
    if (formatters.size === KEPT_FORMATTERS) formatters.clear();
    formatters.set(timeZone, known);
  }
  return known;
}

/** A caller's own fetch may do anything, and answer anything. */
async function exchange(given, url, init, task) {
  let broken = "";
  try {
    // Looked up at each call, so that a fetch that is replaced later counts. Without `this`: browsers refuse a fetch
    // that is called as somebody's method.
    const fetch = given ?? globalThis.fetch;
    const answer = await fetch(url, init);
    if (!isObject(answer)) throw unusable(`${kind(answer)}, not with a Response`);
    const { status } = answer;
    if (typeof status !== "number" || !(status >= 200 && status < 600)) {
      throw unusable("an object without a status from 200 to 599, not with a Response");
    }
    task.head = JSON.stringify({ status, headers: headersOf(answer) });
    // Bytes are faster, and may be long where all went well; elsewhere they may be in any encoding.
    const readers = status < 300 ? ["arrayBuffer", "text"] : ["text", "arrayBuffer"];
    const reader = readers.find((name) => typeof answer[name] === "function");
    if (!reader) throw unusable("an object without arrayBuffer() or text(), not with a Response");
    broken = "the answer broke off: ";
    const body = await answer[reader]();
    broken = "";
    if (typeof body !== "string" && tag(body) !== "ArrayBuffer") throw unusable(`a body that is ${kind(body)}`);
    return body;
  } catch (thrown) {
    throw thrown instanceof Unusable ? { message: thrown.message } : lost(broken, thrown);
  }
}

class Unusable extends Error {}

function unusable(what) {
  return new Unusable(`fetch answered with ${what}`);
}

/** They help to word errors and to wait; nothing depends on them. */
function headersOf({ headers }) {
  try {
    return Object.fromEntries(new Headers(headers));
  } catch {
    return {};
  }
}

function lost(before, cause) {
  let message = before + describe(cause);
  // Node says "fetch failed" and keeps the reason underneath.
  if (isObject(cause?.cause)) message += `: ${describe(cause.cause)}`;
  const origin = originHere();
  // In a page or a worker: what the browser does not tell apart.
  const hint =
    origin &&
    `A browser does not say whether the server is down, its name or certificate is wrong, or its CORS settings refuse this page: on the server, SERVER_ALLOWED_ORIGINS must be empty or hold ${origin}`;
  return { message, cause, caused: true, hint };
}

function originHere() {
  try {
    return globalThis.location?.origin;
  } catch {
    // Deno has a location that throws, unless it was given one.
    return undefined;
  }
}
