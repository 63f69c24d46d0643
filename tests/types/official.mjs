import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export const SPEC = "@hatchet-dev/typescript-sdk@1.33.2";
const INTEGRITY = "sha512-OSLYGK8inrWfB3N9bepAcjpCZSFEYjpMPPp9f/iX9CD6V5XAl/O4FZoPblgUBN9MJj9k1/6XBGZJFLyZQiDHsA==";

/**
 * Puts the types that the official client generates from Hatchet's own API into `folder`/official. The tarball alone:
 * installed, it would bring eighty packages that nothing here needs.
 */
export async function unpackOfficial(folder) {
  const { stdout } = await run("npm", ["pack", SPEC, "--json"], { cwd: folder });
  const [{ filename, integrity }] = Object.values(JSON.parse(stdout));
  assert.equal(integrity, INTEGRITY);
  await run("tar", ["-xzf", filename], { cwd: folder });
  await rm(join(folder, filename));
}
