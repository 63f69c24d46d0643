/** Values that nobody means to pass, made afresh each time, as some of them can be used but once. */
import fc from "fast-check";

const thrown = () => new Error("the caller's own");
const fails = () => {
  throw thrown();
};
const TRAPS = ["get", "has", "ownKeys", "getOwnPropertyDescriptor", "getPrototypeOf"];

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function nested(levels, wrap) {
  let value = wrap(1);
  for (let level = 1; level < levels; level++) value = wrap(value);
  return value;
}

function cyclic() {
  const value = { metadata: {}, list: [] };
  Object.assign(value.metadata, { id: value });
  value.list.push(value);
  value.self = value;
  return value;
}

function detached() {
  const buffer = new ArrayBuffer(8);
  const view = new Uint8Array(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  return view;
}

function* endsLate(count, item) {
  for (let index = 0; index < count; index++) yield item;
}

function* breaks(item) {
  yield item;
  fails();
}

/** Another value at each look, the last one from then on. */
function changing(...values) {
  let looks = 0;
  return () => {
    const value = values[Math.min(looks++, values.length - 1)];
    return value === fails ? fails() : value;
  };
}

const accessor = (get, key = "x") => Object.defineProperty({}, key, { get, enumerable: true, configurable: true });
const named = (object) => Object.entries(object).map(([name, make]) => ({ name, make }));

class Point {
  x = 1;
  #y = 2;
  get sum() {
    return this.x + this.#y;
  }
}
class OwnArray extends Array {}
class OwnDate extends Date {
  getTime() {
    return fails();
  }
  valueOf() {
    return fails();
  }
  toJSON() {
    return fails();
  }
}
class OwnString extends String {}

const ODD = named({
  undefined: () => undefined,
  null: () => null,
  NaN: () => NaN,
  Infinity: () => Infinity,
  "-Infinity": () => -Infinity,
  "-0": () => -0,
  "2^53+2": () => 2 ** 53 + 2,
  "1e308": () => 1e308,
  "5e-324": () => Number.MIN_VALUE,
  "0n": () => 0n,
  "-2n^200": () => -(2n ** 200n),
  "boxed BigInt": () => Object(5n),
  Symbol: () => Symbol("own"),
  "Symbol.iterator": () => Symbol.iterator,
  "boxed Symbol": () => Object(Symbol("own")),
  "a lone surrogate": () => "\ud800",
  "half of a pair at the end": () => "ok\udbff",
  "NUL in a text": () => "a\0b",
  "line breaks": () => "a\r\nb: c\n\n",
  "control characters": () => "\u0001\u007f\u0085\u2028\ufeff",
  "boxed String": () => new String("own"),
  "own String": () => new OwnString("own"),
  "boxed Number": () => new Number(5),
  "boxed Boolean": () => new Boolean(false),
  function: () => () => 1,
  "function that fails": () => fails,
  "async function": () => async () => "x",
  class: () => Point,
  "instance of a class": () => new Point(),
  "own Array": () => OwnArray.of(1, 2),
  "own Date that fails": () => new OwnDate(0),
  "invalid Date": () => new Date(NaN),
  "last Date": () => new Date(8.64e15),
  "Date without a prototype": () => Object.setPrototypeOf(new Date(0), null),
  RegExp: () => /x/gu,
  Map: () => new Map([["a", 1]]),
  Set: () => new Set([1]),
  WeakMap: () => new WeakMap(),
  Error: () => thrown(),
  Promise: () => Promise.resolve("x"),
  thenable: () => ({ then: (resolve) => resolve("x") }),
  "thenable that fails": () => ({ then: fails }),
  "thenable that never settles": () => ({ then() {} }),
  ArrayBuffer: () => new ArrayBuffer(4),
  "detached buffer": detached,
  Uint8Array: () => new Uint8Array([1, 2]),
  Headers: () => new Headers({ a: "b" }),
  URL: () => new URL("https://a.example/b"),
  AbortSignal: () => new AbortController().signal,
  "aborted AbortSignal": () => AbortSignal.abort("own"),
  globalThis: () => globalThis,
  "object without a prototype": () => Object.create(null),
  "frozen object": () => Object.freeze({ a: Object.freeze([1]) }),
  "__proto__ as a key": () => JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}'),
  "prototype's names as keys": () => ({ constructor: 1, hasOwnProperty: 1, toString: "x", valueOf: 1, length: -1 }),
  "inherited keys": () => Object.create({ id: "x", triggerAt: 1 }),
  cycle: cyclic,
  "array in itself": () => {
    const list = [];
    list.push(list, list);
    return list;
  },
  "sparse array": () => new Array(4_294_967_295),
  "array with a getter": () => Object.defineProperty([1], 0, { get: fails, enumerable: true }),
  "array without an iterator": () => Object.assign([1], { [Symbol.iterator]: undefined }),
  "getter that fails": () => accessor(fails),
  "getter of an id that fails": () => ({ metadata: accessor(fails, "id") }),
  "getter that fails at the second look": () => accessor(changing(1, fails)),
  "getter that fails at the third look": () => accessor(changing(1, 1, fails)),
  "getter that becomes a BigInt": () => accessor(changing("x", 1n)),
  "getter that becomes itself": () => {
    const object = accessor(changing(1, 1, undefined));
    return Object.defineProperty(object, "y", { get: changing(1, object), enumerable: true });
  },
  "toJSON that fails": () => ({ toJSON: fails }),
  "toJSON of a BigInt": () => ({ toJSON: () => 1n }),
  "toJSON of another": () => ({ toJSON: () => ({ toJSON: fails }) }),
  "toJSON without an end": () => ({
    toJSON() {
      return { again: this };
    },
  }),
  "toString that fails": () => ({ toString: fails, valueOf: fails, [Symbol.toPrimitive]: fails }),
  "tag that fails": () => Object.defineProperty({}, Symbol.toStringTag, { get: fails }),
  "tag of a Date": () => ({ [Symbol.toStringTag]: "Date" }),
  "tag of another type": () => ({ [Symbol.toStringTag]: "x".repeat(10_000) }),
  "iterator that fails": () => ({ [Symbol.iterator]: fails }),
  "iterator of nothing": () => ({ [Symbol.iterator]: () => ({}) }),
  "iterator of no objects": () => ({ [Symbol.iterator]: () => ({ next: () => 5 }) }),
  "iterable that breaks": () => breaks("x"),
  "async iterable": () => ({ async *[Symbol.asyncIterator]() {} }),
  "signal that fails": () => ({ aborted: false, addEventListener: fails, removeEventListener: fails }),
  "signal whose state fails later": () => Object.defineProperty({ addEventListener() {}, removeEventListener() {} }, "aborted", { get: changing(false, fails) }),
  "signal whose reason fails": () => Object.defineProperty({ aborted: true, addEventListener() {}, removeEventListener() {} }, "reason", { get: fails }),
  "revoked proxy": () => revoked({}),
  "revoked proxy of an array": () => revoked([]),
  "revoked proxy of a function": () => revoked(() => 1),
  "proxy of an array that fails": () => new Proxy([1, 2], { get: (target, key) => (key === "length" ? fails() : target[key]) }),
  "proxy that claims all keys": () => new Proxy({}, { has: () => true, get: () => "x" }),
  "proxy of proxies": () => nested(50, (value) => new Proxy({ value }, {})),
  ...Object.fromEntries(TRAPS.map((trap) => [`proxy whose ${trap} fails`, () => new Proxy({}, { [trap]: fails })])),
});

