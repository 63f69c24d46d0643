/** Answers that no Hatchet gives: recorded ones with a part of them broken, broken as texts, and what is no answer at all. */
import fc from "fast-check";

const fails = () => {
  throw new Error("the answer's own");
};
const told = (name, make) => ({ make, [fc.toStringMethod]: () => name });

/** Every place in a JSON value. */
function placesIn(value, path = [], found = []) {
  found.push(path);
  if (typeof value === "object" && value !== null) for (const key of Object.keys(value)) placesIn(value[key], [...path, key], found);
  return found;
}

/** The text of a value with another text at a place of it, which need not be JSON. */
function textWith(value, path, text) {
  if (path.length === 0) return text;
  const [key, ...rest] = path;
  const parts = Object.keys(value).map((name) => {
    const part = name === key ? textWith(value[name], rest, text) : JSON.stringify(value[name]);
    return Array.isArray(value) ? part : `${JSON.stringify(name)}:${part}`;
  });
  return Array.isArray(value) ? `[${parts.join()}]` : `{${parts.join()}}`;
}

/** What may stand in the place of a part, as text. */
const PARTS = [
  ...["null", "true", "0", "-0", "-1", "1.5", "1e308", "1e999", "9007199254740993", "-99999999999999999999999999", "0.1e-400", '""', '" "', "[]", "{}", "[null]", "[[]]", "[{}]"],
  ...['"\\u0000"', '"\\ud800"', '"\\udc00x"', '"\\ufeff"', '"a\\nb\\r\\n"', '"\\u2028"', '"x, expected y"', '"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999999999Z"', '"10000-01-01T00:00:00Z"'],
  ...['"-000001-01-01T00:00:00Z"', '"2031-01-01T00:00:00"', '"2031-02-30T00:00:00Z"', '"2031-01-01T00:00:60Z"', '"2031-01-01T24:00:00Z"', '"262143-12-31T23:59:59Z"', '"+275760-09-13T00:00:00Z"'],
  ...['"API"', '"QUEUED"', '"SUCCEEDED"', '"%"', '"%zz"', '"%e0%a4"', '"00000000-0000-0000-0000-000000000000"', '"707D0855-80AB-4E1F-A156-F1C4546CBF52"', "4294967295", "4294967296", "-2147483649"],
  ...['{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}', '{"a":1,"a":2}', '{"toJSON":1,"then":1,"length":-1}', '{"id":{"id":{}}}', '{"idempotencyKey":"k","replacesScheduledRun":5}'],
].map((text) => told(text, () => text));
/** Those that take a moment. */
const LARGE = [
  told("a text of 1 MiB", () => JSON.stringify("x".repeat(1 << 20))),
  told("a number of 100,000 digits", () => "9".repeat(100_000)),
  told("100,000 keys", () => `{${Array.from({ length: 100_000 }, (_, index) => `"k${index}":${index}`).join()}}`),
  told("a list of 100,000", () => `[${Array(100_000).fill("{}").join()}]`),
  ...[2_000, 20_000, 200_000].flatMap((levels) => [
    told(`an array ${levels} deep`, () => "[".repeat(levels) + "]".repeat(levels)),
    told(`an object ${levels} deep`, () => '{"a":'.repeat(levels) + "1" + "}".repeat(levels)),
  ]),
];
const part = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(...PARTS) },
  { weight: 40, arbitrary: fc.oneof(fc.json({ maxDepth: 3 }), fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)), fc.date().map((date) => JSON.stringify(date)), fc.uuid().map((id) => JSON.stringify(id)), fc.double().map(String), fc.bigInt().map(String)).map((text) => told(text.slice(0, 200), () => text)) },
  { weight: 1, arbitrary: fc.constantFrom(...LARGE) },
);

