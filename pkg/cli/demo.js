import { EmbeddedHatchet } from "hatchet-scheduled/testing";
import { serveDashboard } from "./serving.js";
import { countOf, portOf, readOptions } from "./usage.js";

/** An embedded Hatchet with believable runs, and the dashboard over it. */
export async function demo(given) {
  const options = readOptions(given, { port: { type: "string", default: "0" }, seed: { type: "string", default: "500" }, "no-open": { type: "boolean" } });
  if (!options) return;
  const [port, seed] = [portOf(options), countOf(options, "seed")];
  const hatchet = await EmbeddedHatchet.start({ seed });
  await serveDashboard({ client: hatchet.client(), port, allow: "write", opens: !options["no-open"], what: "The dashboard, over a Hatchet in this process," });
}
