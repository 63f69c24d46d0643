// An app of each framework, built and served as in production: what it does in a page, and on a server.
import { existsSync, readFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";

import { deadAddress } from "../support/server.mjs";
import { serveSite } from "../support/site.mjs";
import { ANGULAR, ASTRO, env, NUXT, REACT_ROUTER, SVELTEKIT } from "./apps.mjs";
import { CELLS } from "./cells.mjs";
import { emptyFolder, folderWithTools, tools } from "./folders.mjs";
import { atEnd, server, testCells } from "./group.mjs";
import { run, start } from "./processes.mjs";
import { inBrowsers } from "./visit.mjs";

// They need a newer Node than the package does.
const node = join(tools, "node_modules/node24/bin/node");
const installed = (path) => join(tools, "node_modules", path);

/** Builds an app and serves it; gives its address, and the folder that it was built in. */
async function serve({ files, build: [program, ...options], folder, server: serving }) {
  const cwd = folderWithTools(files(server.token));
  await run(node, [installed(program), ...options], { cwd, env, timeout: 240_000 });
  return { cwd, url: await (folder ? serveFolder(join(cwd, folder)) : serveApp(cwd, serving)) };
}

/** Serves a copy of what was built. */
async function serveFolder(folder) {
  const copy = emptyFolder();
  await cp(folder, copy, { recursive: true });
  const { origin, close } = await serveSite({ folders: { "/": copy } });
  atEnd(close);
  return origin;
}

async function serveApp(cwd, [program, ...options]) {
  const url = await deadAddress();
  const where = { cwd, env: { ...env, HOST: "127.0.0.1", PORT: new URL(url).port, NODE_ENV: "production" } };
  const app = start(node, [existsSync(join(cwd, program)) ? program : installed(program), ...options], where);
  atEnd(app.stop);
  const over = new AbortController();
  app.ended.then(() => over.abort());
  while (!(await fetch(url, { signal: over.signal }).catch(() => over.signal.throwIfAborted()))) await new Promise((resolve) => setTimeout(resolve, 100));
  return url;
}

/** How an app's page, and its server, are asked for what the calls give; the first cell has the app made. */
function cellsOf(app) {
  let serving;
  const served = () => (serving ??= serve(app));
  return {
    page: async () => {
      const { url } = await served();
      return inBrowsers((inbox) => ({ address: `${url}/?inbox=${encodeURIComponent(inbox)}` }));
    },
    server: async () => {
      const response = await fetch(`${(await served()).url}/server`);
      const text = await response.text();
      return response.ok ? JSON.parse(text) : { failed: text };
    },
    built: async () => {
      const html = readFileSync(join((await served()).cwd, app.folder, "index.html"), "utf8");
      return JSON.parse(atob(html.match(/<pre>([^<]*)<\/pre>/)[1]));
    },
  };
}

const [astro, kit, nuxt, reactRouter, angular] = [ASTRO, SVELTEKIT, NUXT, REACT_ROUTER, ANGULAR].map(cellsOf);
const [astroPage, astroBuilt, kitPage, kitServer, nuxtPage, nuxtServer, routerPage, routerServer, angularPage] = CELLS.frameworks.flatMap(
  ([where, ways]) => ways.map((way) => `${where}, ${way}`),
);
testCells("frameworks", {
  [astroPage]: astro.page,
  [astroBuilt]: astro.built,
  [kitPage]: kit.page,
  [kitServer]: kit.server,
  [nuxtPage]: nuxt.page,
  [nuxtServer]: nuxt.server,
  [routerPage]: reactRouter.page,
  [routerServer]: reactRouter.server,
  [angularPage]: angular.page,
});
