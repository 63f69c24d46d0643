import assert from "node:assert/strict";
import { test } from "node:test";

import { ADDRESS, createHandler } from "../server/support.mjs";
import { openHost, rowsOf } from "./support.mjs";

const triggerAt = "2031-01-01T00:00:00Z";
const options = { dashboard: true };

for (const path of ["/api/scheduled", "/api/scheduled/", "/api/deep/in/an/app"]) {
  test(`a handler at ${path} serves the dashboard there, under its own strict policy`, async (t) => {
    const { page, problems, asked, server, go } = await openHost(t, { body: "", options });
    const { ids: [first] } = await server.insertRuns({ count: 3, workflow: "simple", triggerAt, spacingMs: 60_000 });
    const response = await go(path);
    assert.match(response.headers()["content-security-policy"], /script-src 'self' 'wasm-unsafe-eval';/);
    assert.doesNotMatch(response.headers()["content-security-policy"], /unsafe-inline|'unsafe-eval'|\*/);
    await rowsOf(page).nth(2).click();
    assert.equal(new URL(page.url()).pathname, path.replace(/\/?$/, "/"));
    assert.match(page.url(), /run=/, "the open run stands in the address");
    await page.reload();
    await page.locator("dialog.detail").waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Schedule a run" }).click();
    await page.getByRole("dialog").getByLabel("Workflow").waitFor();
    assert.ok(first);
    assert.ok(asked.some((request) => request.endsWith("/access")));
    assert.deepEqual(problems, []);
  });
}

test("whoever is not let in gets no page, and a handler without a dashboard has none", async () => {
  const get = (handler, path, headers) => handler(new Request(ADDRESS + path, { headers }));
  const closed = createHandler({ access: () => null, client: { token: "t" }, dashboard: true });
  for (const path of ["/", "/dashboard.js", "/dashboard.css"]) assert.equal((await get(closed, path)).status, 401, path);
  const without = createHandler({ access: () => ({ allow: "read" }), client: { token: "t" } });
  for (const path of ["/", "/dashboard.js"]) assert.equal((await get(without, path)).status, 404, path);
  const open = createHandler({ access: () => ({ allow: "read" }), client: { token: "t" }, dashboard: true });
  assert.equal((await get(open, "", { accept: "text/html" })).headers.get("location"), "./scheduled/");
  const elsewhere = await open(new Request(`${ADDRESS}/https:evil.example`, { headers: { accept: "text/html" } }));
  assert.equal(new URL(elsewhere.headers.get("location"), ADDRESS).origin, new URL(ADDRESS).origin, "no address leads to another site");
  assert.equal((await get(open, "", { accept: "application/json" })).status, 404);
  assert.equal((await open(new Request(`${ADDRESS}/`, { method: "POST" }))).status, 404);
});