const HEADERS = {
  "content-type": ["text/html", "application/json; charset=utf-16", "", "x".repeat(10_000)],
  date: ["", "x", "0", "Thu, 01 Jan 1970 00:00:00 GMT", "Sat, 13 Sep 275760 00:00:00 GMT", "Sun, 20 Apr -271821 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "2031-01-01", "99999999999999999999", "Mon, 32 Foo 2031 25:61:61 XYZ", "x".repeat(100_000)],
  "retry-after": ["", "-1", "0", "1e9", "NaN", "Infinity", "0.0001", "9".repeat(15), "9".repeat(400), "1.".padEnd(500, "9"), "Sat, 13 Sep 275760 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "soon", " 5 ", "5, 6"],
  "retry-after-ms": ["", "-1", "0", "1.5", "1e3", "999999999999999", "9".repeat(40), "x"],
  "content-length": ["0", "5", "-1", "99999999999999999999"],
  location: ["https://elsewhere.example/", "", "\\\\"],
  "x-many": ["x".repeat(100_000)],
};
const headers = fc
  .record(Object.fromEntries(Object.entries(HEADERS).map(([name, values]) => [name, fc.constantFrom(...values)])), { requiredKeys: [] })
  .chain((given) => fc.constantFrom(given, {}, {}));
const STATUSES = [200, 201, 202, 204, 205, 206, 226, 299, 300, 301, 302, 304, 307, 308, 400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 415, 418, 422, 423, 425, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504, 507, 511, 520, 529, 599];
const bodiless = (status) => [204, 205, 304].includes(status);

function respond(status, given, body) {
  const all = new Headers();
  for (const [name, value] of Object.entries(given)) all.set(name, value);
  return new Response(bodiless(status) ? null : body, { status, headers: all });
}

/** A recorded answer with a part of it replaced, doubled or left out. */
export const mutated = (answers) =>
  fc
    .record({
      recorded: fc.constantFrom(...answers),
      place: fc.nat(),
      how: fc.constantFrom("other", "other", "other", "other", "twice", "missing", "more", "none"),
      part,
      headers,
      status: fc.option(fc.constantFrom(...STATUSES), { freq: 4 }),
    })
    .map(({ recorded, place, how, part, headers: extra, status }) => {
      const { body = null } = recorded;
      const places = placesIn(body);
      const path = places[place % places.length];
      const text = () => textOf(body, path, how, part.make());
      const last = status ?? recorded.status;
      return told(`${last} ${how} at /${path.join("/")}: ${fc.stringify(part)} ${JSON.stringify(extra).slice(0, 300)}`, async () => respond(last, { ...recorded.headers, ...extra }, text()));
    });

function textOf(body, path, how, text) {
  if (how === "none") return JSON.stringify(body);
  const parent = path.slice(0, -1);
  const holder = parent.reduce((value, key) => value[key], body);
  if (how === "other" || path.length === 0) return textWith(body, path, text);
  const key = path.at(-1);
  if (Array.isArray(holder)) {
    const items = holder.map((item) => JSON.stringify(item));
    if (how === "missing") items.splice(Number(key), 1);
    else items.splice(Number(key), 0, how === "twice" ? items[key] : text);
    return textWith(body, parent, `[${items.join()}]`);
  }
  const members = Object.entries(holder).filter(([name]) => how !== "missing" || name !== key).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  if (how === "twice") members.push(`${JSON.stringify(key)}:${text}`);
  if (how === "more") members.push(`"own":${text}`);
  return textWith(body, parent, `{${members.join()}}`);
}

/** A recorded answer broken as bytes: cut, with bytes that are no UTF-8, of another type. */
export const wholeAnswer = (answers) => {
  const HOW = {
    cut: (bytes, at) => bytes.subarray(0, at % (bytes.length + 1)),
    flipped: (bytes, at, bits) => bytes.with(at % bytes.length, bytes[at % bytes.length] ^ bits),
    "not UTF-8": (bytes, at) => Buffer.concat([bytes.subarray(0, at % bytes.length), Buffer.from([0xc3, 0x28, 0xff, 0xed, 0xa0, 0x80]), bytes.subarray(at % bytes.length)]),
    NUL: (bytes, at) => Buffer.concat([bytes.subarray(0, at % bytes.length), Buffer.alloc(3), bytes.subarray(at % bytes.length)]),
    BOM: (bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
    "two BOMs": (bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf]), bytes]),
    "UTF-16": (bytes) => Buffer.from(`\ufeff${bytes.toString()}`, "utf16le"),
    twice: (bytes) => Buffer.concat([bytes, bytes]),
    page: () => Buffer.from("<!doctype html><title>Sign in</title><p>x".repeat(50)),
    "unclosed page": () => Buffer.from("<".repeat(50_000)),
    none: () => Buffer.alloc(0),
    blank: () => Buffer.alloc(50_000, " "),
  };
  return fc
    .record({ recorded: fc.constantFrom(...answers), how: fc.constantFrom(...Object.keys(HOW)), at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }), headers, status: fc.option(fc.constantFrom(...STATUSES), { freq: 3 }) })
    .map(({ recorded, how, at, bits, headers: extra, status }) => {
      const last = status ?? recorded.status;
      const bytes = Buffer.from(JSON.stringify(recorded.body ?? null));
      return told(`${last} ${how} at byte ${at % bytes.length} ${JSON.stringify(extra).slice(0, 300)}`, async () => respond(last, { ...recorded.headers, ...extra }, HOW[how](bytes, at, bits)));
    });
};

