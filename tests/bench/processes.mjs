/** Programs that answer line by line, and end with this process at the latest: their stdin ends then. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/**
 * Starts a program. Gives `hear()`, the next line that it writes, as JSON; `ask(message)`, its answer; and `stop()`. When it ends
 * before it has answered, that is an error, with all it wrote to stderr.
 */
export function converse(program, options, { env = {} } = {}) {
  const child = spawn(program, options, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  // Writing to a program that has ended fails, which its end tells better.
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const closed = once(child, "close");
  closed.catch(() => {});

  async function hear() {
    const { value, done } = await lines.next();
    if (!done) return JSON.parse(value);
    const [code, signal] = await closed;
    throw new Error(`${[program, ...options].join(" ")} ended with ${signal ?? code}:\n${log}`);
  }

  return {
    hear,
    async ask(message) {
      child.stdin.write(`${JSON.stringify(message)}\n`);
      return hear();
    },
    async stop() {
      child.stdin.end();
      child.kill();
      await closed.catch(() => {});
    },
  };
}
