// `hatchet-scheduled/slim`: the WebAssembly as a file that the bundler gives an address, or that the runtime compiles.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import webpack from "webpack";

import { serveSite } from "../support/site.mjs";
import { packedBy, page, pageOf, parcelFor, viteBuild, viteDev } from "./bundle.mjs";
import { called, imported } from "./calls.mjs";
import { CELLS } from "./cells.mjs";
import { folderWithPackage, folderWithTools, tools } from "./folders.mjs";
import { server, testCells } from "./group.mjs";
import { inBrowsers } from "./visit.mjs";
import { worker } from "./worker.mjs";

const FILE = "hatchet-scheduled/hatchet_scheduled_bg.wasm";
const head = `import { initialize } from "hatchet-scheduled/slim";\n${imported("hatchet-scheduled/slim")}`;
const asAddress = `import wasm from "${FILE}?url";\n${head}initialize(wasm);\n`;
const asUrl = `${head}initialize(new URL("${FILE}", import.meta.url));\n`;
// It knows no exports unless it is told to.
const asPath = asUrl.replace(FILE, "npm:hatchet-scheduled/dist/hatchet_scheduled_bg.wasm");
const asModule = `import wasm from "${FILE}";\n${head}initialize(wasm);\n`;

const [[viteName], [webpackName], [parcelName], [workerd]] = CELLS.slim;
testCells("slim", {
  [`${viteName}, dev`]: viteDev(asAddress),
  [`${viteName}, build`]: page(viteBuild, { head: asAddress }),
  [`${webpackName}, web`]: page(packedBy(webpack, "web", "bundle.js"), { head: asUrl }),
  [`${parcelName}, browser`]: page(parcelFor("index.html"), { head: asPath }),
  [`${workerd}, a worker`]: async (t) => {
    const folder = folderWithPackage({ "worker.js": `${asModule}export default { fetch: async () => Response.json(await ${called(server.token)}) };` });
    const response = await (await worker(t, folder)).dispatchFetch("http://worker.invalid/");
    return response.ok ? response.json() : { failed: await response.text() };
  },
});

test("the README's example works in Vite, and its JavaScript is small", { timeout: 120_000 }, async (t) => {
  const readme = readFileSync(join(tools, "../../README.md"), "utf8");
  const [, example] = /^## The WebAssembly as a file$[^]*?```js\n([^]*?)```/m.exec(readme);
  const result = await inBrowsers(async (inbox) => {
    const folder = folderWithTools({
      "index.html": pageOf("/main.js"),
      "token.js": `sessionStorage.token = ${JSON.stringify(server.token)};\n`,
      "main.js": `import "./token.js";\n${example}\nfetch(${JSON.stringify(inbox)}, { method: "POST", body: JSON.stringify({ rows: Array.isArray(rows) && "ok" }) });\n`,
    });
    await viteBuild(folder);
    const assets = join(folder, "dist/assets");
    const sizes = Object.fromEntries(readdirSync(assets).map((name) => [name.match(/\w+$/)[0], readFileSync(join(assets, name)).length]));
    assert.ok(sizes.wasm > 300_000 && sizes.js < 60_000, JSON.stringify(sizes));
    const site = await serveSite({ folders: { "/": join(folder, "dist") }, types: { ".wasm": "application/wasm" } });
    t.after(site.close);
    return { address: site.origin, requests: site.requests };
  }, ["Chromium"]);
  assert.deepEqual(result, { rows: "ok" });
});
