/** What only JavaScript can tell of its values. The WebAssembly asks here, too. */

/** The names and values of an answer's headers: a `Headers` of another realm, a `Map`, or what else has a `forEach`. */
export function pairs(headers) {
  const list = [];
  headers.forEach((value, name) => list.push([String(name), String(value)]));
  return list;
}

/** What each item holds under these keys, a line each, empty where that is no plain text; itself under the empty key. */
export function lines(list, keys) {
  let text = "";
  for (const item of list) {
    for (const key of keys) {
      const value = key === "" ? item : item[key];
      text += typeof value === "string" && !value.includes("\n") ? `${value}\n` : "\n";
    }
  }
  return text;
}

/** The items at these places. */
export function pick(list, places) {
  const picked = new Array(places.length);
  for (let index = 0; index < places.length; index++) picked[index] = list[places[index]];
  return picked;
}

/** Whether two values are the same JSON, in whatever order their members are. */
export function same(one, other) {
  if (one === other) return true;
  if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && same(one[key], other[key]));
}

/** Adds the items of one array to another. */
export function append(list, other) {
  for (const item of other) list.push(item);
}

/** The text in base64url; undefined where it is none. Not every runtime has a TextDecoder at all times. */
export function base64url(text) {
  if (/[^\w-]/.test(text)) return undefined;
  try {
    const bytes = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return utf8(bytes) ?? bytes;
  } catch {
    return undefined;
  }
}

function utf8(bytes) {
  try {
    return decodeURIComponent(bytes.replace(/[%\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`));
  } catch {
    return undefined;
  }
}

/** How many bytes a text takes as UTF-8. */
export function byteLength(text) {
  if (globalThis.Buffer) return globalThis.Buffer.byteLength(text);
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    // Two units of a pair take four bytes.
    if (unit > 0x7f) length += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return length;
}

export function isObject(value) {
  return typeof value === "object" && value !== null;
}

/** A text as it was before it was percent-encoded; as it is where it is no such text. */
export function percentDecoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An object that is read by its keys; in a `Map`, a `Promise` or a `Date` there are none. */
export function isRecord(value) {
  return isObject(value) && /^(Object|Module)$/.test(tag(value));
}

/** `Object`, `Array`, `Date`, `Map` and the like, whatever realm the value comes from. */
export function tag(value) {
  try {
    return Object.prototype.toString.call(value).slice(8, -1);
  } catch {
    return "Object";
  }
}

/** Stands for null among arguments, as the WebAssembly would take that for something left out. */
export const NULL = Symbol("null");

/** The type of a value, in words. */
export function kind(value) {
  if (value === undefined || value === null) return String(value);
  if (value === NULL) return "null";
  const name = isObject(value) ? tag(value).replace(/^(Object|Array)$/, (name) => name.toLowerCase()) : typeof value;
  return `${/^[aeiou]/i.test(name) ? "an" : "a"} ${name}`;
}

/** Text of anything that was thrown. */
export function describe(thrown) {
  let text = thrown;
  try {
    // Node's connection errors may have a code and no message.
    text = thrown.message || thrown.code || thrown;
  } catch {
    // What cannot be looked at is told by its kind.
  }
  return typeof text === "string" ? text : `${kind(thrown)} was thrown`;
}
