/**
 * A real Hatchet for a file of tests: the one of HATCHET_CLIENT_TOKEN. A worker of the official client registers workflows
 * under a name of their own; at the end they are deleted, with all scheduled runs of theirs. Runs that started stay in
 * Hatchet's history, as it cannot be told to forget them.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const settings = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("HATCHET_CLIENT_")));
const { importEntry, repository, ScheduledClient } = await import("../support/package.mjs");
const { installPeers } = await import("../bench/peers.mjs");
Object.assign(process.env, settings);

const token = settings.HATCHET_CLIENT_TOKEN?.trim();
if (!token) throw new Error("HATCHET_CLIENT_TOKEN is not set: the live suite needs a token of the server to play against");
export const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
export const serverUrl = (settings.HATCHET_CLIENT_SERVER_URL || settings.HATCHET_CLIENT_API_URL || claims.server_url).replace(/\/$/, "");
export const tenant = settings.HATCHET_CLIENT_TENANT_ID || claims.sub;
export { importEntry, token };

export const client = new ScheduledClient();
export const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
/** Years ahead: nothing that a test forgets fires. */
export const at = (seconds = 0) => new Date(Date.UTC(2099, 0, 1) + seconds * 1000).toISOString();
export const soon = async (seconds) => new Date((await client.serverTime()).epochMilliseconds + seconds * 1000).toISOString();

/** What `look` gives, as soon as it gives something. */
export async function eventually(what, look, seconds = 60) {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await wait(100)) {
    const found = await look();
    if (found) return found;
  }
  assert.fail(`within ${seconds} s not seen: ${what}`);
}

/** A call as no client of ours would make it: gives the status and the body. */
export async function raw(method, path, body, headers = { authorization: `Bearer ${token}` }) {
  const response = await fetch(serverUrl + path, {
    method,
    headers: { ...headers, "content-type": "application/json" },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) };
  } catch {
    return { status: response.status, body: text };
  }
}

export const scheduled = `/api/v1/tenants/${tenant}/workflows/scheduled`;
export const runsPath = `/api/v1/stable/tenants/${tenant}/workflow-runs`;

/** Runs that started with this in their metadata, the newest first. */
export const started = async (key, value) => {
  const { status, body } = await raw("GET", `${runsPath}?since=2020-01-01T00:00:00Z&only_tasks=false&additional_metadata=${key}:${value}`);
  assert.equal(status, 200);
  return body.rows;
};

/**
 * Starts a worker, and gives the names of its workflows by what they do, as `worker.mjs` lists them; a `mark` for the
 * metadata of a file's runs; `create`, which makes such a run by a raw request; and `stop`.
 */
export async function open() {
  const prefix = `hatchet-scheduled-live-${randomUUID().slice(0, 8)}`;
  const peers = await installPeers(join(repository, "target/xtask/bench"), ["python"]);
  const worker = spawn(process.execPath, [fileURLToPath(new URL("worker.mjs", import.meta.url)), peers.typescript, prefix], {
    stdio: ["pipe", "pipe", "pipe"],
    // The official client takes a broadcast address without TLS only where it is told to.
    env: { HATCHET_CLIENT_TLS_STRATEGY: serverUrl.startsWith("http:") ? "none" : "tls", ...process.env },
  });
  let said = "";
  worker.stderr.on("data", (data) => (said += data));
  const lines = createInterface({ input: worker.stdout });
  lines.on("line", (line) => (said += `${line}\n`));
  const names = await new Promise((resolve, reject) => {
    lines.on("line", (line) => line.startsWith("ready ") && resolve(JSON.parse(line.slice(6))));
    worker.once("exit", (code) => reject(new Error(`the worker ended (${code}):\n${said}`)));
    setTimeout(() => reject(new Error(`the worker was not ready within 60 s:\n${said}`)), 60_000).unref();
  });
  const workflows = await eventually("the worker's workflows", async () => {
    const found = await client.workflows({ name: prefix });
    return found.length === Object.keys(names).length && found;
  });
  // Registered is not yet listening: what is triggered sooner waits for up to half a minute.
  await wait(3_000);
  const mark = { hatchetScheduledTest: randomUUID() };
  const create = async (workflow, run) => {
    const { additionalMetadata, ...others } = run;
    const body = { triggerAt: at(), ...others, additionalMetadata: { ...mark, ...additionalMetadata } };
    const made = await raw("POST", `/api/v1/tenants/${tenant}/workflows/${workflow}/scheduled`, body);
    assert.equal(made.status, 200, JSON.stringify(made.body));
    return made.body;
  };
  const idOf = (name) => workflows.find((workflow) => workflow.name === name).metadata.id;
  return {
    names, mark, create, idOf,
    async stop() {
      const { errors } = await client.bulkDelete({ additionalMetadata: mark });
      assert.deepEqual(errors, []);
      assert.deepEqual((await client.list({ additionalMetadata: mark })).rows, []);
      const ended = once(worker, "exit");
      worker.stdin.end();
      await ended;
      for (const { metadata } of workflows) assert.equal((await raw("DELETE", `/api/v1/workflows/${metadata.id}`)).status, 204);
      assert.deepEqual(await client.workflows({ name: prefix }), [], "the tenant is left as it was found");
    },
  };
}
