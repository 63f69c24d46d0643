/** The embedded Hatchet for a file of tests. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

import { repository } from "./package.mjs";

export const program = process.env.HATCHET_EMBEDDED_BIN || join(repository, "target/debug/hatchet-embedded");

/**
 * Starts a server of its own, with test controls. Gives its `url`, `token`, `tenantId` and `pid`, the controls, and `stop()`;
 * `kill()` ends it in the middle of whatever it does. `options` are further arguments of the program, `port` 0 is any free one.
 */
export async function startServer(options = [], { port = 0 } = {}) {
  if (!existsSync(program)) {
    throw new Error(`${program} is not there: build it with \`cargo build -p hatchet-embedded\`, or set HATCHET_EMBEDDED_BIN`);
  }
  const child = spawn(program, ["--port", String(port), "--test-controls", ...options], { stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  const end = () => child.kill();
  process.once("exit", end);
  let log = "";
  child.stderr.on("data", (data) => (log += data));
  const gone = exited.then(([code, signal]) => {
    throw new Error(`the embedded server ended (${signal ?? code}) before it was ready:\n${log}`);
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, "line"), gone]);
  // The race is won: what comes of its loser is no failure.
  gone.catch(() => {});
  const ready = JSON.parse(line);

  const control = async (method, path, body) => {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }) };
    const response = await fetch(`${ready.url}/test/${path}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /test/${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };

  const ended = async (signal) => {
    process.off("exit", end);
    child.kill(signal);
    await exited;
  };

  return {
    ...ready,
    pid: child.pid,
    faults: (...rules) => control("POST", "faults", rules),
    clearFaults: () => control("DELETE", "faults"),
    requests: () => control("GET", "requests"),
    forgetRequests: () => control("DELETE", "requests"),
    clock: (change) => control("POST", "clock", change),
    insertRuns: (runs) => control("POST", "runs", runs),
    registerWorkflow: (workflow) => control("POST", "workflows", workflow),
    stop: () => ended("SIGTERM"),
    kill: () => ended("SIGKILL"),
  };
}

/** An address at which nothing answers. */
export async function deadAddress() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return `http://127.0.0.1:${port}`;
}
