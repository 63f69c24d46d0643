/** The package under test: the folder in HATCHET_PACKAGE_DIR, or the one that `cargo xtask build` fills. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const folder = resolve(process.env.HATCHET_PACKAGE_DIR || join(repository, "pkg"));

export const entry = join(folder, JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).module);
if (!existsSync(entry)) {
  throw new Error(`${entry} is not there: run \`cargo xtask build\`, or point HATCHET_PACKAGE_DIR at an unpacked package`);
}

// What is set on the developer's machine must not change what the tests see.
for (const name of ["TOKEN", "TENANT_ID", "SERVER_URL", "API_URL", "NAMESPACE"]) delete process.env[`HATCHET_CLIENT_${name}`];

/** Another entry of the package: `hatchet-scheduled/NAME`. */
export const importEntry = (name) => import(pathToFileURL(join(folder, `dist/${name}.js`)));

/** Imports an entry once more, with WebAssembly of its own, so that a test may break it. */
export async function importAgain(file = "index.js") {
  const copy = mkdtempSync(join(tmpdir(), "hatchet-again-"));
  try {
    writeFileSync(join(copy, "package.json"), '{ "type": "module" }');
    for (const file of ["index.js", "facade.js", "slim.js", "wasm-bytes.js"]) copyFileSync(join(dirname(entry), file), join(copy, file));
    return await import(pathToFileURL(join(copy, file)));
  } finally {
    rmSync(copy, { recursive: true });
  }
}

export const {
  ApiError,
  BadRequestError,
  BulkInterruptedError,
  ConnectionError,
  DecodeError,
  HatchetError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  ScheduledClient,
  ServerError,
  TimeoutError,
  ValidationError,
} = await import(pathToFileURL(entry));
