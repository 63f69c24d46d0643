import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

import { createHandler, toNodeHandler } from "hatchet-scheduled/server";
import { openInBrowser } from "./browser.js";

const COOKIE = "hatchet-scheduled";

/** Serves the dashboard on loopback, to the one browser that comes with the link; gives the address, and what ends it. */
export async function serveDashboard({ client, port, allow, opens, what }) {
  const doors = new Doors();
  const access = (request) => (doors.lets(request.headers.get("cookie")) ? { allow } : null);
  const handle = toNodeHandler(createHandler({ access, client, dashboard: true, onEvent: told }));
  const server = createServer((request, response) => {
    // A name of another site's may lead here.
    if (!isOwn(request.headers.host, server.address().port)) return refuse(response, 403, "This is served to this machine alone, by its own address.");
    const [path, query] = request.url.split("?");
    if (path === "/open") return doors.open(new URLSearchParams(query).get("key"), response);
    return handle(request, response);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  const link = `${url}/open?key=${doors.key}`;
  process.stdout.write(`${what} is at ${url}${allow === "read" ? ", read-only" : ""}.\nOpen it once by ${link}\nPress Ctrl+C to stop.\n`);
  if (opens) openInBrowser(link);
}

/** A link that opens once, and the session of whoever came by it. */
class Doors {
  key = secret();
  #session = secret();
  #isOpen = true;

  open(key, response) {
    if (!this.#isOpen || !same(key ?? "", this.key)) return refuse(response, 403, "This link was used already, or is another one: start the command again.");
    this.#isOpen = false;
    response.writeHead(303, { location: "/", "set-cookie": `${COOKIE}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`, "cache-control": "no-store", "referrer-policy": "no-referrer" }).end();
  }

  lets(cookies) {
    const given = new RegExp(`(?:^|; )${COOKIE}=([^;]*)`).exec(cookies ?? "")?.[1] ?? "";
    return same(given, this.#session);
  }
}

const secret = () => randomBytes(24).toString("base64url");

function same(one, other) {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}

const isOwn = (host, port) => [`127.0.0.1:${port}`, `localhost:${port}`].includes(host);

function refuse(response, status, text) {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" }).end(`${text}\n`);
}

function told({ type, operation, status, error }) {
  if (type === "failed") process.stderr.write(`${operation ?? "request"}: ${status}: ${error.message}\n`);
}
