/** The command `cargo xtask bench`. */
import { HELP, readOptions } from "./options.mjs";
import { measureCanned, measureLive } from "./session.mjs";
import { cellsOf, circumstances, columns, headline, markdown, remarks } from "./table.mjs";

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return HELP;
  const { live, quick, packages } = options;
  const machine = circumstances();
  const results = await (live ? measureLive : measureCanned)(options);
  if (options.json) return `${JSON.stringify({ ...machine, live, quick, results }, null, 2)}\n`;
  const table = (options.markdown ? markdown : columns)(cellsOf(results, packages));
  return `${[headline(machine), table, ...remarks(results)].join("\n\n")}\n`;
}

try {
  process.stdout.write(await main());
} catch (error) {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
}
