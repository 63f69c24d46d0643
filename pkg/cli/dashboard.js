import { ScheduledClient } from "hatchet-scheduled";
import { serveDashboard } from "./serving.js";
import { portOf, readOptions } from "./usage.js";

/** The dashboard over a Hatchet. */
export async function dashboard(given) {
  const options = readOptions(given, { port: { type: "string", default: "0" }, "read-only": { type: "boolean" }, "no-open": { type: "boolean" } });
  if (!options) return;
  const port = portOf(options);
  const client = new ScheduledClient();
  // Says what is wrong with the token before a browser does.
  await client.list({ limit: 1 });
  await serveDashboard({ client, port, allow: options["read-only"] ? "read" : "write", opens: !options["no-open"], what: "The dashboard" });
}
