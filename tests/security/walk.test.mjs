/** The walk itself: what it would miss, no other test here could find. */
import assert from "node:assert/strict";
import test from "node:test";

import { found, shown } from "./walk.mjs";

const NEEDLE = "n33dle-in-a-haystack";

const HIDDEN = {
  "a property": () => ({ a: { b: [NEEDLE] } }),
  "a part of a text": () => ({ a: `before ${NEEDLE} after` }),
  "a name": () => ({ [NEEDLE]: 1 }),
  "what does not enumerate": () => Object.defineProperty({}, "a", { value: NEEDLE }),
  "a symbol's property": () => ({ [Symbol("a")]: NEEDLE }),
  "a symbol's name": () => ({ a: Symbol(NEEDLE) }),
  "a getter": () => Object.defineProperty({}, "a", { get: () => ["n33dle", "in-a", "haystack"].join("-") }),
  "an inherited getter": () => new (class { part = "haystack"; get whole() { return `n33dle-in-a-${this.part}`; } })(),
  "what a getter throws": () => Object.defineProperty({}, "a", { get() { throw new Error(`n33dle-in-${"a-haystack"}`); } }),
  "a prototype": () => Object.create(Object.create({ a: NEEDLE })),
  "a static": () => new (class { static a = NEEDLE; })(),
  "a map's key": () => new Map([[{ a: NEEDLE }, 1]]),
  "a set": () => new Set([NEEDLE]),
  headers: () => new Headers({ a: NEEDLE }),
  "a query": () => new URLSearchParams({ a: NEEDLE }),
  "a cause": () => new Error("a", { cause: new Error("b", { cause: NEEDLE }) }),
  "errors of an aggregate": () => new AggregateError([new Error(NEEDLE)]),
  bytes: () => Buffer.from(`  ${NEEDLE}`),
  "an array buffer": () => new Uint8Array(Buffer.from(NEEDLE)).buffer,
  memory: () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    Buffer.from(memory.buffer).write(NEEDLE, 70);
    return memory;
  },
  "a function's source": () => () => "n33dle-in-a-haystack",
  "a function's property": () => Object.assign(() => {}, { a: NEEDLE }),
};

for (const [place, make] of Object.entries(HIDDEN)) {
  test(`the walk finds a text in ${place}`, () => {
    assert.ok(found({ deep: [make()] }, NEEDLE).length > 0);
    assert.ok(shown(make(), NEEDLE).length > 0);
  });
}

test("the walk finds nothing where nothing is, and ends in circles", () => {
  const circle = { a: [1, "two", new Map([[1, new Date()]])] };
  circle.self = circle;
  assert.deepEqual(shown(circle, NEEDLE), []);
  assert.deepEqual(shown(new TypeError("a", { cause: circle }), NEEDLE), []);
});
