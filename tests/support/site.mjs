/** A web server of files, at an origin of its own. */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { once } from "node:events";

const TYPES = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript" };

/**
 * Serves `texts` by their path, and the files of `folders` below a path that ends with a slash, all with `headers`, and with
 * `types` by their ending; what is below `/api/` is for `api`, a handler of Node's.
 * Gives the `origin`, the `requests` with how they were answered, and `close()`.
 */
export async function serveSite({ texts = {}, folders = {}, headers = {}, types = {}, api }) {
  const requests = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://site.invalid");
    if (api && pathname.startsWith("/api/")) return api(request, response);
    const answer = (status, path) => {
      requests.push(`${pathname}: ${status}`);
      const type = types[extname(path)] ?? TYPES[extname(path)] ?? "application/octet-stream";
      return response.writeHead(status, { "content-type": type, "x-content-type-options": "nosniff", ...headers });
    };
    const path = pathname === "/" ? "/index.html" : pathname;
    if (path in texts) return answer(200, path).end(texts[path]);
    const file = fileIn(folders, path);
    if (file) return createReadStream(file).pipe(answer(200, file));
    answer(404, ".html").end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function fileIn(folders, path) {
  for (const [prefix, folder] of Object.entries(folders)) {
    if (!path.startsWith(prefix)) continue;
    const file = normalize(join(folder, path.slice(prefix.length)));
    if (file.startsWith(folder + sep) && existsSync(file) && statSync(file).isFile()) return file;
  }
}
