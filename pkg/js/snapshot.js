/**
 * A copy of what a caller passed, for the calls that have to wait until the WebAssembly is loaded: what the caller does
 * to its objects in the meantime must not change what is sent. Only plain objects, arrays and dates are copied; what
 * cannot be copied is left for the validation to judge.
 */
export function snapshot(value, copies = new Map(), depth = 0) {
  if (typeof value !== "object" || value === null || depth > 200) return value;
  if (copies.has(value)) return copies.get(value);
  try {
    if (value instanceof Date) return new Date(value);
    const copy = emptyLike(value);
    if (!copy) return value;
    copies.set(value, copy);
    for (const [key, item] of Object.entries(value)) {
      Object.defineProperty(copy, key, { value: snapshot(item, copies, depth + 1), enumerable: true });
    }
    return copy;
  } catch {
    return value;
  }
}

function emptyLike(value) {
  if (Array.isArray(value)) return new Array(value.length);
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.create(prototype) : undefined;
}
