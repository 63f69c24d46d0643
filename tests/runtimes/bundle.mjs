/** What bundlers make of the package, run without the folder that it was made from. */
import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";

import { Parcel } from "@parcel/core";
import nodeResolve from "@rollup/plugin-node-resolve";
import { createRsbuild } from "@rsbuild/core";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import * as vite from "vite";

import { serveSite } from "../support/site.mjs";
import { imported, printed, sent } from "./calls.mjs";
import { emptyFolder, folderWithTools } from "./folders.mjs";
import { server } from "./group.mjs";
import { runJson } from "./processes.mjs";
import { inBrowsers } from "./visit.mjs";

export const pageOf = (script, type = "module") =>
  `<!doctype html><link rel="icon" href="data:,"><body><script type="${type}" src="${script}"></script>`;

/**
 * Bundles a page with `bundle(folder)`, which fills `dist`, and opens a copy of that in the browsers. Its script begins with
 * `head`, which brings the package in; `html` is used where the bundler makes none.
 */
export function page(bundle, { html = pageOf("/bundle.js", "text/javascript"), head = imported() } = {}) {
  return (t) =>
    inBrowsers(async (inbox) => {
      const folder = folderWithTools({ "index.html": pageOf("./main.js"), "main.js": head + sent(server.token, inbox) });
      const dist = await bundled(folder, bundle);
      const texts = existsSync(join(dist, "index.html")) ? {} : { "/index.html": html };
      const site = await serveSite({ texts, folders: { "/": dist } });
      t.after(site.close);
      return { address: site.origin, requests: site.requests };
    });
}

/** Bundles a script with `bundle(folder)`, and runs a copy of `dist/bundle.js` or `.cjs` where nothing is installed. */
export function script(bundle, name) {
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

/** Opens a page that Vite serves while it is worked on. */
export const viteDev = (head = imported()) => (t) =>
  inBrowsers(async (inbox) => {
    const root = folderWithTools({ "index.html": pageOf("/main.js"), "main.js": head + sent(server.token, inbox) });
    const dev = await vite.createServer({ ...quietly(root), server: { host: "127.0.0.1", port: 0, hmr: false } });
    t.after(() => dev.close());
    await dev.listen();
    return { address: dev.resolvedUrls.local[0] };
  });

function rsbuildOf(cwd, server) {
  const source = { entry: { index: "./main.js" } };
  return createRsbuild({ cwd, rsbuildConfig: { source, server, logLevel: "error", performance: { printFileSize: false } } });
}

export async function rsbuildDev(t) {
  return inBrowsers(async (inbox) => {
    const folder = folderWithTools({ "main.js": imported() + sent(server.token, inbox) });
    const dev = await rsbuildOf(folder, { host: "127.0.0.1", printUrls: false });
    const { urls, server: { close } } = await dev.startDevServer();
    t.after(close);
    return { address: urls[0] };
  });
}

export async function rsbuildBuild(folder) {
  const builder = await rsbuildOf(folder);
  const { close } = await builder.build();
  await close();
}

export function parcelFor(entry, target) {
  return async (folder) => {
    const builder = new Parcel({
      entries: join(folder, entry),
      defaultConfig: "@parcel/config-default",
      mode: "production",
      shouldDisableCache: true,
      cacheDir: join(folder, "cache"),
      targets: { bundle: { distDir: join(folder, "dist"), publicUrl: "/", sourceMap: false, ...target } },
    });
    await builder.run();
  };
}

export const viteBuild = (root) => vite.build(quietly(root, {}));
export const viteSsr = (root) => {
  const rolldownOptions = { output: { entryFileNames: "bundle.mjs" } };
  return vite.build({ ...quietly(root, { ssr: "main.js", rolldownOptions }), ssr: { noExternal: true } });
};

/** As webpack, and Rspack, which takes the same, bundle. */
export function packedBy(pack, target, filename) {
  return async (context) => {
    // What the package weighs is known, and webpack warns of it: any other warning is a failure.
    const output = { path: join(context, "dist"), filename };
    const compiler = pack({ context, target, output, mode: "production", entry: "./main.js", performance: false });
    const stats = await new Promise((resolve, reject) => compiler.run((error, stats) => (error ? reject(error) : resolve(stats))));
    await new Promise((resolve) => compiler.close(resolve));
    if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString("errors-warnings"));
  };
}

export function esbuildFor(options) {
  return (absWorkingDir) => esbuild.build({ absWorkingDir, entryPoints: ["main.js"], bundle: true, minify: true, logLevel: "silent", ...options });
}

export function rollupAs(format) {
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
