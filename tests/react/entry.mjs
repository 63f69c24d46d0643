/** The entry under test, by its name, with the React of these tests. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { folder } from "../support/package.mjs";

// An installed package finds its peer beside it.
const beside = mkdtempSync(join(dirname(fileURLToPath(import.meta.url)), "../.react-"));
process.on("exit", () => rmSync(beside, { recursive: true, force: true }));
cpSync(folder, join(beside, "node_modules/hatchet-scheduled"), { recursive: true, filter: (path) => !path.includes("node_modules/hatchet-scheduled/node_modules") });

export const { ScheduledProvider, useScheduledActions, useScheduledClient, useScheduledRuns } = await import(
  pathToFileURL(join(beside, "node_modules/hatchet-scheduled/dist/react.js"))
);