/** What takes a moment to make, and to refuse. */
const LARGE = named({
  "long text": () => "x".repeat(1 << 20),
  "long text beyond Latin-1": () => "\u{1F600}".repeat(1 << 18),
  "text of 5 MiB": () => "x".repeat(5 << 20),
  "texts of 600 MiB in all": () => Array(600).fill("x".repeat(1 << 20)),
  "long array": () => Array(100_000).fill("x"),
  "many keys": () => Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, "x"])),
  "long key": () => ({ ["k".repeat(100_000)]: "x" }),
  "iterable of many": () => endsLate(100_000, "x"),
  "deep array": () => nested(100_000, (value) => [value]),
  "deep object": () => nested(100_000, (value) => ({ value })),
  "array 3,000 deep": () => nested(3_000, (value) => [value]),
  "object 3,000 deep": () => nested(3_000, (value) => ({ value })),
  "shared twice at each of 90 levels": () => nested(90, (value) => [value, value]),
  "shared twice at each of 90 levels of objects": () => nested(90, (value) => ({ a: value, triggerAt: value, since: value })),
  "long array of a long array": () => Array(100_000).fill(Array(100_000).fill(0)),
  "long array of nothing": () => Array(3_000).fill(new Array(100_000)),
});

const codeUnits = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 }).map((units) => String.fromCharCode(...units));
const texts = fc.oneof(fc.string(), fc.string({ unit: "binary" }), codeUnits, fc.string({ unit: "grapheme" }), fc.webUrl(), fc.uuid(), fc.date().map(String));
const KEYS = ["id", "metadata", "triggerAt", "input", "signal", "in", "local", "timeZone", "epochMilliseconds", "toJSON", "then", "length", "__proto__", "constructor", ""];
const anything = fc.anything({
  key: fc.oneof(fc.constantFrom(...KEYS), texts),
  values: [fc.boolean(), fc.integer(), fc.double(), texts, fc.constant(null), fc.constant(undefined), fc.bigInt(), fc.date({ noInvalidDate: false })],
  ...{ maxDepth: 4, withBigInt: true, withBoxedValues: true, withDate: true, withMap: true, withNullPrototype: true, withObjectString: true },
  ...{ withSet: true, withSparseArray: true, withTypedArray: true },
});

