// `hatchet-scheduled/slim` in a page, whose site serves the WebAssembly as a file.
import assert from "node:assert/strict";
import { test } from "node:test";

import { startServer } from "../support/server.mjs";
import { openPage } from "./page.mjs";

const FILE = "/package/dist/hatchet_scheduled_bg.wasm";
// What is streamed is counted.
const script = `import * as hatchet from "/package/dist/slim.js";
  const { compileStreaming } = WebAssembly;
  globalThis.streamed = 0;
  WebAssembly.compileStreaming = (...args) => (globalThis.streamed++, compileStreaming(...args));
  globalThis.hatchet = hatchet;`;

for (const [how, type, streamed] of [["is streamed", "application/wasm", 1], ["is compiled when it is there where its type is another", "application/octet-stream", 0]]) {
  test(`the file ${how}, and no other bytes come`, async (t) => {
    const server = await startServer();
    t.after(() => server.stop());
    const { page, origin, seen, close } = await openPage({ api: `'self' ${server.url}`, script, types: { ".wasm": type } });
    t.after(close);
    const result = await page.evaluate(async ([token, file]) => {
      hatchet.initialize(file);
      const client = new hatchet.ScheduledClient({ token });
      const run = await client.create("simple", { triggerAt: "2031-01-01T00:00:00Z" });
      return { triggerAt: run.triggerAt, streamed };
    }, [server.token, FILE]);
    assert.deepEqual(result, { triggerAt: "2031-01-01T00:00:00Z", streamed });
    const asked = seen.requests.filter((url) => url.startsWith(origin)).map((url) => url.slice(origin.length));
    assert.deepEqual(asked.sort(), ["/", "/package/dist/facade.js", FILE, "/package/dist/slim.js", "/page.js"]);
    assert.deepEqual(seen.errors, []);
  });
}

test("a policy that forbids WebAssembly is told with the way out", async (t) => {
  const { page, close } = await openPage({ api: "'self'", wasm: "", script, types: { ".wasm": "application/wasm" } });
  t.after(close);
  const told = await page.evaluate((file) => hatchet.initialize(file).catch(({ code, message }) => `${code}: ${message}`), FILE);
  assert.match(told, /^load: .*'wasm-unsafe-eval' in script-src/);
});
