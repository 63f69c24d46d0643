/** The command line. */
import { existsSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

export const HELP = `\
cargo xtask bench [OPTIONS]

Measures the npm package beside what one would write by hand with plain fetch and JSON.parse, and beside the official
clients, which it installs into the system's folder for temporary files. The server answers at once, from memory. Each
contestant has a process of its own, as has the server; they take turns in an order of chance. Figures are medians;
ratios are over plain fetch, medians of the ratios within a round, in brackets the quartiles. Takes about ten minutes.

  --only MEASURE     this measure alone, or those whose names begin so (\`list\`); may be repeated
  --quick            fewer rounds, of 20,000 runs at most: a look in a minute, not a result
  --package DIR      another unpacked package in place of the one that is built here; repeated, the first is \`ours\`
                     and the others have columns of their own
  --without PEER     without typescript, python (the official clients) or chromium; may be repeated
  --live             against the server of HATCHET_CLIENT_TOKEN, with marked runs that are deleted in the end; needs a
                     workflow to schedule: HATCHET_TEST_WORKFLOW, by default "simple"
  --markdown         the table for a page
  --json             for programs: an object with \`processor\`, \`cores\`, \`node\`, \`date\`, \`live\`, \`quick\` and \`results\`.
                     A result has \`name\`, \`title\`, \`unit\`, and \`by\`, which is ratio or difference; by contestant
                     \`figures\`, \`versus\` (what they are over plain fetch), both with \`median\`, \`lower\` and \`upper\`
                     quartile and \`samples\`, and \`requests\`, which one call makes; by package \`goals\`, each with
                     \`what\` (goal, stretch, ahead of the official clients), \`most\` and \`met\`
  --help             this

Ends with 0 also where a goal is not met, and with another code if something fails.
`;

export const PEERS = ["typescript", "python"];
const LEFT_OUT = [...PEERS, "chromium"];
const BUILT = fileURLToPath(new URL("../../pkg", import.meta.url));

/** Reads the options; throws for what makes no sense. The first of `packages` is `ours`; `scratch` is where peers go. */
export function readOptions(args) {
  const several = { type: "string", multiple: true, default: [] };
  const flag = { type: "boolean", default: false };
  const { values } = parseArgs({
    args,
    options: {
      ...{ only: several, package: several, without: several },
      ...{ quick: flag, live: flag, json: flag, markdown: flag, help: { ...flag, short: "h" } },
    },
  });
  const unknown = values.without.find((name) => !LEFT_OUT.includes(name));
  if (unknown !== undefined) throw new Error(`--without ${unknown}: there are ${LEFT_OUT.join(", ")}`);
  const { package: given, ...rest } = values;
  const packages = (given.length ? given : [BUILT]).map((folder, index) => ({ name: index ? folder : "ours", folder: resolve(folder) }));
  const missing = packages.find(({ folder }) => !existsSync(join(folder, "dist/index.js")));
  if (missing && !rest.help) throw new Error(`${missing.folder} has no dist/index.js: \`cargo xtask build\` makes it`);
  return { ...rest, packages, scratch: join(tmpdir(), `hatchet-scheduled-bench-${userInfo().username}`) };
}

/** The measures that `--only` names, by their whole name or by its beginning. */
export function chosen(measures, only) {
  if (only.length === 0) return measures;
  const picked = new Set();
  for (const name of only) {
    const exact = measures.filter((measure) => measure.name === name || measure.gives?.includes(name));
    const fitting = exact.length ? exact : measures.filter((measure) => measure.name.startsWith(`${name}-`));
    if (fitting.length === 0) throw new Error(`there is no measure ${name}: there are ${measures.map(({ name }) => name).join(", ")}`);
    for (const measure of fitting) picked.add(measure);
  }
  return measures.filter((measure) => picked.has(measure));
}
