import { parseArgs } from "node:util";

export const HELP = `npx hatchet-scheduled <command>

  dashboard          the dashboard over a Hatchet, on this machine alone, until Ctrl+C; the token stays in this process
    --port P           listen on this port (default: any free one)
    --read-only        offer nothing that changes something
    --no-open          do not open the browser

The server, the tenant and the token come from HATCHET_CLIENT_TOKEN and its like. For example:

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
