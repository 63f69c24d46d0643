import { ScheduledClient } from "hatchet-scheduled";
import { serveDashboard } from "./serving.js";
import { portOf } from "./usage.js";

export const dashboard = {
  about: "the dashboard over a Hatchet, on this machine alone",
  options: { port: { type: "string", default: "0" }, "read-only": { type: "boolean" }, "no-open": { type: "boolean" } },
  help: `npx hatchet-scheduled dashboard [--port P] [--read-only] [--no-open]

Serves the dashboard over your Hatchet until Ctrl+C, and opens it in the browser by a link that works once. The token stays in this
process. --port: any free one by default. --read-only offers nothing that changes something. --no-open only prints the link.

  HATCHET_CLIENT_TOKEN=… npx hatchet-scheduled dashboard --read-only
`,
  async run(options) {
    const port = portOf(options);
    const client = new ScheduledClient();
    // Says what is wrong with the token before a browser does.
    await client.list({ limit: 1 });
    await serveDashboard({ client, port, allow: options["read-only"] ? "read" : "write", opens: !options["no-open"], what: "The dashboard" });
  },
};
