/** A worker of the official client: `node worker.mjs MODULE PREFIX`. Ends with its standard input. */
import { createRequire } from "node:module";

const [, , module, prefix] = process.argv;
const { Hatchet } = await import(module);
const { z } = createRequire(module)("zod");
const hatchet = Hatchet.init();
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const WORKFLOWS = {
  plain: { fn: () => ({ ok: true }) },
  typed: { inputValidator: z.object({ to: z.string() }), fn: () => ({ ok: true }) },
  fails: { retries: 0, fn: () => { throw new Error("no stamps left"); } },
  slow: { executionTimeout: "60s", fn: async () => { await wait(4_000); return { slept: true }; } },
  large: { executionTimeout: "5s", retries: 0, fn: () => ({ ok: true }) },
  pausable: { fn: () => ({ ok: true }) },
  urgent: { defaultPriority: 3, fn: () => ({ ok: true }) },
  once: {
    idempotency: { strategy: "ttl", expression: `'${prefix}:' + additional_metadata.idempotencyKey`, ttlMs: 3_600_000 },
    fn: () => ({ ok: true }),
  },
};
const names = Object.fromEntries(Object.keys(WORKFLOWS).map((what) => [what, `${prefix}-${what}`]));
const workflows = Object.entries(WORKFLOWS).map(([what, options]) => hatchet.task({ name: names[what], ...options }));
const worker = await hatchet.worker(prefix, { workflows, slots: 50 });
process.stdin.resume().once("end", async () => {
  await worker.stop();
  process.exit();
});
worker.start();
await wait(1_000);
console.log(`ready ${JSON.stringify(names)}`);
