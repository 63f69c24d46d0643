import { EmbeddedHatchet } from "hatchet-scheduled/testing";
import { serveDashboard } from "./serving.js";
import { countOf, portOf } from "./usage.js";

export const demo = {
  about: "a Hatchet in this process, with believable runs, and the dashboard over it",
  options: { port: { type: "string", default: "0" }, seed: { type: "string", default: "500" }, "no-open": { type: "boolean" } },
  help: `npx hatchet-scheduled demo [--port P] [--seed N] [--no-open]

Starts an embedded Hatchet with N runs (500), and the dashboard over it, in the browser. No account, no Docker, no database server;
gone with Ctrl+C. --port: any free one by default. --no-open only prints the link.

  npx hatchet-scheduled demo --seed 10000
`,
  async run(options) {
    const [port, seed] = [portOf(options), countOf(options, "seed")];
    const hatchet = await EmbeddedHatchet.start({ seed });
    await serveDashboard({ client: hatchet.client(), port, allow: "write", opens: !options["no-open"], what: "The dashboard, over a Hatchet in this process," });
  },
};
