/** Everything that can be reached from a value, and where a text is in it. */
import { inspect } from "node:util";

/** So many that no honest value has more: a walk that left something out would prove nothing. */
const MOST = 300_000;
const TYPED = Object.getPrototypeOf(Uint8Array);

/**
 * The paths at which `needle` is found: in texts, names, numbers of bytes, functions' sources; by own and inherited properties, also
 * those that do not enumerate, symbols and getters, and by what maps, sets, headers and other iterables hold. What is global is
 * left out: it belongs to the runtime, not to the value.
 */
export function found(root, needle) {
  const seen = new Set([globalThis, globalThis.process, globalThis.console]);
  const paths = [];
  const queue = [["value", root]];
  const check = (path, text) => text.includes(needle) && paths.push(path);
  while (queue.length > 0) {
    const [path, value] = queue.pop();
    if (typeof value === "string") check(path, value);
    if (typeof value === "symbol") check(path, String(value));
    if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) continue;
    seen.add(value);
    if (seen.size > MOST) throw new Error(`more than ${MOST} objects are reached, of late by ${path}`);
    if (typeof value === "function") check(`${path} (its source)`, Function.prototype.toString.call(value));
    for (const [part, inner] of bytesOf(value)) check(`${path} ${part}`, inner.toString("latin1"));
    for (let owner = value; owner !== null; owner = Object.getPrototypeOf(owner)) {
      for (const key of Reflect.ownKeys(owner)) {
        if (owner instanceof TYPED && typeof key === "string" && /^\d+$/.test(key)) continue;
        const below = `${path}.${String(key)}`;
        check(`${below} (its name)`, String(key));
        const { get, value: held } = Object.getOwnPropertyDescriptor(owner, key);
        queue.push([below, get ? attempt(() => get.call(value)) : held]);
        if (get) queue.push([`${below} (its getter)`, get]);
      }
    }
    for (const [index, entry] of entriesOf(value)) queue.push([`${path}[${index}]`, entry]);
  }
  return paths;
}

/** As found, and in all that is shown of the value: by inspection, as JSON, as a text. */
export function shown(value, needle) {
  const texts = {
    inspect: inspect(value, { depth: Infinity, showHidden: true, getters: true, maxArrayLength: Infinity, maxStringLength: Infinity }),
    JSON: attempt(() => JSON.stringify(value)),
    text: attempt(() => String(value)),
    stack: attempt(() => value.stack),
  };
  return [...Object.keys(texts).filter((place) => String(texts[place]).includes(needle)), ...found(value, needle)];
}

function bytesOf(value) {
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return [["(its bytes)", Buffer.from(value)]];
  if (ArrayBuffer.isView(value)) return [["(its bytes)", Buffer.from(value.buffer, value.byteOffset, value.byteLength)]];
  if (value instanceof WebAssembly.Memory) return [["(its bytes)", Buffer.from(value.buffer)]];
  return [];
}

const ITERATED = [Map, Set, Headers, URLSearchParams, FormData];

function entriesOf(value) {
  return ITERATED.some((kind) => value instanceof kind) ? [...value].map((entry, index) => [index, entry]) : [];
}

/** What a getter gives; one that throws gives what it throws. */
function attempt(read) {
  try {
    return read();
  } catch (error) {
    return error;
  }
}
