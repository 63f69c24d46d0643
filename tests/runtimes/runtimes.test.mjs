// The same calls in every runtime, from the installed package against the embedded server.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { build } from "esbuild";
import { Miniflare } from "miniflare";

import { startServer } from "../support/server.mjs";

const installed = resolve(process.env.HATCHET_PACKAGE_DIR ?? "");
const programs = join(dirname(fileURLToPath(import.meta.url)), "node_modules");
const server = await startServer();
const folder = mkdtempSync(join(dirname(installed), ".runtimes-"));
after(async () => {
  rmSync(folder, { recursive: true });
  await server.stop();
});

/** What every runtime is asked to do; `ScheduledClient` and `token` are in scope. */
const CALLS = `
  const client = new ScheduledClient({ token });
  const run = await client.create("simple", { triggerAt: { in: "1h" }, input: { text: "grüße 🌍" } });
  const read = await client.get(run);
  const { rows } = await client.list({ workflowName: "simple" });
  await client.delete(run);
  const gone = await client.get(run).catch((error) => error.name);
  const refused = await client.create("simple", { triggerAt: "2031-01-01T09:00" }).catch((error) => error.name);
  const result = { input: read.input, listed: rows.some((row) => row.metadata.id === run.metadata.id), gone, refused };
`;
const EXPECTED = { input: { text: "grüße 🌍" }, listed: true, gone: "NotFoundError", refused: "ValidationError" };

const token = JSON.stringify(server.token);
const esm = join(folder, "calls.mjs");
writeFileSync(
  esm,
  `import { ScheduledClient } from "hatchet-scheduled";\nconst token = ${token};\n${CALLS}\nconsole.log(JSON.stringify(result));`,
);
const cjs = join(folder, "calls.cjs");
writeFileSync(
  cjs,
  `const { ScheduledClient } = require("hatchet-scheduled");\nconst token = ${token};\n(async () => {${CALLS}\nconsole.log(JSON.stringify(result)); })();`,
);

const node22 = join(programs, "node22/bin/node");
const node24 = join(programs, "node24/bin/node");
const bun = join(programs, ".bin/bun");
const deno = join(programs, ".bin/deno");
const RUNS = {
  "this Node, ESM": [process.execPath, esm],
  "this Node, CommonJS": [process.execPath, cjs],
  "Node 22, ESM": [node22, esm],
  "Node 22, CommonJS": [node22, cjs],
  "Node 24, ESM": [node24, esm],
  "Node 24, CommonJS": [node24, cjs],
  "Bun, ESM": [bun, esm],
  "Bun, CommonJS": [bun, cjs],
  "Deno, with leave to reach the server and for nothing else": [
    deno,
    "run",
    "--no-prompt",
    "--node-modules-dir=manual",
    `--allow-net=${new URL(server.url).host}`,
    esm,
  ],
};

for (const [name, [program, ...options]] of Object.entries(RUNS)) {
  test(name, { timeout: 60_000 }, async () => {
    const { stdout } = await promisify(execFile)(program, options, { cwd: folder });
    assert.deepEqual(JSON.parse(stdout), EXPECTED);
  });
}

test("workerd", { timeout: 120_000 }, async (t) => {
  const WASM = "hatchet_scheduled_bg.wasm?module";
  const worker = `
    import { ScheduledClient } from "hatchet-scheduled";
    const token = ${token};
    export default { async fetch() { ${CALLS} return Response.json(result); } };`;
  const bundle = await build({
    stdin: { contents: worker, resolveDir: folder },
    bundle: true,
    write: false,
    format: "esm",
    conditions: ["workerd"],
    external: ["*.wasm?module"],
  });
  const miniflare = new Miniflare({
    compatibilityDate: "2026-01-01",
    modules: [
      { type: "ESModule", path: "worker.js", contents: bundle.outputFiles[0].text },
      { type: "CompiledWasm", path: WASM, contents: readFileSync(join(installed, "dist/hatchet_scheduled_bg.wasm")) },
    ],
  });
  t.after(() => miniflare.dispose());
  const response = await miniflare.dispatchFetch("http://worker.invalid/");
  const text = await response.text();
  assert.equal(response.status, 200, text);
  assert.deepEqual(JSON.parse(text), EXPECTED);
});
