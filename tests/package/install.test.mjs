import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";

import { install, runJson } from "./installed.mjs";

const folder = install();

/** What the scripts share: a client that reaches no network, and counters of what WebAssembly is asked to do. */
const PREPARE = `
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { sub: "707d0855-80ab-4e1f-a156-f1c4546cbf52", server_url: "http://hatchet.invalid", exp: 4102444800 };
  const token = [part({ alg: "ES256" }), part(claims), "c2ln"].join(".");
  const requests = [];
  const fetch = async (url) => {
    requests.push(String(url));
    const body = JSON.stringify({ errors: [{ description: "scheduled workflow not found" }] });
    return new Response(Buffer.from(body), { status: 404, headers: { "content-type": "application/json" } });
  };
  // Node's own fetch is WebAssembly too: only what is done with the client's is counted, or refused.
  const started = { compile: 0, instantiate: 0, fetch: 0 };
  const refused = {};
  const ours = {
    compile: (bytes) => WebAssembly.Module.imports(new WebAssembly.Module(bytes)).some(({ module }) => module === NAME),
    instantiate: (module, imports) => NAME in imports,
  };
  const NAME = "./hatchet_scheduled_bg.js";
  for (const name of ["compile", "instantiate"]) {
    const real = WebAssembly[name];
    WebAssembly[name] = (...args) => {
      if (ours[name](...args)) {
        if (refused[name]) return Promise.reject(new Error(refused[name]));
        started[name]++;
      }
      return real.apply(WebAssembly, args);
    };
  }
  globalThis.fetch = () => (started.fetch++, Promise.reject(new Error("no network here")));
  const ask = (client) => client.get("5f0c1e0e-6a0a-4c25-9b6d-6a4b6f0f5a11").then(() => "answered", (error) => error.name);
`;
const REPORT = "console.log(JSON.stringify(result));";

function esm(name, source, options) {
  return runJson(folder, `${name}.mjs`, `const { ScheduledClient } = await import("hatchet-scheduled");\n${source}\n${REPORT}`, options);
}

test("import and require give a client that works, of the same class", () => {
  const result = runJson(
    folder,
    "same.mjs",
    `import { createRequire } from "node:module";
     import * as imported from "hatchet-scheduled";
     ${PREPARE}
     const required = createRequire(import.meta.url)("hatchet-scheduled");
     const result = {
       imported: Object.keys(imported),
       required: Object.keys(required),
       same: imported.ScheduledClient === required.ScheduledClient && imported.HatchetError === required.HatchetError,
       asked: await ask(new required.ScheduledClient({ token, fetch })),
     };
     ${REPORT}`,
    ["--no-warnings"],
  );
  assert.ok(result.imported.includes("ScheduledClient") && result.imported.includes("NotFoundError"));
  assert.deepEqual(result.required.filter((name) => name !== "__esModule"), result.imported);
  assert.equal(result.same, true);
  assert.equal(result.asked, "NotFoundError");
});

test("the CommonJS build works by itself, as Jest uses it, and Node finds its names", () => {
  const result = runJson(
    folder,
    "common.cjs",
    `${PREPARE}
     const path = require.resolve("hatchet-scheduled/package.json").replace("package.json", "dist/index.cjs");
     const { ScheduledClient } = require(path);
     (async () => {
       const names = Object.keys(await import(path));
       const result = { asked: await ask(new ScheduledClient({ token, fetch })), named: names.includes("ScheduledClient"), started };
       ${REPORT}
     })();`,
  );
  assert.deepEqual(result, { asked: "NotFoundError", named: true, started: { compile: 1, instantiate: 1, fetch: 0 } });
});

test("nothing is loaded by import or by the constructor, and calls share one load", () => {
  const result = runJson(
    folder,
    "lazy.mjs",
    `${PREPARE}
     const { ScheduledClient } = await import("hatchet-scheduled");
     const client = new ScheduledClient({ token, fetch });
     await new Promise((resolve) => setTimeout(resolve, 50));
     const before = { ...started, requests: requests.length };
     const other = new ScheduledClient({ token, fetch });
     const asked = await Promise.all([ask(client), ask(client), ask(other)]);
     asked.push(await ask(client));
     const result = { before, asked, after: started, requests: requests.length };
     ${REPORT}`,
  );
  assert.deepEqual(result, {
    before: { compile: 0, instantiate: 0, fetch: 0, requests: 0 },
    asked: Array(4).fill("NotFoundError"),
    after: { compile: 1, instantiate: 1, fetch: 0 },
    requests: 4,
  });
});

test("a load that failed is tried again by the next call", () => {
  const result = esm(
    "retry",
    `${PREPARE}
     const client = new ScheduledClient({ token, fetch });
     const tell = () => client.get("5f0c1e0e-6a0a-4c25-9b6d-6a4b6f0f5a11").then(() => "answered", (error) => error.message);
     refused.compile = "refused by policy";
     const first = await tell();
     delete refused.compile;
     refused.instantiate = "out of memory";
     const second = await tell();
     delete refused.instantiate;
     const result = { first, second, then: await ask(client), started };`,
  );
  assert.match(result.first, /refused by policy/);
  assert.match(result.second, /out of memory/);
  assert.equal(result.then, "NotFoundError");
  assert.deepEqual(result.started, { compile: 1, instantiate: 1, fetch: 0 }, "compiled once for both starts");
});

test("a runtime without Node's modules inflates by itself", () => {
  const result = esm("web", `process.getBuiltinModule = undefined; ${PREPARE} const result = await ask(new ScheduledClient({ token, fetch }));`);
  assert.equal(result, "NotFoundError");
});

test("a runtime that hides TextDecoder, as Jest's jsdom does, gets Node's", () => {
  // Node's own Response needs both when it is first used.
  const hide = 'new Response(""); delete globalThis.TextDecoder; delete globalThis.TextEncoder;';
  const result = esm("codecs", `${PREPARE} ${hide} const result = await ask(new ScheduledClient({ token, fetch }));`);
  assert.equal(result, "NotFoundError");
});

test("workers and edge functions get the entry that compiles nothing", () => {
  writeFileSync(
    join(folder, "wasm-imports.mjs"),
    `import { readFileSync } from "node:fs";
     import { register } from "node:module";
     const hooks = \`
       import { readFileSync } from "node:fs";
       export async function load(url, context, next) {
         if (!url.endsWith(".wasm?module")) return next(url, context);
         const bytes = readFileSync(new URL(url)).toString("base64");
         const source = "export default new WebAssembly.Module(Buffer.from('" + bytes + "', 'base64'));";
         return { format: "module", shortCircuit: true, source };
       }\`;
     register("data:text/javascript," + encodeURIComponent(hooks));`,
  );
  for (const condition of ["workerd", "edge-light"]) {
    const result = esm(
      condition,
      `${PREPARE}
       const entry = import.meta.resolve("hatchet-scheduled").split("/").at(-1);
       refused.compile = "forbidden here";
       const result = { entry, asked: await ask(new ScheduledClient({ token, fetch })) };`,
      [`--conditions=${condition}`, "--import", "./wasm-imports.mjs"],
    );
    assert.deepEqual(result, { entry: "edge.js", asked: "NotFoundError" }, condition);
  }
});
