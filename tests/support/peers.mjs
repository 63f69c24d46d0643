/** The entries of the package under test that have peers, with the peers of these tests. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { folder, repository } from "./package.mjs";

/** A folder that the package is installed in beside its peers, as it expects them. */
export const beside = mkdtempSync(join(repository, "tests/.peers-"));
process.on("exit", () => rmSync(beside, { recursive: true, force: true }));
cpSync(folder, join(beside, "node_modules/hatchet-scheduled"), { recursive: true, filter: (path) => !path.includes("node_modules/hatchet-scheduled/node_modules") });

/** `hatchet-scheduled/NAME`. */
export const importWithPeers = (name) => import(pathToFileURL(join(beside, "node_modules/hatchet-scheduled/dist", `${name}.js`)));
