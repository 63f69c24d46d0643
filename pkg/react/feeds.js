import { Feed } from "./feed.js";

/** So many lists may be there that nobody looks at: those of components that were not shown after all. */
const IDLE = 100;

/** What is known before anything was read, and on a server. */
export const LOADING = Object.freeze({ runs: Object.freeze([]), status: "loading", error: undefined });

/** The feeds of a provider: components that ask for the same share one. */
export class Feeds {
  #feeds = new Map();

  constructor(client) {
    this.client = client;
  }

  of(query = {}, { intervalMs } = {}) {
    const key = JSON.stringify([sorted(query), intervalMs]);
    let feed = this.#feeds.get(key);
    if (!feed) {
      if (this.#feeds.size >= IDLE) for (const [known, { isWatched }] of this.#feeds) if (!isWatched) this.#feeds.delete(known);
      feed = new Feed(this.client, query, intervalMs, LOADING, () => this.#feeds.delete(key));
      this.#feeds.set(key, feed);
    }
    return feed;
  }

  /** Has all that is looked at read again. */
  refresh() {
    for (const feed of this.#feeds.values()) void feed.refresh();
  }
}

function sorted(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.entries(value).filter(([, member]) => member !== undefined).sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, member]) => [key, sorted(member)]);
}
