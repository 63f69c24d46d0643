/** `node import.mjs [MODULE]` imports a module, or nothing, and tells the CPU time of its whole process. */
import { writeSync } from "node:fs";

process.once("exit", () => {
  const { user, system } = process.cpuUsage();
  writeSync(1, `${JSON.stringify({ ms: (user + system) / 1000 })}\n`);
});
const [module] = process.argv.slice(2);
if (module) await import(module);
process.exit();
