/** Nothing that a caller passes on becomes a header, a path or an address of its own. */
import assert from "node:assert/strict";
import test from "node:test";

import { fakeFetch, ID, json, runOf, SECRET, TENANT, TOKEN, tokenOf } from "../support/fake.mjs";
import { ScheduledClient, ValidationError } from "../support/package.mjs";
import { shown } from "./walk.mjs";

const CONTROLS = [...Array(32).keys(), 127].map((code) => String.fromCharCode(code));
const LINES = ["\r\n", "\n", "\r"];

/** The error of a call for which nothing was sent. */
async function refused(options, call = (client) => client.get(ID)) {
  const fetch = fakeFetch(() => json(runOf()));
  const made = async () => call(new ScheduledClient({ token: TOKEN, fetch, ...options }));
  const error = await made().then(() => assert.fail(`accepted: ${JSON.stringify(options)}`), (error) => error);
  assert.equal(fetch.requests.length, 0);
  assert.deepEqual(shown(error, SECRET), []);
  return error;
}

test("a control character in a token is refused before anything is sent, however the token comes", async () => {
  for (const control of CONTROLS) {
    const token = `${TOKEN.slice(0, -3)}${control}x-injected: 1${TOKEN.slice(-3)}`;
    assert.match((await refused({ token })).message, /token/);
    await refused({ token: () => token });
  }
});

test("a control character in a header's name or value is refused with the header's name, for a client and for a call", async () => {
  for (const control of CONTROLS.filter((control) => control !== "\t")) {
    const value = { "x-team": `a${control}x-injected: 1` };
    for (const headers of [value, { [`x-team${control}`]: "a" }]) {
      assert.ok((await refused({ headers })) instanceof ValidationError);
      const error = await refused({}, (client) => client.get(ID, { headers }));
      assert.ok(error instanceof ValidationError);
      assert.match(`${error.path} ${error.message}`, /headers/);
    }
  }
});

test("the header of the token cannot be set beside it", async () => {
  for (const name of ["authorization", "Authorization", "AUTHORIZATION"]) {
    await refused({ headers: { [name]: "Bearer other" } });
    await refused({}, (client) => client.get(ID, { headers: { [name]: "Bearer other" } }));
  }
});

test("a workflow's name is one part of the path, or is refused, whatever it holds", async () => {
  const names = [...CONTROLS.map((control) => `a${control}b`), "../../../etc", "..", ".", "a/b", "a?b=c", "a#b", "a\\b", "%2e%2e", "a%0d%0ab", "//evil.example", "https://evil.example/", "a b", "é", "\u2028"];
  for (const name of names) {
    const fetch = fakeFetch(() => json(runOf({ workflowName: name })));
    const error = await new ScheduledClient({ token: TOKEN, fetch }).create(name, { triggerAt: "2031-01-01T00:00:00Z" }).then(() => undefined, (error) => error);
    if (fetch.requests.length === 0) {
      assert.ok(error instanceof ValidationError, `${JSON.stringify(name)}: ${error}`);
      continue;
    }
    for (const { url } of fetch.requests) {
      assert.match(url, /^[\x21-\x7e]+$/, JSON.stringify(name));
      const { origin, pathname, search, hash } = new URL(url);
      assert.deepEqual([origin, search, hash], ["https://hatchet.example", "", ""], JSON.stringify(name));
      const parts = pathname.split("/");
      assert.deepEqual([parts.slice(0, 6), parts.slice(7)], [["", "api", "v1", "tenants", TENANT, "workflows"], ["scheduled"]], url);
      assert.equal(decodeURIComponent(parts[6]), name);
    }
  }
});

test("an id is an id", async () => {
  for (const id of ["../x", `${ID}/../..`, `${ID}?a=b`, `${ID}#`, `${ID}\r\nx: y`, ""]) {
    for (const call of [(client) => client.get(id), (client) => client.delete(id), (client) => client.run(id), (client) => client.bulkDelete({ scheduledIds: [id] })]) {
      assert.ok((await refused({}, call)) instanceof ValidationError, JSON.stringify(id));
    }
  }
  for (const tenantId of ["../x", `${TENANT}/..`, `${TENANT}\r\n`.slice(0, -1) + "x"]) await refused({ tenantId });
});

test("metadata with line breaks stays in the body or, as a filter, in one part of the query", async () => {
  for (const line of LINES) {
    const text = `a${line}x-injected: 1&limit=5#`;
    const fetch = fakeFetch(({ method }) => json(method === "POST" ? runOf() : { rows: [], pagination: { current_page: 1, next_page: 1, num_pages: 1 } }));
    const client = new ScheduledClient({ token: TOKEN, fetch });
    await client.create("greeter", { triggerAt: "2031-01-01T00:00:00Z", additionalMetadata: { [text]: text } });
    await client.list({ additionalMetadata: { team: text } }).catch((error) => assert.ok(error instanceof ValidationError, String(error)));
    assert.deepEqual(fetch.requests[0].body.additionalMetadata, { [text]: text });
    for (const { url, headers } of fetch.requests) {
      assert.match(url, /^[\x21-\x7e]+$/);
      assert.deepEqual(new URL(url).searchParams.getAll("limit").filter((limit) => limit === "5"), []);
      assert.ok(!JSON.stringify(headers).includes("injected"));
    }
  }
});

const WRONG_ADDRESSES = [
  "https://user:pass@hatchet.example", "https://user@hatchet.example", "https://@hatchet.example", "https://hatchet.example@evil.example", "https://hatchet.example:443@evil.example",
  "https://hatchet.example\\@evil.example", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://hatchet.example", "ws://hatchet.example",
  "blob:https://hatchet.example/1", "about:blank", "hatchet.example", "https:hatchet.example", "https://", "https:///x", "https://hatchet.example?a=b", "https://hatchet.example#a",
  "https://hat chet.example", "https://hatchet.example\r\nx-injected: 1", "https://hatchet\n.example", "https://hatchet.example\t", "java\nscript:alert(1)",
];

test("an address with credentials, another scheme, a query or control characters is refused, wherever it comes from", async () => {
  for (const serverUrl of WRONG_ADDRESSES) {
    // What stands around an address is not of it.
    if (serverUrl.trim() !== serverUrl) continue;
    const error = await refused({ serverUrl });
    assert.ok(error instanceof ValidationError, `${serverUrl}: ${error}`);
    assert.match(error.path, /serverUrl/, serverUrl);
    assert.ok(!error.message.includes("pass@"), error.message);
    await refused({ token: tokenOf({ sub: TENANT, server_url: serverUrl }) });
    try {
      process.env.HATCHET_CLIENT_SERVER_URL = serverUrl;
      await refused({});
    } finally {
      delete process.env.HATCHET_CLIENT_SERVER_URL;
    }
  }
});
