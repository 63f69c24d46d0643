/** What may become of a call, whatever it was given and whatever it was answered. */
import assert from "node:assert/strict";

import { HatchetError, ValidationError } from "../../support/package.mjs";

const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Promise.prototype];
const names = () => PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype).length);
const clean = names();

/** Nothing was put where everybody finds it. */
export function assertClean() {
  assert.deepEqual(names(), clean, "a prototype has other properties than before");
}

/** The package's own kind of error, and no failure inside of it. Gives its code. */
export function assertTyped(error) {
  assert.ok(error instanceof HatchetError, `it is not the package's error: ${describe(error)}`);
  assert.ok(!["internal-panic", "load", "hatchet-error"].includes(error.code), `the WebAssembly failed: ${error.message.slice(0, 1_000)}`);
  assert.equal(typeof error.message, "string");
  assert.doesNotThrow(() => JSON.stringify(error));
  return error.code;
}

/** A refusal that says where, and of which call. */
export function assertRefusal(error, operation) {
  assert.ok(error instanceof ValidationError, `it is no ValidationError: ${describe(error)}`);
  assert.ok(error.path, `it says no path: ${error.message.slice(0, 1_000)}`);
  assert.equal(error.operation, operation);
  const start = operation ? `${operation}: ${error.path}: ` : `${error.path}: `;
  assert.ok(error.message.startsWith(start), `the message does not begin with the path ${error.path.slice(0, 200)}: ${error.message.slice(0, 400)}`);
  assert.ok(error.message.length > start.length + 5, `it says no reason: ${error.message}`);
}

export function describe(thrown) {
  try {
    return String(thrown?.stack ?? thrown).slice(0, 2_000);
  } catch {
    return "something that cannot be shown";
  }
}

/** A request as it may leave: what every `fetch` takes, and what Hatchet's routes read. */
export function assertSendable({ url, init, kind }) {
  assert.doesNotThrow(() => new URL(url), `an address that is none: ${url}`);
  assert.doesNotThrow(() => new Headers(init.headers), "headers that no fetch takes");
  assert.ok(kind, `a request to no route of Hatchet's: ${init.method} ${url}`);
  if (init.body === undefined) return;
  const body = JSON.parse(init.body);
  assert.equal(typeof body, "object");
  assert.ok(!/\\u0000|\\ud[89a-f]/i.test(init.body.replaceAll("\\\\", "")), "what the server cannot keep");
  if (kind === "create" || kind === "update") assert.equal(typeof body.triggerAt, "string", "a run without a time");
}
