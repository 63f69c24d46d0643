// `hatchet-scheduled/slim`: the client whose WebAssembly the app brings along.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { fakeFetch, ID, TOKEN } from "../support/fake.mjs";
import * as hatchet from "../support/package.mjs";
import { serveSite } from "../support/site.mjs";

const { folder, importAgain, importEntry } = hatchet;
const path = join(folder, "dist/hatchet_scheduled_bg.wasm");
const bytes = readFileSync(path);
const EMPTY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const response = (body, type, status = 200) => new Response(body, { status, headers: type ? { "content-type": type } : {} });

/** The entry afresh, and whether a call of its client works: its error where not. */
async function slim() {
  const entry = await importAgain("slim.js");
  const client = new entry.ScheduledClient({ token: TOKEN, fetch: fakeFetch() });
  return { ...entry, call: () => client.get(ID).then(({ metadata }) => metadata.id, (error) => error) };
}

const site = (t, texts, types) => serveSite({ texts, types }).then((site) => (t.after(site.close), site));

test("it has all that the main entry has, of the same classes, and `initialize`", async () => {
  const { initialize, ...rest } = await importEntry("slim");
  const main = await importEntry("index");
  assert.equal(typeof initialize, "function");
  assert.deepEqual(Object.keys(rest).sort(), Object.keys(main).sort());
  for (const [name, value] of Object.entries(rest)) assert.equal(value, main[name], name);
});

test("a call before `initialize` is refused with the way out, and one after it works", async () => {
  const { initialize, call, HatchetError } = await slim();
  const error = await call();
  assert.ok(error instanceof HatchetError);
  assert.equal(error.code, "load");
  assert.match(error.message, /^The client has no WebAssembly yet: call `initialize` of hatchet-scheduled\/slim before the first call\.$/);
  assert.equal(await initialize(bytes), undefined);
  assert.equal(await call(), ID);
});

const SOURCES = {
  "a file's URL": () => pathToFileURL(path),
  "a file's address": () => pathToFileURL(path).href,
  "a URL": (origin) => new URL("/a.wasm", origin),
  "an address": (origin) => `${origin}/a.wasm`,
  "a promise of a response": (origin) => fetch(`${origin}/a.wasm`),
  "a response": () => response(bytes, "application/wasm"),
  "a response of another type": () => response(bytes, "application/octet-stream"),
  "a response with parameters in its type": () => response(bytes, "Application/Wasm; charset=utf-8"),
  "a response without a type": () => response(bytes),
  "a blob": () => new Blob([bytes]),
  "an ArrayBuffer": () => new Uint8Array(bytes).buffer,
  "a view": () => new DataView(new Uint8Array(bytes).buffer),
  "a module": () => new WebAssembly.Module(bytes),
  "a promise of a module": () => WebAssembly.compile(bytes),
};
for (const [name, source] of Object.entries(SOURCES)) {
  test(`the WebAssembly may be ${name}, and calls need not wait for it themselves`, async (t) => {
    const { origin } = await site(t, { "/a.wasm": bytes }, { ".wasm": "application/wasm" });
    const { initialize, call } = await slim();
    const initialized = initialize(source(origin));
    assert.equal(await call(), ID);
    await initialized;
  });
}

/** The file as an older version of the package had it. */
const old = Buffer.from(bytes);
old.write("0.0.9", old.lastIndexOf("hatchet-scheduled") + "hatchet-scheduled".length);

const USED = response(bytes);
await USED.arrayBuffer();

const REFUSED = {
  "an error of the server": [() => response("", "text/html", 404), /: the Response has status 404\.$/],
  "a page": [() => response("<!doctype html>", "text/html"), /: the Response \(text\/html\) is no WebAssembly\.$/],
  "a response that was read": [() => USED, /: the Response was read before: give `initialize` a new one\.$/],
  "a request that failed": [() => Promise.reject(new TypeError("no network")), /: it cannot be had \(no network\)\.$/],
  "other WebAssembly": [() => EMPTY, /: it is of something else, and the code of .*: serve the file of the same installation\.$/],
  "that of another version": [() => old, /: it is of hatchet-scheduled 0\.0\.9 [0-9a-f]{8}, and the code of \S+ [0-9a-f]{8}: serve/],
  "what is none": [() => Uint8Array.of(1, 2, 3), /could not be loaded: WebAssembly\.compile\(\)/],
};
for (const [name, [source, message]] of Object.entries(REFUSED)) {
  test(`${name} is refused, by the calls that waited too, and another may be given then`, async () => {
    const { initialize, call, HatchetError } = await slim();
    const [told, waited] = await Promise.all([initialize(source()).catch((error) => error), call()]);
    for (const error of [told, waited]) {
      assert.ok(error instanceof HatchetError, String(error));
      assert.equal(error.code, "load");
      assert.match(error.message, message);
    }
    await initialize(bytes);
    assert.equal(await call(), ID);
  });
}

test("what cannot be the WebAssembly is refused as an argument", async () => {
  const { initialize, ValidationError } = await slim();
  for (const source of [undefined, null, 5, {}, { default: new WebAssembly.Module(bytes) }, () => bytes]) {
    const error = await initialize(source).catch((error) => error);
    assert.ok(error instanceof ValidationError, String(error));
    assert.equal(error.path, "source");
    assert.match(error.message, /^initialize: source: must be the package's WebAssembly: its address, a Response/);
  }
});

test("an address that failed is asked again by the next call", async (t) => {
  const texts = {};
  const { origin, requests } = await site(t, texts, {});
  const { initialize, call } = await slim();
  await assert.rejects(initialize(`${origin}/a.wasm`), /a\.wasm has status 404/);
  texts["/a.wasm"] = bytes;
  assert.equal(await call(), ID);
  assert.deepEqual(requests, ["/a.wasm: 404", "/a.wasm: 200"]);
});

test("the first that succeeds counts", async (t) => {
  const { origin, requests } = await site(t, { "/a.wasm": bytes }, {});
  const { initialize, call } = await slim();
  await Promise.all([initialize(`${origin}/a.wasm`), initialize(EMPTY)]);
  await initialize(EMPTY);
  assert.equal(await call(), ID);
  assert.deepEqual(requests, ["/a.wasm: 200"]);
});

test("after it broke, a fresh instance comes from the same compiled module", async (t) => {
  const { origin, requests } = await site(t, { "/a.wasm": bytes }, {});
  const { initialize, ScheduledClient } = await importAgain("slim.js");
  await initialize(`${origin}/a.wasm`);
  const client = new ScheduledClient({ token: TOKEN, fetch: fakeFetch() });
  await client.get(ID);
  const { now } = Date;
  try {
    Date.now = () => { throw new Error("the clock broke"); };
    await assert.rejects(client.update(ID, { triggerAt: { in: "1h" } }), { code: "internal-panic" });
  } finally {
    Date.now = now;
  }
  assert.equal((await client.get(ID)).metadata.id, ID);
  assert.deepEqual(requests, ["/a.wasm: 200"]);
});
