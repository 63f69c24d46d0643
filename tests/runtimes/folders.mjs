/** Folders that cells work in, gone when the tests end, however they do. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the tools are installed. */
export const tools = dirname(fileURLToPath(import.meta.url));

const installed = process.env.HATCHET_PACKAGE_DIR && resolve(process.env.HATCHET_PACKAGE_DIR);
if (!installed) throw new Error("HATCHET_PACKAGE_DIR is not set: run `cargo xtask test --only runtimes`");

const folders = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A folder outside the repository with these files and nothing else. */
export function emptyFolder(files = {}) {
  return filled(mkdtempSync(join(tmpdir(), "hatchet-runtimes-")), files);
}

/** Such a folder in which the packed package is installed. */
export function folderWithPackage(files) {
  return withPackage(emptyFolder(files));
}

/** Such a folder, in which the tools are found as well. */
export function folderWithTools(files) {
  return withPackage(filled(mkdtempSync(join(tools, "cell-")), files));
}

function withPackage(folder) {
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  cpSync(installed, join(folder, "node_modules/hatchet-scheduled"), { recursive: true });
  return folder;
}

function filled(folder, files) {
  folders.push(folder);
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), contents);
  }
  return folder;
}
