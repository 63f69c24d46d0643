import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

/** The tarball under test, as `cargo xtask pack` made it. */
export const tarball = required("HATCHET_PACKAGE_TGZ");

/** A folder outside the repository in which nothing but the tarball is installed, gone when the tests are over. */
export function install() {
  const folder = mkdtempSync(join(tmpdir(), "hatchet-scheduled-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", "--loglevel=error", tarball], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, npm_config_cache: join(folder, ".npm") },
  });
  return folder;
}

/** The files of the tarball, unpacked into a folder that is gone when the tests are over. */
export function unpack() {
  const folder = mkdtempSync(join(tmpdir(), "hatchet-scheduled-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  execFileSync("tar", ["-xzf", tarball, "-C", folder]);
  return join(folder, "package");
}

/** Runs a script in a folder and gives what it printed as JSON; throws, with all it wrote, when it fails. */
export function runJson(folder, name, source, options = []) {
  mkdirSync(join(folder, "scripts"), { recursive: true });
  const script = join(folder, "scripts", name);
  writeFileSync(script, source);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(HATCHET|NODE)_/.test(name)));
  return JSON.parse(execFileSync("node", [...options, script], { cwd: folder, encoding: "utf8", env }));
}

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run \`cargo xtask test --only package\``);
  return value;
}
