// An extension as a browser loads it, without a bundler: the package lies in its folder.
import assert from "node:assert/strict";
import { test } from "node:test";

import { imported, sent } from "./calls.mjs";
import { CELLS } from "./cells.mjs";
import { folderWithPackage } from "./folders.mjs";
import { server, testCells } from "./group.mjs";
import { inBrowsers } from "./visit.mjs";

const MODULE = "/node_modules/hatchet-scheduled/dist/index.js";
const POLICY = "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'";

/** Loads an extension whose service worker is `worker`, and gives what it sends. */
function loaded(worker, files, policy = POLICY) {
  return inBrowsers((inbox) => {
    const folder = folderWithPackage({
      "manifest.json": JSON.stringify({
        manifest_version: 3,
        name: "Calls",
        version: "1.0",
        background: { service_worker: "worker.js", type: "module" },
        content_security_policy: { extension_pages: policy },
        // Requests to these need no leave of the server.
        host_permissions: [`${server.url}/*`, `${new URL(inbox).origin}/*`],
      }),
      "worker.js": worker(inbox),
      ...files?.(inbox),
    });
    return { address: "about:blank", flags: [`--disable-extensions-except=${folder}`, `--load-extension=${folder}`] };
  }, ["Chromium"]);
}

const calling = (inbox) => imported(MODULE) + sent(server.token, inbox);

const [[where, [worker, page]]] = CELLS.extensions;
testCells("extensions", {
  [`${where}, ${worker}`]: () => loaded(calling),
  [`${where}, ${page}`]: () =>
    loaded(() => 'chrome.tabs.create({ url: "page.html" });\n', (inbox) => ({
      "page.html": '<!doctype html><script type="module" src="page.js"></script>',
      "page.js": calling(inbox),
    })),
});

test("an extension whose policy forbids WebAssembly is told what to allow", { timeout: 120_000 }, async () => {
  const worker = (inbox) => `import { ScheduledClient } from ${JSON.stringify(MODULE)};
    const listed = new ScheduledClient({ token: ${JSON.stringify(server.token)} }).list().then(() => "it worked", String);
    listed.then((told) => fetch(${JSON.stringify(inbox)}, { method: "POST", body: JSON.stringify({ told }) }));\n`;
  const { told } = await loaded(worker, undefined, "script-src 'self'; object-src 'self'");
  assert.match(told, /^HatchetError: The client's WebAssembly could not be loaded: .*'wasm-unsafe-eval' in script-src/s);
});
