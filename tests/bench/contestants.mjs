/** Who is measured, and how each is started. */
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { converse } from "./processes.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const moduleOf = (name) => new URL(`contestants/${name}.mjs`, import.meta.url).href;

/** The program of a file in `programs`. */
export const programOf = (name) => join(here, "programs", `${name}.mjs`);

/** The module of an unpacked npm package. */
export const entryOf = (folder) => pathToFileURL(resolve(folder, "dist/index.js")).href;

/**
 * Those of a server: plain fetch, each package, and the official clients that are installed. Each has a `name`, `open()`, which
 * starts its process, and `peer` where it is not needed for a ratio.
 */
export function contestantsOf({ server, tenant, token }, packages, peers) {
  const settings = { server, tenant, token };
  const env = { HATCHET_CLIENT_TOKEN: token };
  const inNode = (module, entry) => async () => {
    const agent = converse(process.execPath, [programOf("agent"), moduleOf(module)], { env });
    await agent.ask({ ...settings, entry });
    return agent;
  };
  const inPython = async () => converse(peers.python, [join(here, "contestants/python.py")], { env });
  return [
    { name: "plain", open: inNode("plain") },
    ...packages.map(({ name, folder }) => ({ name, open: inNode("package", entryOf(folder)) })),
    ...(peers.typescript ? [{ name: "typescript", peer: true, open: inNode("typescript", peers.typescript) }] : []),
    ...(peers.python ? [{ name: "python", peer: true, open: inPython }] : []),
  ];
}
