import assert from "node:assert/strict";
import { after, test } from "node:test";

import { openPage } from "./page.mjs";

const { page, seen, close } = await openPage({ api: "'self'" });
after(close);

test("the embedded Hatchet works in a page, under its policy", async () => {
  const result = await page.evaluate(async () => {
    const { EmbeddedHatchet } = await import("/package/dist/testing.js");
    const hatchet = await EmbeddedHatchet.start({ now: "2031-01-01T00:00:00Z" });
    const client = hatchet.client();
    await client.create("simple", { triggerAt: { in: "2h" }, input: { text: "grüße" } });
    await hatchet.advance("2h");
    const refused = await hatchet.listen().catch((error) => error.message);
    return { runs: hatchet.runs.map(({ input }) => input), left: (await client.list()).rows.length, refused };
  });
  assert.deepEqual(result, { runs: [{ text: "grüße" }], left: 0, refused: "listen: this runtime cannot listen; use fetch, or a client of the embedded Hatchet" });
  assert.deepEqual(seen.errors, []);
});
