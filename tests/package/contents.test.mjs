import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { inflateRawSync } from "node:zlib";

import { build } from "esbuild";

import { tarball, unpack } from "./installed.mjs";

const repository = join(dirname(fileURLToPath(import.meta.url)), "../..");
const folder = unpack();
const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
/** Those beside the main one. */
const entries = Object.keys(manifest.exports).flatMap((path) => /^\.\/(\w+)$/.exec(path)?.[1] ?? []);
const wasm = readFileSync(join(folder, "dist/hatchet_scheduled_bg.wasm"));

test("installed it takes no more than 2.5 MB", () => {
  const sizes = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => statSync(join(entry.parentPath, entry.name)).size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(total > 1_000_000 && total <= 2_500_000, `${total} bytes`);
});

test("the tarball holds exactly these files", () => {
  const files = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n").sort();
  const parts = files.filter((file) => /^package\/dist\/dashboard\/\w[\w.]*-[A-Z0-9]{8}\.js$/.test(file));
  assert.ok(parts.length > 2, "the dashboard loads its dialogs later");
  assert.deepEqual(files, [
    ...parts,
    "package/LICENSE",
    "package/README.md",
    ...entries.flatMap((name) => ["cjs", "d.cts", "d.ts", "js"].map((ending) => `package/dist/${name}.${ending}`)),
    ...entries.map((name) => `package/${name}/package.json`),
    "package/dist/cli.js",
    "package/dist/dashboard-page.js",
    "package/dist/edge.js",
    "package/dist/facade.cjs",
    "package/dist/facade.js",
    "package/dist/hatchet_embedded.wasm.deflate",
    "package/dist/hatchet_scheduled_bg.wasm",
    "package/dist/index.cjs",
    "package/dist/index.d.cts",
    "package/dist/index.d.ts",
    "package/dist/index.js",
    "package/dist/wasm-bytes.js",
    "package/package.json",
  ].sort());
});

test("the bytes inside the modules inflate to exactly the shipped wasm", async () => {
  const { default: base64 } = await import(pathToFileURL(join(folder, "dist/wasm-bytes.js")));
  assert.ok(inflateRawSync(Buffer.from(base64, "base64")).equals(wasm));
  assert.ok(readFileSync(join(folder, "dist/index.cjs"), "utf8").includes(base64), "index.cjs carries the same bytes");
  assert.ok(WebAssembly.validate(wasm));
});

test("nothing of the builder's machine is in the package", () => {
  const traces = [homedir(), ".cargo", repository, process.env.CARGO_HOME, process.env.CARGO_TARGET_DIR];
  for (const file of manifest.files.filter((name) => name !== "dist/dashboard")) {
    const bytes = readFileSync(join(folder, file));
    for (const trace of traces.filter(Boolean)) assert.equal(bytes.indexOf(trace), -1, `${file} contains ${trace}`);
  }
});

test("the wasm carries neither names nor producers", () => {
  const sections = WebAssembly.Module.customSections;
  const module = new WebAssembly.Module(wasm);
  for (const name of ["name", "producers", ".debug_info"]) assert.deepEqual(sections(module, name), [], name);
});

test("the loader knows the exports that the engine calls by itself", () => {
  const names = WebAssembly.Module.exports(new WebAssembly.Module(wasm)).map(({ name }) => name);
  assert.ok(names.some((name) => /^wasm_bindgen__convert__closures/.test(name)), "closures are exported");
  assert.deepEqual(names.filter((name) => !/^(memory$|__|wasm_bindgen__convert__closures|client_|cursor_|cancel_)/.test(name)), [], "guard.js must know them");
});

test("every export exists, and each has its types", () => {
  const { ".": root, ...others } = manifest.exports;
  for (const name of entries) {
    const types = (ending) => ({ types: `./dist/${name}.d.${ending.replace("js", "ts")}`, default: `./dist/${name}.${ending}` });
    // Who mixes `import` and `require` sees the classes of the main entry here, too.
    const shared = name === "slim" ? { "module-sync": types("js") } : {};
    assert.deepEqual(others[`./${name}`], { ...shared, import: types("js"), require: types("cjs") }, name);
    delete others[`./${name}`];
  }
  assert.deepEqual(Object.keys(root), ["workerd", "edge-light", "module-sync", "import", "require"]);
  for (const [condition, { types, default: file }] of Object.entries(root)) {
    for (const path of [types, file]) assert.ok(existsSync(join(folder, path)), `${condition}: ${path}`);
    assert.equal(types.endsWith(".d.cts"), file.endsWith(".cjs"), `${condition}: types of the same module system`);
  }
  for (const path of [...Object.values(others), manifest.main, manifest.module, manifest.types]) {
    assert.ok(existsSync(join(folder, path)), path);
  }
});

