import assert from "node:assert/strict";
import test from "node:test";

import { guard } from "../../pkg/loaders/guard.js";

const CALLBACK = "wasm_bindgen__convert__closures_____invoke__h1";

/** The exports of a module whose functions all trap. */
function trapping(...names) {
  const section = (id, ...bytes) => [id, bytes.length, ...bytes];
  const exported = names.flatMap((name) => [name.length, ...Buffer.from(name), 0, 0]);
  const module = new WebAssembly.Module(
    new Uint8Array([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, 1, 0x60, 0, 0),
      ...section(3, 1, 0),
      ...section(7, names.length, ...exported),
      ...section(10, 1, 3, 0, 0, 0x0b),
    ]),
  );
  return new WebAssembly.Instance(module).exports;
}

test("a trap in a callback is reported once and ends neither the process nor the callback's caller", async () => {
  const trapped = [];
  const guarded = guard(trapping(CALLBACK), (error) => trapped.push(error));
  await Promise.resolve().then(() => guarded[CALLBACK](1, 2));
  guarded[CALLBACK](1, 2);
  assert.equal(trapped.length, 1);
  assert.ok(trapped[0] instanceof WebAssembly.RuntimeError);
});

test("what a callback returns after a trap reads as no value and no error", () => {
  const [value, isError] = guard(trapping(CALLBACK))[CALLBACK]();
  assert.equal(value, undefined);
  assert.equal(isError, undefined);
});

test("a trap in a method reaches its caller, and callbacks do not enter the instance afterwards", () => {
  let entered = 0;
  const trapped = [];
  const exports = { ...trapping("client_get"), [CALLBACK]: () => ++entered, __wbg_client_free: () => ++entered };
  const guarded = guard(exports, (error) => trapped.push(error));
  guarded[CALLBACK]();
  assert.throws(() => guarded.client_get(), WebAssembly.RuntimeError);
  guarded[CALLBACK]();
  guarded.__wbg_client_free(1, 1);
  assert.equal(entered, 1);
  assert.deepEqual(trapped, [], "its caller knows already");
});

test("arguments, results, memory and tables pass unchanged", () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const guarded = guard({ memory, add: (a, b) => a + b, [CALLBACK]: (...args) => args, __wbindgen_malloc: (size) => size });
  assert.equal(guarded.memory, memory);
  assert.equal(guarded.add(1, 2), 3);
  assert.deepEqual(guarded[CALLBACK](1, "b"), [1, "b"]);
  assert.equal(guarded.__wbindgen_malloc(8), 8);
});
