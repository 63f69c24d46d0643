/** Programs that cells run: all that they write is kept, and they end with the cell, with what they started. */
import { spawn } from "node:child_process";
import { once } from "node:events";

const running = new Set();
const kill = ({ pid }) => {
  // There is none where the program could not be started.
  if (!pid) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
};
process.on("exit", () => running.forEach(kill));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

/** Starts a program. Gives its `child`, all `output()` so far, `ended` with code or signal, and `stop()`. */
export function start(program, options, { cwd, env } = {}) {
  const child = spawn(program, options, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, to end the processes that it starts as well.
    detached: true,
  });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const ended = once(child, "close").then(([code, signal]) => signal ?? code);
  ended.catch(() => {}).finally(() => running.delete(child));
  return {
    child,
    ended,
    output: () => output,
    async stop() {
      kill(child);
      await ended.catch(() => {});
    },
  };
}

/** Runs a program to its end and gives what it wrote to stdout; throws, with all it wrote, when it fails or hangs. */
export async function run(program, options, { timeout = 90_000, ...where } = {}) {
  const { child, ended, output } = start(program, options, where);
  let stdout = "";
  child.stdout.on("data", (text) => (stdout += text));
  const timer = setTimeout(() => kill(child), timeout);
  const result = await ended.finally(() => clearTimeout(timer));
  if (result !== 0) throw new Error(`${program} ${options.join(" ")} ended with ${result} within ${timeout} ms:\n${output()}`);
  return stdout;
}

/** What a program that prints JSON as its last line printed. */
export async function runJson(...command) {
  const stdout = await run(...command);
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1));
  } catch {
    throw new Error(`${command[0]} ${command[1].join(" ")} did not print JSON last:\n${stdout}`);
  }
}

/** Waits until a program's output matches, and gives the match; throws, with that output, when it ends or hangs instead. */
export function said({ child, ended, output }, pattern, timeout = 60_000) {
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`the program ${why} before it wrote ${pattern}:\n${output()}`));
    const timer = setTimeout(() => fail(`was silent for ${timeout} ms`), timeout);
    const look = () => {
      const match = output().match(pattern);
      if (!match) return;
      clearTimeout(timer);
      resolve(match);
    };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", look);
    ended.then((result) => fail(`ended with ${result}`), reject).finally(() => clearTimeout(timer));
    look();
  });
}
