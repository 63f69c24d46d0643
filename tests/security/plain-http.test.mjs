/** The warning that a token can be read on the way. */
import assert from "node:assert/strict";
import test from "node:test";

import { fakeFetch, ID, json, runOf, SECRET, TENANT, TOKEN, tokenOf } from "../support/fake.mjs";
import { importEntry, ScheduledClient } from "../support/package.mjs";
import { shown } from "./walk.mjs";

const PLAIN = "http://hatchet.example:8080";

/** What a client tells, and in which order it tells and sends. */
async function told(options, { calls = 2, intercept } = {}) {
  const order = [];
  const send = fakeFetch(() => json(runOf()));
  const fetch = (...given) => (order.push("sent"), send(...given));
  const onEvent = (event) => event.type === "warning" && order.push(event.warning);
  const client = new ScheduledClient({ token: TOKEN, fetch, onEvent, ...(intercept && { intercept }), ...options });
  for (let call = 0; call < calls; call++) await client.get(ID);
  return order;
}

test("it is told once per client, before the token is sent, and names the host without the token", async () => {
  for (const intercept of [undefined, (request, next) => next(request)]) {
    const [first, ...others] = await told({ serverUrl: PLAIN }, { calls: 3, intercept });
    assert.equal(first.code, "plain-http");
    assert.match(first.message, /http:\/\/hatchet\.example:8080 unencrypted.*https/);
    assert.deepEqual(shown(first, SECRET), []);
    assert.deepEqual(others, ["sent", "sent", "sent"]);
  }
  assert.equal((await told({ token: () => TOKEN, serverUrl: PLAIN }))[0].code, "plain-http");
  assert.equal((await told({ token: tokenOf({ sub: TENANT, server_url: "http://10.0.0.7" }) }))[0].code, "plain-http");
});

test("it is told by neither https, nor this machine, nor where there is no token", async () => {
  for (const serverUrl of ["https://hatchet.example", "http://localhost:8080", "http://127.0.0.1", "http://127.3.2.1:1", "http://[::1]:8080", "http://app.localhost"]) {
    assert.deepEqual(await told({ serverUrl }), ["sent", "sent"], serverUrl);
  }
  assert.deepEqual(await told({ token: null, serverUrl: `${PLAIN}/api` }), ["sent", "sent"]);
});

test("names that only look like this machine's are told of", async () => {
  for (const host of ["localhost.evil.example", "127.0.0.1.nip.io", "evillocalhost", "0.0.0.0", "[::2]", "192.168.0.2"]) {
    assert.equal((await told({ serverUrl: `http://${host}:8080` }))[0].code, "plain-http", host);
  }
});

test("where nobody listens, the console tells it, once; and nothing else", async (t) => {
  const warn = t.mock.method(console, "warn", () => {});
  for (const intercept of [undefined, (request, next) => next(request)]) {
    const client = new ScheduledClient({ token: TOKEN, serverUrl: PLAIN, fetch: fakeFetch(() => json(runOf({ triggerAt: new Date(Date.now() + 100).toISOString() }))), intercept });
    await client.get(ID);
    await client.create("greeter", { triggerAt: new Date(Date.now() + 200) }).catch(() => {});
    assert.equal(warn.mock.callCount(), 1);
    assert.match(warn.mock.calls[0].arguments.join(" "), /^hatchet-scheduled: the token goes to http:\/\/hatchet\.example:8080/);
    warn.mock.resetCalls();
  }
});

test("the embedded Hatchet of tests warns of nothing", async (t) => {
  const warn = t.mock.method(console, "warn", () => {});
  const { EmbeddedHatchet } = await importEntry("testing");
  const hatchet = await EmbeddedHatchet.start();
  await hatchet.client().list();
  assert.equal(warn.mock.callCount(), 0);
  await hatchet.stop();
});
