/** A handler for Node's `http`, and what is built on it: Express, Fastify's raw requests. */
export function toNodeHandler(handler) {
  return async function handle(incoming, outgoing) {
    const gone = new AbortController();
    outgoing.once("close", () => {
      if (!outgoing.writableFinished) gone.abort(new DOMException("The caller went away.", "AbortError"));
    });
    let request;
    try {
      request = requestOf(incoming, gone.signal);
    } catch {
      // Nobody may end the process by a Host that is none.
      outgoing.statusCode = 400;
      return void outgoing.end();
    }
    const response = await handler(request);
    if (outgoing.destroyed) return;
    outgoing.statusCode = response.status;
    for (const [name, value] of response.headers) outgoing.setHeader(name, value);
    outgoing.end(response.body ? new Uint8Array(await response.arrayBuffer()) : undefined);
  };
}

function requestOf(incoming, signal) {
  const headers = new Headers();
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    const [name, value] = incoming.rawHeaders.slice(index, index + 2);
    // Those of HTTP/2 are no headers.
    if (!name.startsWith(":")) headers.append(name, value);
  }
  // A router that the handler is mounted in may have cut the address.
  const path = incoming.originalUrl ?? incoming.url;
  const url = new URL(path, `http://${headers.get("host") ?? "localhost"}`);
  const init = { method: incoming.method, headers, signal };
  if (incoming.method !== "GET" && incoming.method !== "HEAD") {
    init.body = bodyOf(incoming);
    init.duplex = "half";
  }
  return new Request(url, init);
}

/** The body; one that a parser before has read is written again. */
function bodyOf(incoming) {
  if (incoming.body === undefined || incoming.readable) return streamOf(incoming);
  return typeof incoming.body === "string" || incoming.body instanceof Uint8Array ? incoming.body : JSON.stringify(incoming.body);
}

function streamOf(incoming) {
  if (incoming.headers["content-length"] === undefined && incoming.headers["transfer-encoding"] === undefined) return undefined;
  return new ReadableStream({
    start(controller) {
      incoming.on("data", (chunk) => controller.enqueue(new Uint8Array(chunk)));
      incoming.once("end", () => controller.close());
      incoming.once("error", (error) => controller.error(error));
    },
    cancel() {
      incoming.resume();
    },
  });
}
