import assert from "node:assert/strict";
import { test } from "node:test";

import { TOKEN } from "../support/fake.mjs";
import { openPage } from "./page.mjs";

test("a policy that forbids WebAssembly is told with the way out", async () => {
  const { page, close } = await openPage({ wasm: "" });
  try {
    const told = await page.evaluate(async (token) => {
      const error = await new hatchet.ScheduledClient({ token }).list().catch((error) => error);
      return { code: error.code, message: error.message, isHatchetError: error instanceof hatchet.HatchetError };
    }, TOKEN);
    assert.equal(told.code, "load");
    assert.equal(told.isHatchetError, true);
    assert.match(told.message, /'wasm-unsafe-eval'/);
  } finally {
    await close();
  }
});
