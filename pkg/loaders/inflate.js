/** What base64 of a raw deflate stream holds, in every runtime and without a dependency. */
export function inflated(base64) {
  return inflate(decode(base64));
}

function decode(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

async function inflate(bytes) {
  const zlib = globalThis.process?.getBuiltinModule?.("node:zlib");
  if (zlib) return zlib.inflateRawSync(bytes);
  const { readable, writable } = new DecompressionStream("deflate-raw");
  const writer = writable.getWriter();
  const [inflated] = await Promise.all([readAll(readable.getReader()), writer.write(bytes), writer.close()]);
  return inflated;
}

/** Through the reader, as a polyfilled `Response` may not take streams. */
async function readAll(reader) {
  const chunks = [];
  let length = 0;
  for (let result = await reader.read(); !result.done; result = await reader.read()) {
    chunks.push(result.value);
    length += result.value.length;
  }
  const all = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}
