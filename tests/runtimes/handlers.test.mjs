// The handler that keeps the token on a server, in every server, as tests/examples/servers and the README have it; called by a
// client without a token.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { deadAddress } from "../support/server.mjs";
import { calls, HELD } from "./calls.mjs";
import { CELLS } from "./cells.mjs";
import { folderWithTools, tools } from "./folders.mjs";
import { atEnd, server, testCells } from "./group.mjs";
import { run, said, start } from "./processes.mjs";
import * as hatchet from "../support/package.mjs";
import { inBrowsers } from "./visit.mjs";
import { worker } from "./worker.mjs";

const examples = join(dirname(fileURLToPath(import.meta.url)), "../examples/servers");
const FILES = Object.fromEntries(readdirSync(examples).map((name) => [name, readFileSync(join(examples, name), "utf8")]));
const session = FILES["session.js"];
const env = { HATCHET_CLIENT_TOKEN: server.token, NEXT_TELEMETRY_DISABLED: "1", CI: "1" };
const binary = (name) => join(tools, "node_modules/.bin", name);

/** Calls the handler at an address, as a page there does whose user has signed in. */
const call = (url, options) =>
  calls(hatchet, { serverUrl: `${url}/api/scheduled`, token: null, headers: { cookie: "session=ada", origin: url }, ...options }, HELD);

/** Serves an example by a program that says where it listens. */
async function serve(t, files, program, options) {
  const cwd = folderWithTools({ ...FILES, ...files });
  const app = start(program, options, { cwd, env });
  t.after(() => app.stop());
  const [, port] = await said(app, /(?:listening on |http:\/\/127\.0\.0\.1:|Local:\s+http:\/\/\S+?:)(\d+)/i);
  return call(`http://127.0.0.1:${port}`);
}

const module = '{ "private": true, "type": "module" }';
const script = (file, program = process.execPath, options = []) => (t) => serve(t, { "package.json": module }, program, [...options, file]);

const NEXT = {
  "next.config.mjs": `export default { turbopack: { root: ${JSON.stringify(tools)} } };\n`,
  "app/layout.js": `export default ({ children }) => <html lang="en"><body>{children}</body></html>;\n`,
  "app/page.js": 'import { App } from "./hooks.jsx";\nexport default () => <main><App /></main>;\n',
  "app/hooks.jsx": readFileSync(join(tools, "hooks.jsx"), "utf8"),
  "app/api/scheduled/[...path]/session.js": session,
  "app/api/scheduled/[...path]/route.js": FILES["next.js"],
};

const SVELTEKIT = {
  "package.json": module,
  "vite.config.js":
    'import adapter from "@sveltejs/adapter-node";\nimport { sveltekit } from "@sveltejs/kit/vite";\nexport default { plugins: [sveltekit({ adapter: adapter(), paths: { origin: process.env.ORIGIN } })] };\n',
  "src/app.html": "<!doctype html><html lang=\"en\"><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>",
  "src/routes/api/scheduled/[...path]/session.js": session,
  "src/routes/api/scheduled/[...path]/+server.js": FILES["sveltekit.js"],
};

async function serveNext() {
  const cwd = folderWithTools(NEXT);
  const program = join(tools, "node_modules/next/dist/bin/next");
  await run(process.execPath, [program, "build"], { cwd, env, timeout: 240_000 });
  const app = start(process.execPath, [program, "start", "--port", "0", "--hostname", "127.0.0.1"], { cwd, env });
  atEnd(app.stop);
  const [, url] = await said(app, /Local:\s+(http:\S+)/);
  return url;
}

/** Its cells share an app: the first makes it. */
let serving;
const next = () => (serving ??= serveNext());

/** The page as it comes from the server, and as a browser brings it to life. */
async function hooks() {
  const url = await next();
  const html = await (await fetch(url)).text();
  if (!html.includes("<main><p>loading</p></main>")) throw new Error(`the server rendered ${html}`);
  return inBrowsers((inbox) => ({ address: `${url}/?inbox=${encodeURIComponent(inbox)}` }));
}

async function svelteKit(t) {
  const cwd = folderWithTools(SVELTEKIT);
  // It needs a newer Node than the package does.
  const program = join(tools, "node_modules/node24/bin/node");
  // It has to know where it will stand, to tell what other sites send.
  const origin = await deadAddress();
  const where = { cwd, env: { ...env, HOST: "127.0.0.1", PORT: new URL(origin).port, ORIGIN: origin }, timeout: 240_000 };
  await run(program, [join(tools, "node_modules/vite/bin/vite.js"), "build"], where);
  const app = start(program, ["build/index.js"], where);
  t.after(() => app.stop());
  await said(app, /Listening on/);
  return call(origin);
}

async function cloudflare(t) {
  const folder = folderWithTools({ "worker.js": FILES["worker.js"], "session.js": session });
  const miniflare = await worker(t, folder, { bindings: { HATCHET_CLIENT_TOKEN: server.token } });
  const { origin } = await miniflare.ready;
  return call(origin);
}

const [node, express, fastify, hono, nextJs, nextHooks, kit, workers, bun, deno] = CELLS.handlers.flatMap(([where, ways]) => ways.map((way) => `${where}, ${way}`));
testCells("handlers", {
  [node]: script("node.js"),
  [express]: script("express.js"),
  [fastify]: script("fastify.js"),
  [hono]: (t) => {
    const main = 'import { serve } from "@hono/node-server";\nimport { app } from "./hono.js";\nserve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => console.log(`listening on ${port}`));\n';
    return serve(t, { "package.json": module, "main.js": main }, process.execPath, ["main.js"]);
  },
  [nextJs]: async () => call(await next()),
  [nextHooks]: hooks,
  [kit]: svelteKit,
  [workers]: cloudflare,
  [bun]: script("bun.js", binary("bun")),
  [deno]: script("deno.js", binary("deno"), ["run", "--no-prompt", "--node-modules-dir=manual", "--allow-net", "--allow-env"]),
});