test("installing brings nothing else and runs nothing", () => {
  for (const field of ["dependencies", "optionalDependencies", "scripts"]) {
    assert.equal(manifest[field], undefined, field);
  }
  for (const peer of Object.keys(manifest.peerDependencies)) assert.equal(manifest.peerDependenciesMeta[peer].optional, true, peer);
  assert.deepEqual(manifest.sideEffects, ["./dist/dashboard.cjs", "./dist/dashboard.js"], "importing the dashboard makes its element known");
});

test("the entries import nothing but the wasm", () => {
  const imports = (file) =>
    [...readFileSync(join(folder, file), "utf8").matchAll(/(?:^|[;}])\s*(?:import|export)\b[^"'\n;]*\bfrom\s*["']([^"']+)["']/gm)].map((match) => match[1]);
  const unique = (file) => [...new Set(imports(file))].sort();
  assert.deepEqual(unique("dist/index.js"), ["./facade.js", "./wasm-bytes.js"]);
  assert.deepEqual(unique("dist/edge.js"), ["./facade.js", "./hatchet_scheduled_bg.wasm?module"]);
  assert.deepEqual(unique("dist/facade.js"), []);
  // With the slim entry no bytes come along by these either.
  for (const name of ["slim", "follow", "reconcile"]) assert.deepEqual(unique(`dist/${name}.js`), ["./facade.js"], name);
  for (const name of ["react", "opentelemetry"]) assert.ok(!unique(`dist/${name}.js`).includes("hatchet-scheduled"), name);
  const required = (file) => [...readFileSync(join(folder, file), "utf8").matchAll(/\brequire\(([^)]*)\)/g)].map(([, what]) => what);
  assert.deepEqual(required("dist/facade.cjs"), []);
  for (const file of ["dist/index.cjs", "dist/slim.cjs"]) assert.deepEqual([...new Set(required(file))], ['"./facade.cjs"'], file);
  for (const file of ["dist/index.js", "dist/index.cjs", "dist/edge.js", "dist/facade.js", "dist/facade.cjs", "dist/slim.js", "dist/slim.cjs"]) {
    assert.doesNotMatch(readFileSync(join(folder, file), "utf8"), /import\.meta|\bimport\(/, `${file}: bundlers rewrite these`);
  }
});

test("what knows no exports finds every entry by its folder", () => {
  for (const name of entries) {
    const { main, module, types, ...rest } = JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8"));
    assert.deepEqual(rest, {});
    const files = [main, module, types].map((path) => join(name, path));
    assert.deepEqual(files, ["cjs", "js", "d.ts"].map((ending) => join("dist", `${name}.${ending}`)));
  }
});

test("Node's globals are asked for as properties: some bundlers put a polyfill in the place of their names", () => {
  const modules = manifest.files.filter((file) => /^dist\/[\w-]+\.js$/.test(file) && !["dist/cli.js", "dist/dashboard-page.js", "dist/wasm-bytes.js"].includes(file));
  assert.ok(modules.includes("dist/facade.js"));
  for (const file of modules) {
    const code = readFileSync(join(folder, file), "utf8").replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
    // As a name of its own: neither a property nor a part of one.
    assert.doesNotMatch(code, /(?<![\w$.\-"'`])(?:Buffer|__dirname|__filename)\s*[.(]/, file);
  }
});

test("a bundle has the WebAssembly's bytes where it makes a client, and else not", async () => {
  const bundled = async (contents) => {
    const { outputFiles } = await build({ stdin: { contents, resolveDir: folder }, bundle: true, minify: true, format: "esm", write: false });
    return outputFiles[0].contents.length;
  };
  assert.ok((await bundled('import { ScheduledClient } from "hatchet-scheduled"; console.log(new ScheduledClient());')) > 240_000);
  for (const without of ['import { NotFoundError } from "hatchet-scheduled"; console.log(NotFoundError);',
    'import { follow } from "hatchet-scheduled/follow"; import { reconcile } from "hatchet-scheduled/reconcile"; import { initialize, ScheduledClient } from "hatchet-scheduled/slim"; console.log(follow, reconcile, initialize, new ScheduledClient());',
  ]) assert.ok((await bundled(without)) < 70_000, without);
});
