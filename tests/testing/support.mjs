/** The entry under test. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { folder } from "../support/package.mjs";

export const { EmbeddedHatchet } = await import(pathToFileURL(join(folder, "dist/testing.js")));

export const NOW = "2031-01-01T00:00:00.000Z";

/** One whose clock stands still, stopped after the test. */
export async function still(t, options) {
  const hatchet = await EmbeddedHatchet.start({ now: NOW, ...options });
  t.after(() => hatchet.stop());
  return { hatchet, client: hatchet.client() };
}
