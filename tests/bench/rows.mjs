/** What the canned server lists: the same rows in every run of the benchmark, of some 700 bytes as Hatchet writes them. */

import { TENANT } from "../support/fake.mjs";

const NAMES = ["Ada Lovelace", "Alan Turing", "Barbara Liskov", "Donald Knuth", "Edsger Dijkstra", "Grace Hopper", "Tony Hoare"];
/** From here on some names are not ASCII: engines keep, and parse, such a text in another way, and by hand takes longer. */
const UMLAUTS_FROM = 50_000;
const TEAMS = ["billing", "growth", "support", "platform"];
const WORKFLOWS = ["send-email", "send-invoice", "remind-customer"];
const MICROSECONDS_OF_A_DAY = 86_400_000_000;
const FIRST_DUE = Date.UTC(2032, 0, 1);

/** A number below `limit` that looks random, and is the same for the same arguments (mulberry32). */
function chance(seed, draw, limit) {
  let state = (seed * 32 + draw + 1) * 0x6d2b79f5;
  state = Math.imul(state ^ (state >>> 15), state | 1);
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
  return Math.floor((((state ^ (state >>> 14)) >>> 0) / 2 ** 32) * limit);
}

const hex = (seed, draw, digits) => chance(seed, draw, 16 ** digits).toString(16).padStart(digits, "0");

/** The id of row `number`: a UUID. */
export const idOf = (number) =>
  `${hex(number, 0, 8)}-${hex(number, 1, 4)}-4${hex(number, 2, 3)}-a${hex(number, 3, 3)}-${hex(number, 4, 6)}${hex(number, 5, 6)}`;

/** What a workflow is told, in some 200 bytes. */
function inputOf(number) {
  const name = number >= UMLAUTS_FROM && number % 8 === 0 ? "Zoë Müller" : NAMES[number % NAMES.length];
  return {
    amount: chance(number, 6, 100_000) / 100,
    customer: { id: `cus_${hex(number, 7, 8)}`, name },
    items: [chance(number, 8, 9000), chance(number, 9, 9000)],
    paid: number % 3 === 0,
    subject: `Your order ${chance(number, 10, 1_000_000)} is on its way`,
    template: "orders/shipped",
    to: `${name.split(" ")[0].toLowerCase()}.${hex(number, 11, 4)}@example.com`,
  };
}

/** An input of at least `bytes` bytes. */
export function inputOfSize(bytes) {
  const [input, each] = [inputOf(0), JSON.stringify(inputOf(1)).length];
  return { ...input, orders: Array.from({ length: Math.ceil((bytes - each) / each) }, (_, number) => inputOf(number + 1)) };
}

/** A time with microseconds, as Hatchet notes them. */
function noted(number, draw) {
  const micros = chance(number, draw, MICROSECONDS_OF_A_DAY);
  const milliseconds = new Date(Date.UTC(2026, 10, 23) + Math.floor(micros / 1000)).toISOString();
  return `${milliseconds.slice(0, -1)}${String(micros % 1000).padStart(3, "0")}Z`;
}

/** Row `number`, from 0, of the listing, latest `triggerAt` first. One in ten has the `attempt` that is looked for. */
export function rowOf(number) {
  return {
    additionalMetadata: { attempt: chance(number, 12, 10), requestId: hex(number, 13, 8), team: TEAMS[number % TEAMS.length] },
    input: inputOf(number),
    metadata: { createdAt: noted(number, 14), id: idOf(number), updatedAt: noted(number, 15) },
    method: "API",
    priority: 1 + (number % 3),
    tenantId: TENANT,
    triggerAt: new Date(FIRST_DUE - number * 41_003 - chance(number, 16, 40_000)).toISOString(),
    workflowId: idOf(-1 - (number % WORKFLOWS.length)),
    workflowName: WORKFLOWS[number % WORKFLOWS.length],
    workflowRunCreatedAt: "0001-01-01T00:00:00Z",
    workflowRunName: "",
    workflowVersionId: idOf(-11 - (number % WORKFLOWS.length)),
  };
}
