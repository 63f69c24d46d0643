// Bundles the page into dist/: static files that any web server can host.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");
const TARGET = ["chrome123", "firefox124", "safari17.5"];
const PAGE = "src/main.ts";
const STYLE = "src/host.css";
/** What is fetched to show the page, gzipped and without the wasm. */
const BUDGET_KB = 58;

/** The styles of the shadow root travel in the script, as texts. */
const styleTexts = {
  name: "style-texts",
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/]style[\\/]\w+\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: TARGET });
      return { contents: code, loader: "text" };
    });
  },
};

const options = {
  absWorkingDir: root,
  entryPoints: { page: PAGE, style: STYLE },
  outdir: dist,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: TARGET,
  plugins: [styleTexts],
  minify: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
};

/** The package carries its wasm in a module of its own. */
const withoutWasm = {
  name: "without-wasm",
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/]wasm-bytes\.js$/ }, async ({ path }) => {
      const names = [...(await readFile(path, "utf8")).matchAll(/export (?:const|default) ?(\w*)/g)].map(([, name]) => name);
      return { contents: names.map((name) => (name ? `export const ${name} = "";` : 'export default "";')).join("\n") };
    });
  },
};

/** The outputs that an entry loads before anything is done on the page, itself first. */
function loadedBy({ outputs }, entry) {
  const start = Object.keys(outputs).find((path) => outputs[path].entryPoint === entry);
  if (!start) throw new Error(`The bundle of ${entry} is missing.`);
  const loaded = [start];
  for (const path of loaded) {
    for (const { path: next, kind } of outputs[path].imports) {
      if (kind === "import-statement" && !loaded.includes(next)) loaded.push(next);
    }
  }
  return loaded;
}

async function measure() {
  const { metafile, outputFiles } = await build({ ...options, write: false, plugins: [styleTexts, withoutWasm] });
  const initial = [...loadedBy(metafile, PAGE), ...loadedBy(metafile, STYLE)].map((path) => basename(path));
  return outputFiles
    .filter(({ path }) => initial.includes(basename(path)))
    .reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0) / 1024;
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const { metafile } = await build(options);
const [script, ...preloads] = loadedBy(metafile, PAGE).map((path) => basename(path));
const [style] = loadedBy(metafile, STYLE).map((path) => basename(path));
const html = await readFile(join(root, "src/index.html"), "utf8");
const links = preloads.map((name) => `<link rel="modulepreload" href="${name}">`).join("\n    ");
await writeFile(join(dist, "index.html"), html.replace("{style}", style).replace("{script}", script).replace("{preloads}", links));
await cp(join(root, "src/icon.svg"), join(dist, "icon.svg"));

const size = await measure();
console.log(`Built the dashboard: ${size.toFixed(1)} KB of JS and CSS gzipped, without the wasm (at most ${BUDGET_KB}).`);
if (size > BUDGET_KB) {
  console.error("The page has grown over its budget.");
  process.exitCode = 1;
}
