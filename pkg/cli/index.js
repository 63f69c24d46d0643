import { apply } from "./apply.js";
import { dashboard } from "./dashboard.js";
import { demo } from "./demo.js";
import { pause, unpause } from "./pauses.js";
import { create, get, list, move, remove, trigger, watch } from "./runs.js";
import { serve } from "./serve.js";
import { follow, runs } from "./started.js";
import { exportRuns, importRuns } from "./transfer.js";
import { readOptions, UsageError } from "./usage.js";

const COMMANDS = {
  demo, serve, dashboard, list, get, create, move, delete: remove, trigger, watch, follow, runs, pause, unpause,
  export: exportRuns, import: importRuns, apply,
};

const HELP = `npx hatchet-scheduled <command>

${Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(10)} ${about}`).join("\n")}

\`npx hatchet-scheduled <command> --help\` tells a command's options, with an example. All but demo and serve go by
HATCHET_CLIENT_TOKEN and its like. --json is for programs.

Exit codes: 0 done, 1 failed or not all done, 2 not understood, 3 no such run.
`;

async function main([name, ...given]) {
  if (name === undefined || name === "--help" || name === "-h") return process.stdout.write(HELP);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new UsageError(`unknown command ${JSON.stringify(name)}`);
  const options = readOptions(given, command);
  if (options && (await command.run(options)) === false) process.exitCode = 1;
}

/** What was wrong with what was typed, also where only the client saw it. */
const isUsage = (error) => error instanceof UsageError || error.code === "validation";

try {
  await main(process.argv.slice(2));
} catch (error) {
  // A message never holds the token; a cause might.
  process.stderr.write(`hatchet-scheduled: ${error.message}\n`);
  if (error instanceof UsageError) process.stderr.write(`\n${COMMANDS[process.argv[2]]?.help ?? HELP}`);
  const isUnset = error.path === "options.token";
  process.exitCode = isUnset ? 1 : isUsage(error) ? 2 : error.code === "not-found" ? 3 : 1;
}
