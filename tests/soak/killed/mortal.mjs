/** A server that is killed and comes back, on the same port with the same data. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { ScheduledClient } from "../../support/package.mjs";
import { startServer } from "../../support/server.mjs";

/** How often a port that is still taken is tried again, and after how long. */
const TRIES = 100;
const PAUSE = 50;

export class Mortal {
  #folder;
  #options;
  #server;
  kills = 0;

  static async start(workflows) {
    const mortal = new Mortal();
    mortal.#folder = await mkdtemp(join(tmpdir(), "hatchet-killed-"));
    mortal.#options = ["--data", mortal.#folder, ...workflows.flatMap((name) => ["--workflow", name])];
    mortal.#server = await startServer(mortal.#options);
    ({ url: mortal.url, token: mortal.token } = mortal.#server);
    return mortal;
  }

  client(options) {
    return new ScheduledClient({ token: this.token, serverUrl: this.url, ...options });
  }

  /** Kills it, and starts it again after a while. */
  async die(milliseconds) {
    await this.#server.kill();
    this.kills += 1;
    await sleep(milliseconds);
    const port = Number(new URL(this.url).port);
    for (let tried = 1; ; tried++) {
      try {
        this.#server = await startServer(this.#options, { port });
        return;
      } catch (error) {
        if (tried === TRIES || !/address/i.test(error.message)) throw error;
        await sleep(PAUSE);
      }
    }
  }

  async stop() {
    await this.#server.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
