import { dashboard } from "./dashboard.js";
import { demo } from "./demo.js";
import { serve } from "./serve.js";
import { HELP, UsageError } from "./usage.js";

const COMMANDS = { demo, serve, dashboard };

async function main([name, ...given]) {
  if (name === undefined || name === "--help" || name === "-h") return void process.stdout.write(HELP);
  if (!Object.hasOwn(COMMANDS, name)) throw new UsageError(`unknown command ${JSON.stringify(name)}`);
  await COMMANDS[name](given);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  // A message never holds the token; a cause might.
  process.stderr.write(`hatchet-scheduled: ${error.message}\n`);
  if (error instanceof UsageError) process.stderr.write(`\n${HELP}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
