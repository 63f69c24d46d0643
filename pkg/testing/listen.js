/** The names of this machine, by which alone it is called: a page of any other name could let that name lead here. */
const OWN = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1])(:\d+)?$/i;
/** As the server takes it; what is longer is read to its end, and not kept. */
const BODY_BYTES = 16 * 1024 * 1024;

/** Serves a `fetch` over HTTP, on loopback; gives the address and what ends it. */
export async function listen(answer, port) {
  const http = globalThis.process?.getBuiltinModule?.("node:http");
  if (!http) throw new Error("listen: this runtime cannot listen; use fetch, or a client of the embedded Hatchet");
  const server = http.createServer(async (request, response) => {
    if (!OWN.test(request.headers.host)) return refuse(response, 421, "This server is called by localhost and loopback addresses alone.");
    let chunks = [];
    let bytes = 0;
    try {
      for await (const chunk of request) {
        bytes += chunk.length;
        if (bytes <= BODY_BYTES) chunks.push(chunk);
        else chunks = [];
      }
    } catch {
      // The caller is gone.
      return;
    }
    if (bytes > BODY_BYTES) return refuse(response, 413, "The body is longer than the 16 MiB that this server takes.");
    const headers = [];
    for (let place = 0; place < request.rawHeaders.length; place += 2) headers.push([request.rawHeaders[place], request.rawHeaders[place + 1]]);
    let told;
    try {
      told = await answer({ method: request.method, target: request.url, headers, body: new Uint8Array(globalThis.Buffer.concat(chunks)) });
    } catch (error) {
      response.writeHead(400, { "content-type": "text/plain" }).end(`${error.message}\n`);
      return;
    }
    if (told.dropped) return void request.socket.destroy();
    // Its own `Date` is the server's, by whose clock clients go.
    response.sendDate = false;
    response.writeHead(told.status, told.headers.flat());
    if (!told.broken) return void response.end(told.body);
    response.write(told.body, () => request.socket.destroy());
  });
  server.maxConnections = 1_000;
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const close = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}

function refuse(response, status, description) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ errors: [{ description }] }));
}
