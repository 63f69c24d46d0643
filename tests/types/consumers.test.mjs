import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { unpackOfficial } from "./official.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const tsc = join(here, "../node_modules/.bin/tsc");

/** The strictest settings, and no library but the language's own. */
const STRICT = {
  target: "es2020",
  lib: ["es2020"],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  skipLibCheck: false,
  noEmit: true,
};

const consumers = [
  { name: "an ES module, node16", files: ["use.mts", "workflows.mts"], module: "node16" },
  { name: "a CommonJS module, node16", files: ["use.cts", "workflows.cts"], module: "node16" },
  { name: "an ES module, nodenext", files: ["use.mts", "workflows.mts"], module: "nodenext" },
  { name: "a CommonJS module, nodenext", files: ["use.cts", "workflows.cts"], module: "nodenext" },
  {
    name: "a bundler's module in a page",
    files: ["use.ts", "workflows.ts", "dom.ts"],
    module: "preserve",
    moduleResolution: "bundler",
    lib: ["esnext", "dom"],
  },
  {
    name: "a worker's module with loose optional properties",
    files: ["use.mts", "workflows.mts", "dom.mts"],
    module: "nodenext",
    lib: ["es2022", "webworker"],
    exactOptionalPropertyTypes: false,
  },
];

for (const { name, files, ...options } of consumers) {
  test(`${name}: what callers write compiles, and what they must not write does not`, () => compile(files, options));
}

test("a handler's options and what it answers compile as documented, in a server of any make", async () => {
  await compile(["server.mts"], { module: "nodenext", lib: ["es2022", "dom", "dom.iterable"] });
  await compile(["server.ts"], { module: "preserve", moduleResolution: "bundler", lib: ["esnext", "webworker"] });
});

test("the embedded Hatchet of a test compiles as documented", async () => {
  await compile(["testing.mts"], { module: "nodenext", lib: ["es2022", "dom"] });
  await compile(["testing.ts"], { module: "preserve", moduleResolution: "bundler", lib: ["esnext", "dom", "dom.iterable"] });
});

test("following a run, pausing, and a wanted set compile as documented", async () => {
  await compile(["after.mts"], { module: "nodenext", lib: ["es2022"] });
  await compile(["after.ts"], { module: "preserve", moduleResolution: "bundler", lib: ["esnext", "dom"] });
});

test("the entry without bytes compiles as documented, as a module and by `require`", async () => {
  await compile(["slim.mts"], { module: "nodenext" });
  await compile(["slim.cts"], { module: "nodenext", lib: ["es2022", "dom"] });
  await compile(["slim.ts"], { module: "preserve", moduleResolution: "bundler", lib: ["esnext", "dom"] });
});

test("the hooks for React compile as documented", async () => {
  const react = async (folder) => {
    for (const name of ["@types", "csstype"]) await symlink(join(here, "../node_modules", name), join(folder, "node_modules", name));
  };
  await compile(["react.ts"], { module: "preserve", moduleResolution: "bundler", lib: ["esnext", "dom"], preserveSymlinks: true }, react);
});

test("an interceptor and its tracing compile as documented", async () => {
  const peers = (folder) => symlink(join(here, "../node_modules/@opentelemetry"), join(folder, "node_modules/@opentelemetry"));
  await compile(["opentelemetry.mts"], { module: "nodenext", lib: ["es2022", "dom"], preserveSymlinks: true }, peers);
  await compile(["opentelemetry.ts"], { module: "preserve", moduleResolution: "bundler", lib: ["esnext", "dom"], preserveSymlinks: true }, peers);
});

test("a run of the official client's types is one of ours, and one of ours is one of theirs", async () => {
  await compile(["official.mts"], { module: "nodenext" }, unpackOfficial);
});

/** Compiles the files in a folder of their own, in which the packed package is installed. */
async function compile(files, options, prepare = async () => {}) {
  const folder = await mkdtemp(join(tmpdir(), "hatchet-types-"));
  try {
    await mkdir(join(folder, "node_modules"));
    await symlink(process.env.HATCHET_PACKAGE_DIR, join(folder, "node_modules/hatchet-scheduled"));
    for (const file of files) await copyFile(join(here, file.replace(/\.[mc]ts$/, ".ts")), join(folder, file));
    await prepare(folder);
    const compilerOptions = { ...STRICT, ...options };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
    await promisify(execFile)(tsc, ["--project", folder]).catch(({ stdout }) => assert.fail(stdout));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
