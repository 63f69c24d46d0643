/** One program's server, network, clients, and what the program knows. */
import { EmbeddedHatchet } from "../../testing/support.mjs";
import { ScheduledClient } from "../../support/package.mjs";
import { Books } from "./books.mjs";
import { Network } from "./network.mjs";

// Loading is what the clock does not wait for.
await new ScheduledClient({ token: null, serverUrl: "http://embedded.invalid", fetch: async () => new Response(null, { status: 503 }) }).access().catch(() => {});

const CLOCK = Symbol.for("hatchet-scheduled.clock");
const START = Date.UTC(2031, 2, 29, 22);
/** Across the two zone's changes of clocks in March. */
export const ZONE = "Europe/Berlin";
export const WORKFLOWS = ["alpha", "beta", "simple"];
const ABSENT = (place) => `99999999-9999-4999-8999-${String(place).padStart(12, "0")}`;

export class World {
  books = new Books();
  /** Each call that was made. */
  records = [];
  /** Each watch that goes on, with the runs that it has told of. */
  watches = [];
  /** The latest that a client was given of each run, by its id. */
  rows = new Map();
  /** What `update` and `trigger` answered. */
  updated = [];
  triggered = [];
  marks = 0;

  static async start() {
    const world = new World();
    const hatchet = await EmbeddedHatchet.start({ now: START, workflows: WORKFLOWS });
    const clock = hatchet.client()[CLOCK];
    const network = new Network(hatchet, clock, world.books);
    const { token } = hatchet;
    const ahead = [0, 0, 0, 0];
    Object.assign(world, { hatchet, clock, network, token, ahead });
    world.clients = ahead.map((_, place) => world.#client(place));
    return world;
  }

  /**
   * Its clock on the wall may be set; what its waits go by is nobody's to set. What it is given does not lead to it: the
   * WebAssembly holds that, and no collector sees a circle through there.
   */
  #client(place) {
    const { clock, network, token, ahead, warned } = this;
    const wall = { sleep: clock.sleep, monotonic: clock.monotonic, now: () => clock.now() + ahead[place] };
    const onEvent = (event) => event.type === "warning" && warned.push({ client: place, ...event.warning });
    return new ScheduledClient({ token: place === 2 ? async () => token : token, serverUrl: "http://embedded.invalid", fetch: network.fetch, onEvent, [CLOCK]: wall });
  }

  /** Warnings that observers were told of. */
  warned = [];

  get now() {
    return this.clock.now();
  }

  /** A moment: in the order of what happens, and by the clock. */
  moment() {
    return { seq: this.books.tick(), at: this.now };
  }

  /** The run at a place among those that there are. */
  idAt({ place, absent }) {
    const ids = [...this.books.runs.keys()];
    return absent || ids.length === 0 ? ABSENT(place) : ids[place % ids.length];
  }

  absent(count) {
    return Array.from({ length: count }, (_, place) => ABSENT(1_000 + place));
  }

  /** The server's truth: what waits, by id, and what started, by the id of its scheduled run. */
  truth() {
    const { pending, runs, workflows } = JSON.parse(this.hatchet.snapshot());
    return { pending: new Map(pending.map((run) => [run.id, run])), runs, workflows };
  }
}
