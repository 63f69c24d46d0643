// The package as it is in the tarball, without any tool, in pages and in workers.
import { createHash } from "node:crypto";
import { join } from "node:path";

import { serveSite } from "../support/site.mjs";
import { imported, sent } from "./calls.mjs";
import { CELLS } from "./cells.mjs";
import { elementCalls } from "./element.mjs";
import { folderWithPackage } from "./folders.mjs";
import { server, testCells } from "./group.mjs";
import { inBrowsers } from "./visit.mjs";

const MODULE = "/package/dist/index.js";
const importMap = JSON.stringify({ imports: { "hatchet-scheduled": MODULE, "hatchet-scheduled/dashboard": "/package/dist/dashboard.js" } });
const importMapHash = createHash("sha256").update(importMap).digest("base64");
const html = `<!doctype html><link rel="icon" href="data:,"><body>
  <script type="importmap">${importMap}</script>
  <script type="module" src="/main.js"></script>`;

/** Opens a page in one browser. `script` gives the texts of its scripts, and `headers` what they are served with. */
function opened(scripts, headers = () => ({})) {
  return (browser) => (t) =>
    inBrowsers(async (inbox) => {
      const site = await serveSite({
        texts: { "/index.html": html, ...scripts(inbox) },
        folders: { "/package/": join(folderWithPackage(), "node_modules/hatchet-scheduled") },
        headers: headers(inbox),
      });
      t.after(site.close);
      return { address: site.origin, requests: site.requests };
    }, [browser]);
}

const pageScript = (inbox) => ({ "/main.js": imported() + sent(server.token, inbox) });
// Import maps do not reach workers.
const workerScript = (inbox) => imported(MODULE) + sent(server.token, inbox);

const strictPolicy = (inbox) => ({
  "content-security-policy": [
    "default-src 'none'", `script-src 'self' 'sha256-${importMapHash}' 'wasm-unsafe-eval'`, "img-src data:",
    `connect-src ${server.url} ${inbox}`, "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'",
  ].join("; "),
});

const ways = {
  "a plain page with an import map": opened(pageScript),
  "a page with a strict policy": opened(pageScript, strictPolicy),
  "the dashboard's element": opened((inbox) => ({
    "/main.js": `import { ScheduledClient } from "hatchet-scheduled";
      import "hatchet-scheduled/dashboard";
      ${elementCalls}
      const result = await elementCalls(ScheduledClient, ${JSON.stringify(server.token)});
      await fetch(${JSON.stringify(inbox)}, { method: "POST", body: JSON.stringify(result) });`,
  })),
  "a dedicated worker": opened((inbox) => ({
    "/main.js": 'new Worker("/worker.js", { type: "module" });',
    "/worker.js": workerScript(inbox),
  })),
  "a module service worker": opened((inbox) => ({
    "/main.js": `
      await navigator.serviceWorker.register("/worker.js", { type: "module" });
      const { active } = await navigator.serviceWorker.ready;
      active.postMessage("begin");`,
    "/worker.js": `${imported(MODULE)}
      onmessage = (event) => event.waitUntil(${sent(server.token, inbox).trim().replace(/;$/, "")});`,
  })),
};

const cells = CELLS.browsers.flatMap(([browser, names]) => names.map((way) => [`${browser}, ${way}`, ways[way](browser)]));
testCells("browsers", Object.fromEntries(cells));
