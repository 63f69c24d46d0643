import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { folder, ScheduledClient } from "../support/package.mjs";

const cli = join(folder, "dist/cli.js");

/** Starts a command, and gives it with what it has printed once that fits. */
async function start(t, options, wanted) {
  const child = spawn(process.execPath, [cli, ...options], { env: { ...process.env, HATCHET_CLIENT_TOKEN: "" } });
  t.after(() => child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  while (!wanted.test(output)) await Promise.race([once(child.stdout, "data"), once(child, "exit").then(() => assert.fail(output))]);
  return { child, output };
}

async function serve(t, ...options) {
  const { child, output } = await start(t, ["serve", "--port", "0", ...options], /\n/);
  const { url, token, tenantId } = JSON.parse(output);
  return { child, url, tenantId, client: new ScheduledClient({ token }) };
}

test("demo is a dashboard over believable runs, which needs no token", async (t) => {
  const { output } = await start(t, ["demo", "--no-open", "--seed", "50"], /Ctrl\+C/);
  const [, link, url] = /Open it once by ((http:\S+)\/open\?\S+)/.exec(output);
  assert.equal((await fetch(url)).status, 401);
  const entered = await fetch(link, { redirect: "manual" });
  const headers = { cookie: entered.headers.get("set-cookie").split(";")[0], origin: url };
  assert.match(await (await fetch(url, { headers })).text(), /<scheduled-runs/);
  const { rows } = await (await fetch(`${url}/api/v1/tenants/t/workflows/scheduled?limit=100`, { headers })).json();
  assert.ok(rows.length > 10, `${rows.length} runs`);
});

test("serve tells its address, token and tenant in one line, and answers every client", async (t) => {
  const { url, tenantId, client } = await serve(t, "--workflow", "mine", "--workflow", "yours");
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.match(tenantId, /^[0-9a-f-]{36}$/);
  for (const name of ["mine", "yours", "simple"]) await client.create(name, { triggerAt: { in: "1h" } });
  assert.equal((await client.list()).rows.length, 3);
});

test("what serve keeps in a file is there again, with its tokens, however it ended; and the file is its owner's alone", async (t) => {
  const place = mkdtempSync(join(tmpdir(), "hatchet-cli-"));
  t.after(() => rmSync(place, { recursive: true }));
  const file = join(place, "hatchet.json");
  const first = await serve(t, "--data", file, "--workflow", "mine");
  const run = await first.client.create("mine", { triggerAt: { in: "1h" }, input: { text: "ü" } });
  first.child.kill("SIGTERM");
  assert.equal((await once(first.child, "exit"))[0], 0);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const port = new URL(first.url).port;
  const second = await start(t, ["serve", "--port", port, "--data", file], /\n/);
  assert.equal(JSON.parse(second.output).tenantId, first.tenantId);
  assert.deepEqual((await first.client.get(run)).input, { text: "ü" });
  const late = await first.client.create("mine", { triggerAt: { in: "2h" } });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  second.child.kill("SIGKILL");
  await once(second.child, "exit");
  await start(t, ["serve", "--port", port, "--data", file], /\n/);
  assert.equal((await first.client.get(late)).metadata.id, late.metadata.id);
  assert.deepEqual(readdirSync(place), ["hatchet.json"]);
});
