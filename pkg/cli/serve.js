import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

import { EmbeddedHatchet } from "hatchet-scheduled/testing";
import { countOf, portOf, UsageError } from "./usage.js";

/** How long a change may be without its place in the file. */
const SAVE_EVERY = 250;

export const serve = {
  about: "a Hatchet in this process, for other programs on this machine",
  options: {
    port: { type: "string", default: "8080" }, seed: { type: "string", default: "0" }, workflow: { type: "string", multiple: true, default: [] }, data: { type: "string" },
  },
  help: `npx hatchet-scheduled serve [--port P] [--workflow NAME]… [--seed N] [--data FILE]

Starts an embedded Hatchet on loopback (port 8080; 0 for any free one), and prints a line of JSON: its url, a token, the tenant.
--workflow registers a workflow. --seed starts with N believable runs. --data keeps all in FILE, within a quarter of a second of each
change; without it all is gone at the end.

  npx hatchet-scheduled serve --workflow send-email --data hatchet.json
`,
  async run(options) {
    const [port, seed] = [portOf(options), countOf(options, "seed")];
    const file = options.data === undefined ? undefined : new DataFile(options.data);
    const hatchet = await EmbeddedHatchet.start({ seed, workflows: options.workflow, snapshot: file?.read() });
    const { url } = await hatchet.listen({ port });
    file?.keep(hatchet);
    process.stdout.write(`${JSON.stringify({ url, token: hatchet.token, tenantId: hatchet.tenantId })}\n`);
    for (const signal of ["SIGINT", "SIGTERM"]) {
      process.once(signal, async () => {
        file?.save();
        await hatchet.stop();
        process.exit(0);
      });
    }
  },
};

/** Where the data is between two starts. */
class DataFile {
  #path;
  #hatchet;
  #saved;

  constructor(path) {
    this.#path = path;
  }

  read() {
    if (!existsSync(this.#path)) return undefined;
    try {
      return readFileSync(this.#path, "utf8");
    } catch (error) {
      throw new UsageError(`--data: ${error.message}`);
    }
  }

  keep(hatchet) {
    this.#hatchet = hatchet;
    this.save();
    setInterval(() => this.save(), SAVE_EVERY).unref();
  }

  /** The file appears whole: it is never half of one. It holds the key of the tokens, and is for its owner alone. */
  save() {
    const { changes } = this.#hatchet;
    if (changes === this.#saved) return;
    const partial = `${this.#path}.partial`;
    writeFileSync(partial, this.#hatchet.snapshot(), { mode: 0o600 });
    renameSync(partial, this.#path);
    this.#saved = changes;
  }
}
