import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";

import { folder, ScheduledClient } from "../support/package.mjs";
import { startServer } from "../support/server.mjs";

const cli = join(folder, "dist/cli.js");
const server = await startServer();
after(() => server.stop());
const owner = new ScheduledClient({ token: server.token });

/** Starts the command; gives what it printed, its address and its link. */
async function start(t, ...options) {
  const child = spawn(process.execPath, [cli, "dashboard", "--no-open", ...options], { env: { ...process.env, HATCHET_CLIENT_TOKEN: server.token } });
  t.after(() => child.kill());
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  while (!output.includes("Ctrl+C")) await Promise.race([once(child.stdout, "data"), once(child, "exit").then(() => assert.fail(output))]);
  const [, link, url] = /Open it once by ((http:\S+)\/open\?\S+)/.exec(output);
  return { child, output: () => output, link, url };
}

async function signIn(link) {
  const response = await fetch(link, { redirect: "manual" });
  assert.equal(response.status, 303);
  return response.headers.get("set-cookie");
}

const call = (url, cookie, path, init = {}) => fetch(url + path, { ...init, headers: { cookie: cookie.split(";")[0], origin: url, ...init.headers } });
const WORKFLOWS = "/api/v1/tenants/t/workflows";
const body = JSON.stringify({ triggerAt: "2031-01-01T00:00:00Z" });
const post = { method: "POST", body, headers: { "content-type": "application/json" } };

test("the dashboard is served to whoever came by the link, once, and the token is not in it", async (t) => {
  const { output, link, url } = await start(t);
  assert.equal((await fetch(url)).status, 401);
  const cookie = await signIn(link);
  assert.match(cookie, /HttpOnly; SameSite=Strict/);
  assert.equal((await fetch(link, { redirect: "manual" })).status, 403, "the link is used");
  const page = await call(url, cookie, "/");
  assert.match(await page.text(), /<scheduled-runs/);
  const made = await call(url, cookie, `${WORKFLOWS}/simple/scheduled`, post);
  assert.equal(made.status, 200);
  await owner.delete((await made.json()).metadata.id);
  assert.ok(!output().includes(server.token));
});

test("read-only changes nothing", async (t) => {
  const { link, url } = await start(t, "--read-only");
  const cookie = await signIn(link);
  assert.equal((await call(url, cookie, `${WORKFLOWS}/scheduled`)).status, 200);
  assert.equal((await call(url, cookie, `${WORKFLOWS}/simple/scheduled`, post)).status, 403);
});

test("another site's name for this address, and another site's page, are refused", async (t) => {
  const { link, url } = await start(t);
  const cookie = await signIn(link);
  const status = await new Promise((resolve, reject) => {
    request(url, { headers: { host: "rebound.example", cookie: cookie.split(";")[0] } }, (response) => resolve(response.statusCode)).on("error", reject).end();
  });
  assert.equal(status, 403);
  await new Promise((resolve, reject) => request(`${url}/`, { path: "//" }, resolve).on("error", reject).end());
  assert.equal((await call(url, cookie, `${WORKFLOWS}/simple/scheduled`, { ...post, headers: { ...post.headers, origin: "https://evil.example" } })).status, 403);
  assert.deepEqual((await owner.list()).rows, []);
});

const run = promisify(execFile);
const failing = (options, env = {}) =>
  run(process.execPath, [cli, ...options], { env: { ...process.env, ...env } }).then(({ stdout }) => assert.fail(stdout), ({ code, stderr }) => ({ code, stderr }));

test("what is not understood is named, with the help", async () => {
  for (const [options, message] of [[["dashbord"], /unknown command "dashbord"/], [["dashboard", "--por", "1"], /--por/], [["dashboard", "--port", "x"], /--port: expected a number/]]) {
    const { code, stderr } = await failing(options, { HATCHET_CLIENT_TOKEN: server.token });
    assert.equal(code, 2);
    assert.match(stderr, message);
    assert.match(stderr, /npx hatchet-scheduled/);
  }
  for (const [options, told] of [[[], /^  dashboard /m], [["--help"], /^  dashboard /m], [["dashboard", "--help"], /--read-only/]]) {
    assert.match((await run(process.execPath, [cli, ...options])).stdout, told);
  }
});

test("a token that is missing or not taken is told at once, and never shown", async () => {
  const without = await failing(["dashboard", "--no-open"]);
  assert.deepEqual([without.code, /HATCHET_CLIENT_TOKEN/.test(without.stderr)], [1, true], without.stderr);
  const forged = `${server.token.slice(0, -6)}AAAAAA`;
  const { code, stderr } = await failing(["dashboard", "--no-open"], { HATCHET_CLIENT_TOKEN: forged });
  assert.equal(code, 1);
  assert.match(stderr, /403/);
  assert.ok(!stderr.includes(forged));
});
