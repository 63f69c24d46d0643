/** The server's clock, by which runs fire: the one of this computer may be minutes off. */

import type { ScheduledClient } from "hatchet-scheduled";

/** Clocks that differ by less than this, in milliseconds, beside what cannot be known, agree. */
const TOLERANCE = 3_000;

export class ServerClock {
  /** How far it is ahead of the clock here, in milliseconds. */
  ahead = 0;
  #seen = false;

  now(): number {
    return Date.now() + this.ahead;
  }

  /** Whether it shows. From another origin it may not; the clock here is gone by then. */
  get isSeen(): boolean {
    return this.#seen;
  }

  /** Learns what the client has seen of it since; costs a request only where it does not show. */
  async learn(client: ScheduledClient): Promise<void> {
    const time = await client.serverTime({ maxRetries: 0 }).catch(() => undefined);
    this.#seen = time !== undefined;
    if (!time) return;
    const ahead = time.epochMilliseconds - Date.now();
    const tolerance = time.uncertaintyMs + TOLERANCE;
    if (Math.abs(ahead) <= tolerance) this.ahead = 0;
    else if (Math.abs(ahead - this.ahead) > tolerance) this.ahead = ahead;
  }
}