const WRAPS = {
  "a proxy of": (make) => {
    const value = make();
    return (typeof value === "object" && value !== null) || typeof value === "function" ? new Proxy(value, {}) : value;
  },
  "an array of": (make) => [make()],
  "an iterable of": (make) => new Set([make()]),
  "a getter of": (make) => accessor(make),
  "an id of": (make) => ({ metadata: { id: make() } }),
  "a time of": (make) => ({ epochMilliseconds: make() }),
  "a delay of": (make) => ({ in: make() }),
  "a local time of": (make) => ({ local: make(), timeZone: "Europe/Berlin" }),
  "a zone of": (make) => ({ local: "2031-01-01T00:00", timeZone: make() }),
  "a member of": (make) => ({ a: make() }),
  "toJSON of": (make) => ({ toJSON: make }),
  "an iterable that breaks after": (make) => breaks(make()),
};

const told = ({ name, make }) => ({ make, [fc.toStringMethod]: () => name });
/** Values that fast-check made are cloned, so that no call changes what the next look at it sees. */
const made = anything.map((value) => ({ make: () => value, [fc.toStringMethod]: () => fc.stringify(value) }));
const simple = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...ODD.map(told)) },
  { weight: 6, arbitrary: made },
  { weight: 3, arbitrary: fc.oneof(texts, fc.double(), fc.integer(), fc.maxSafeInteger()).map((value) => ({ make: () => value, [fc.toStringMethod]: () => fc.stringify(value) })) },
);
const wrapped = fc.tuple(fc.constantFrom(...Object.keys(WRAPS)), simple).map(([wrap, inner]) => ({
  make: () => WRAPS[wrap](inner.make),
  [fc.toStringMethod]: () => `${wrap} ${fc.stringify(inner)}`,
}));

/** A way to make a hostile value: `make()`. */
export const hostile = fc.oneof({ weight: 6, arbitrary: simple }, { weight: 4, arbitrary: wrapped });
/** Those that take a moment; each is worth a few plays only. */
export const large = fc.constantFrom(...LARGE.map(told));
/** Every one that has a name, to be played in each place at least once. */
export const NAMED = [...ODD, ...LARGE];
