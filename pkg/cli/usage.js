import { parseArgs } from "node:util";

export const HELP = `npx hatchet-scheduled <command>

  demo               a Hatchet in this process, with believable runs, and the dashboard over it; gone with Ctrl+C
    --port P           listen on this port (default: any free one)
    --seed N           this many runs (default: 500)
    --no-open          do not open the browser

  serve              a Hatchet in this process, for other programs on this machine; its address and a token as a line of JSON
    --port P           listen on this port (default: 8080; 0 for any free one)
    --workflow NAME    register a workflow; may be repeated
    --seed N           start with this many believable runs, where there are none yet (default: 0)
    --data FILE        keep its data in this file, within a quarter of a second of each change

  dashboard          the dashboard over a Hatchet, on this machine alone, until Ctrl+C; the token stays in this process
    --port P           listen on this port (default: any free one)
    --read-only        offer nothing that changes something
    --no-open          do not open the browser

For dashboard, the server, the tenant and the token come from HATCHET_CLIENT_TOKEN and its like. For example:

  npx hatchet-scheduled demo
  npx hatchet-scheduled serve --workflow send-email --data hatchet.json
  HATCHET_CLIENT_TOKEN=… npx hatchet-scheduled dashboard --read-only

Exit codes: 0 done, 1 failed, 2 not understood.
`;

/** What was typed is not understood. */
export class UsageError extends Error {}

/** Reads a command's options; `undefined` where its help was asked for, and shown. */
export function readOptions(given, options) {
  let values;
  try {
    ({ values } = parseArgs({ args: given, options: { ...options, help: { type: "boolean", short: "h" } } }));
  } catch (error) {
    throw new UsageError(error.message);
  }
  if (!values.help) return values;
  process.stdout.write(HELP);
  return undefined;
}

/** The port that was asked for. */
export function portOf({ port }) {
  const number = Number(port);
  if (port.trim() === "" || !Number.isInteger(number) || number < 0 || number > 65_535) throw new UsageError(`--port: expected a number from 0 to 65535, got ${port}`);
  return number;
}

/** An option that counts. */
export function countOf(options, name) {
  const text = options[name];
  if (!/^\d{1,7}$/.test(text)) throw new UsageError(`--${name}: expected a whole number, got ${text}`);
  return Number(text);
}