const text = async () => "{}";
/** What a caller's own fetch may come to that is no answer, or one of its own make. */
export const hostileAnswer = fc.constantFrom(
  ...Object.entries({
    "it throws": fails,
    "it rejects with undefined": () => Promise.reject(undefined),
    "it rejects with a proxy": () => Promise.reject(new Proxy({}, { get: fails, getPrototypeOf: fails, has: fails })),
    "it rejects with a text of its own": () => Promise.reject(Object.assign(new Error("x".repeat(100_000)), { cause: { get message() { return fails(); } } })),
    "it never comes": () => new Promise(() => {}),
    nothing: async () => null,
    "a number": async () => 5,
    "a revoked proxy": () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      // A promise looks for then, which throws.
      revoke();
      return proxy;
    },
    "a function": async () => Object.assign(() => {}, { status: 200, headers: new Map(), text }),
    "a status of 0": async () => ({ status: 0, headers: new Map(), text }),
    "a status of NaN": async () => ({ status: NaN, headers: new Map(), text }),
    "a status of 200.5": async () => ({ status: 200.5, headers: new Map(), text }),
    "a status of 1e9": async () => ({ status: 1e9, headers: new Map(), text }),
    "a status that is a text": async () => ({ status: "200", headers: new Map(), text }),
    "a status that fails at the second look": async () => {
      let looks = 0;
      return { get status() { return looks++ > 0 ? fails() : 200; }, headers: new Map(), text };
    },
    "no headers": async () => ({ status: 200, text }),
    "headers that fail": async () => ({ status: 200, headers: { forEach: fails }, text }),
    "headers that fail to be there": async () => ({ status: 200, get headers() { return fails(); }, text }),
    "headers that are symbols": async () => ({ status: 429, headers: { forEach: (call) => call(Symbol("a"), Symbol("b")) }, text }),
    "headers that are objects": async () => ({ status: 429, headers: { forEach: (call) => call({ toString: fails }, {}) }, text }),
    "headers without an end": async () => ({ status: 500, headers: { forEach: (call) => { for (let index = 0; index < 100_000; index++) call("x", String(index)); } }, text }),
    "headers twice": async () => ({ status: 503, headers: new Map([["Retry-After", "1"], ["retry-after", "x"], ["DATE", "x"]]), text }),
    "no body": async () => ({ status: 200, headers: new Map() }),
    "a body that throws": async () => ({ status: 200, headers: new Map(), text: fails }),
    "a body that never comes": async () => ({ status: 200, headers: new Map(), text: () => new Promise(() => {}) }),
    "a body that breaks off": async () => new Response(new ReadableStream({ start(controller) { controller.enqueue(Buffer.from('{"rows":[')); controller.error(new TypeError("terminated")); } })),
    "a body that is used": async () => {
      const response = new Response("{}");
      await response.text();
      return response;
    },
    "a body that is no text": async () => ({ status: 200, headers: new Map(), text: async () => Symbol("x") }),
    "a body of bytes": async () => ({ status: 200, headers: new Map(), arrayBuffer: async () => new Uint8Array([0xff, 0xfe, 0x7b, 0]).buffer }),
    "a body of detached bytes": async () => ({ status: 200, headers: new Map(), arrayBuffer: async () => { const buffer = new ArrayBuffer(8); structuredClone(buffer, { transfer: [buffer] }); return buffer; } }),
    "a body that is a boxed text": async () => ({ status: 200, headers: new Map(), text: async () => new String("{}") }),
    "a body with half a character": async () => ({ status: 200, headers: new Map(), text: async () => '{"a":"\ud800"}' }),
  }).map(([name, make]) => told(name, make)),
);
