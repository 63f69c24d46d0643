import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

import { EmbeddedHatchet } from "hatchet-scheduled/testing";
import { countOf, portOf, readOptions, UsageError } from "./usage.js";

/** How long a change may be without its place in the file. */
const SAVE_EVERY = 250;

/** An embedded Hatchet for other processes, told by one line of JSON, as the native one. */
export async function serve(given) {
  const options = readOptions(given, {
    port: { type: "string", default: "8080" }, seed: { type: "string", default: "0" }, workflow: { type: "string", multiple: true, default: [] }, data: { type: "string" },
  });
  if (!options) return;
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
}

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
