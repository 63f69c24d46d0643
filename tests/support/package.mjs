/** The package under test: the folder in HATCHET_PACKAGE_DIR, or the one that `cargo xtask build` fills. */
import { existsSync, readFileSync } from "node:fs";
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

/** Imports the package once more, with WebAssembly of its own, so that a test may break it. */
export const importAgain = (name) => import(`${pathToFileURL(entry)}?${encodeURIComponent(name)}`);

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
