/** Statuses that come without a body, for which `Response` takes none. */
const BODILESS = [101, 204, 205, 304];

/** What a request brings, in the terms of the server. */
export async function readRequest(input, init = {}) {
  const isRequest = typeof input === "object" && typeof input?.url === "string";
  const url = new URL(isRequest ? input.url : String(input));
  const method = init.method ?? (isRequest ? input.method : "GET");
  const headers = headersOf(init.headers ?? (isRequest ? input.headers : {}));
  const body = init.body ?? (isRequest && input.body ? await input.text() : "");
  if (typeof body === "string" && body !== "" && !headers.some(([name]) => name.toLowerCase() === "content-type")) headers.push(["content-type", "text/plain;charset=UTF-8"]);
  headers.push(["host", url.host]);
  return { method, target: url.pathname + url.search, headers, body: await bytesOf(body), signal: init.signal ?? (isRequest ? input.signal : undefined) };
}

function headersOf(headers) {
  if (typeof headers.forEach !== "function") return Object.entries(headers).map(([name, value]) => [name, String(value)]);
  const pairs = [];
  if (Array.isArray(headers)) headers.forEach(([name, value]) => pairs.push([name, value]));
  else headers.forEach((value, name) => pairs.push([name, value]));
  return pairs;
}

async function bytesOf(body) {
  if (typeof body === "string") return encode(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  return new Uint8Array(await new Response(body).arrayBuffer());
}

const util = globalThis.process?.getBuiltinModule?.("node:util") ?? globalThis;
const encoder = new util.TextEncoder();
const decoder = new util.TextDecoder();
const encode = (text) => encoder.encode(text);

export function toResponse({ status, headers, body, broken }) {
  if (!broken) return new Response(BODILESS.includes(status) ? null : body, { status, headers });
  const cut = new ReadableStream({
    start(controller) {
      controller.enqueue(body);
      controller.error(new TypeError("terminated"));
    },
  });
  return new Response(cut, { status, headers });
}

/** What a client reads of a `Response`: some runtimes have none, and in others it waits for timers that a test has replaced. */
export function toPlainResponse({ status, headers, body, broken }) {
  const text = async () => {
    if (broken) throw new TypeError("terminated");
    return decoder.decode(body);
  };
  return { status, headers: new Map(headers), text };
}
