/** The embedded Hatchet of the package, as the network sees it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import test, { after } from "node:test";

import { importEntry, ScheduledClient } from "../support/package.mjs";

const { EmbeddedHatchet } = await importEntry("testing");
const hatchet = await EmbeddedHatchet.start();
const { url } = await hatchet.listen();
after(() => hatchet.stop());

const path = `/api/v1/tenants/${hatchet.tenantId}/workflows/simple/scheduled`;
const headers = { authorization: `Bearer ${hatchet.token}`, "content-type": "application/json" };

/** The status and the body of an answer. */
async function ask(given, parts = []) {
  const sent = request(url, { path, method: "POST", ...given, headers: { ...headers, ...given.headers } });
  for (const part of parts) sent.write(part);
  sent.end();
  const [response] = await once(sent, "response");
  return { status: response.statusCode, headers: response.headers, text: (await response.toArray()).join("") };
}

test("it listens on loopback", () => assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/));

test("a foreign host is refused, and gets to read nothing", async () => {
  for (const host of ["evil.example", "evil.example:80", "127.0.0.1.nip.io", "localhost.evil.example", "evil@localhost", "localhost@evil.example", "0.0.0.0"]) {
    const { status, text, headers } = await ask({ headers: { host, origin: "http://evil.example" }, method: "GET" });
    assert.equal(status, 421, host);
    assert.ok(!text.includes(hatchet.token) && headers["access-control-allow-origin"] === undefined);
  }
  for (const host of ["localhost", "LOCALHOST:1", "app.localhost", "127.0.0.1:9", "[::1]:80"]) {
    assert.equal((await ask({ headers: { host } }, ['{"triggerAt":"2031-01-01T00:00:00Z"}'])).status, 200, host);
  }
});

test("a body beyond 16 MiB is refused, in one piece and in many, and the next one is taken", async () => {
  const mebibyte = Buffer.alloc(1024 * 1024, " ");
  const { status, text } = await ask({}, Array(17).fill(mebibyte));
  assert.equal(status, 413);
  assert.match(text, /16 MiB/);
  assert.equal((await ask({ headers: { "content-length": 17 * mebibyte.length } }, Array(17).fill(mebibyte))).status, 413);
  const client = new ScheduledClient({ token: hatchet.token, serverUrl: url });
  await client.bulkDelete({ all: true });
  const run = await client.create("simple", { triggerAt: "2031-01-01T00:00:00Z", input: { text: "x".repeat(1024 * 1024) } });
  assert.equal((await client.list()).rows[0].metadata.id, run.metadata.id);
});

test("a caller that goes away in the middle of its body changes nothing", async () => {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${hatchet.token}\r\ncontent-length: 100\r\n\r\n{`);
  await once(socket, "connect");
  socket.resetAndDestroy();
  await once(socket, "close");
  const client = new ScheduledClient({ token: hatchet.token, serverUrl: url });
  assert.ok(Array.isArray((await client.list()).rows));
});
