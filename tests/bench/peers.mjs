/** The official clients, installed into a folder when they are needed: this project does not depend on them. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { SPEC as TYPESCRIPT } from "../types/official.mjs";

const run = promisify(execFile);
const PYTHON = "hatchet-sdk==1.43.1";
const windows = process.platform === "win32";

const INSTALLERS = { typescript: installTypescript, python: installPython };

/** Installs the peers but those of `without`; gives the module, or the program, of each by its name. */
export async function installPeers(scratch, without) {
  const peers = {};
  for (const [name, install] of Object.entries(INSTALLERS)) {
    if (without.includes(name)) continue;
    try {
      peers[name] = await install(scratch);
    } catch (error) {
      const why = error.stderr?.trim() || error.message;
      throw new Error(`the official client for ${name} could not be installed; \`--without ${name}\` leaves it out:\n${why}`);
    }
  }
  return peers;
}

async function installTypescript(scratch) {
  const folder = join(scratch, named(TYPESCRIPT));
  await once(folder, async () => {
    await writeFile(join(folder, "package.json"), '{ "private": true }\n');
    const options = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", TYPESCRIPT];
    await run(windows ? "npm.cmd" : "npm", options, { cwd: folder, shell: windows });
  });
  return pathToFileURL(join(folder, "node_modules/@hatchet-dev/typescript-sdk/index.js")).href;
}

async function installPython(scratch) {
  const folder = join(scratch, named(PYTHON));
  const program = join(folder, windows ? "Scripts/python.exe" : "bin/python");
  await once(folder, async () => {
    await run(windows ? "python" : "python3", ["-m", "venv", folder]);
    await run(program, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PYTHON]);
  });
  return program;
}

const named = (spec) => spec.replace(/[^\w.-]+/g, "-");

/** Fills a folder, unless that was done to the end before. */
async function once(folder, fill) {
  const mark = join(folder, "installed");
  if (existsSync(mark)) return;
  console.error(`installing ${folder}`);
  await mkdir(folder, { recursive: true });
  await fill();
  await writeFile(mark, "");
}
