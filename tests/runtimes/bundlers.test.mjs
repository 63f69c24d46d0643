// What bundlers make, run without the folder that it was made from.
import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";

import nodeResolve from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import * as vite from "vite";
import webpack from "webpack";

import { serveSite } from "../support/site.mjs";
import { imported, printed, sent } from "./calls.mjs";
import { CELLS } from "./cells.mjs";
import { emptyFolder, folderWithTools } from "./folders.mjs";
import { server, testCells } from "./group.mjs";
import { runJson } from "./processes.mjs";
import { inBrowsers } from "./visit.mjs";

const [[viteName], [webpackName], [esbuildName], [rollupName]] = CELLS.bundlers;

const pageOf = (script, type = "module") =>
  `<!doctype html><link rel="icon" href="data:,"><body><script type="${type}" src="${script}"></script>`;

/** Bundles a page with `bundle(folder)`, which fills `dist`, and opens a copy of that in the browsers. */
function page(bundle, html = pageOf("/bundle.js", "text/javascript")) {
  return (t) =>
    inBrowsers(async (inbox) => {
      const folder = folderWithTools({ "index.html": pageOf("/main.js"), "main.js": imported() + sent(server.token, inbox) });
      const dist = await bundled(folder, bundle);
      const texts = existsSync(join(dist, "index.html")) ? {} : { "/index.html": html };
      const site = await serveSite({ texts, folders: { "/": dist } });
      t.after(site.close);
      return { address: site.origin, requests: site.requests };
    });
}

/** Bundles a script with `bundle(folder)`, and runs a copy of `dist/bundle.js` or `.cjs` where nothing is installed. */
function script(bundle, name) {
  return async () => {
    const folder = folderWithTools({ "main.js": imported() + printed(server.token) });
    return runJson("node", [name], { cwd: await bundled(folder, bundle) });
  };
}

async function bundled(folder, bundle) {
  await bundle(folder);
  const dist = emptyFolder();
  await cp(join(folder, "dist"), dist, { recursive: true });
  return dist;
}

const quietly = (root, build) => ({ root, build, configFile: false, logLevel: "warn" });

async function viteDev(t) {
  return inBrowsers(async (inbox) => {
    const root = folderWithTools({ "index.html": pageOf("/main.js"), "main.js": imported() + sent(server.token, inbox) });
    const dev = await vite.createServer({ ...quietly(root), server: { host: "127.0.0.1", port: 0, hmr: false } });
    t.after(() => dev.close());
    await dev.listen();
    return { address: dev.resolvedUrls.local[0] };
  });
}

const viteBuild = (root) => vite.build(quietly(root, {}));
const viteSsr = (root) => {
  const rolldownOptions = { output: { entryFileNames: "bundle.mjs" } };
  return vite.build({ ...quietly(root, { ssr: "main.js", rolldownOptions }), ssr: { noExternal: true } });
};

function webpackFor(target, filename) {
  return async (context) => {
    // What the package weighs is known, and webpack warns of it: any other warning is a failure.
    const output = { path: join(context, "dist"), filename };
    const compiler = webpack({ context, target, output, mode: "production", entry: "./main.js", performance: false });
    const stats = await new Promise((resolve, reject) => compiler.run((error, stats) => (error ? reject(error) : resolve(stats))));
    await new Promise((resolve) => compiler.close(resolve));
    if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString("errors-warnings"));
  };
}

function esbuildFor(options) {
  return (absWorkingDir) => esbuild.build({ absWorkingDir, entryPoints: ["main.js"], bundle: true, minify: true, logLevel: "silent", ...options });
}

function rollupAs(format) {
  return async (folder) => {
    const bundle = await rollup({
      input: join(folder, "main.js"),
      plugins: [nodeResolve({ browser: true })],
      onwarn: (warning) => {
        throw new Error(warning.message);
      },
    });
    await bundle.write({ format, file: join(folder, "dist/bundle.js") });
    await bundle.close();
  };
}

testCells("bundlers", {
  [`${viteName}, dev`]: viteDev,
  [`${viteName}, build`]: page(viteBuild),
  [`${viteName}, SSR`]: script(viteSsr, "bundle.mjs"),
  [`${webpackName}, web`]: page(webpackFor("web", "bundle.js")),
  [`${webpackName}, node`]: script(webpackFor("node", "bundle.cjs"), "bundle.cjs"),
  [`${esbuildName}, browser`]: page(esbuildFor({ outfile: "dist/bundle.js" })),
  [`${esbuildName}, node`]: script(esbuildFor({ platform: "node", outfile: "dist/bundle.cjs" }), "bundle.cjs"),
  [`${rollupName}, es`]: page(rollupAs("es"), pageOf("/bundle.js")),
  [`${rollupName}, iife`]: page(rollupAs("iife")),
});
