/** The WebAssembly is the native server: the same requests in the same order are answered alike. */
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { random, seed } from "../support/random.mjs";
import { startServer } from "../support/server.mjs";
import { EmbeddedHatchet, NOW } from "./support.mjs";

const REQUESTS = 2_000;
const native = await startServer(["--clock", NOW]);
const embedded = await EmbeddedHatchet.start({ now: NOW });
after(() => Promise.all([native.stop(), embedded.stop()]));
const below = random(seed);
const pick = (items) => items[below(items.length)];

/** The two under one name each, as the ids of either are its own. */
const SIDES = [
  { send: fetch, url: native.url, token: native.token, tenant: native.tenantId, ids: [], advance: (ms) => native.clock({ advanceMs: ms }) },
  { send: embedded.fetch, url: "https://embedded.invalid", token: embedded.token, tenant: embedded.tenantId, ids: [], advance: (ms) => embedded.advance(ms) },
];
const ABSENT = "99999999-9999-4999-8999-999999999999";
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

let clock = 0;
let millisecond = 0;
/** A time that no other run has: those of one time are listed by their ids, which are each side's own. */
const at = (seconds) => new Date(Date.parse(NOW) + clock + seconds * 1_000 + (millisecond = (millisecond + 1) % 100_000)).toISOString();

/** A request: a function of what gives an id by its place, as the ids of either side are its own. */
function draw() {
  const [runs, time] = [SIDES[0].ids.length, at(below(400) - 100)];
  const place = below(1 + runs);
  const updates = Array.from({ length: below(5) }, () => [below(1 + runs), at(below(400))]);
  const team = pick(["a", "b", "c:d", 5, true, null]);
  const workflow = pick(["simple", "greeter", "typed", "simple", "none", "Simple", "a%2Fb"]);
  const [verb, name] = [pick(["DELETE", "DELETE", "POST"]), pick(["simple", "greeter"])];
  const body = pick([{ triggerAt: time }, { triggerAt: time, input: { n: below(9) }, additionalMetadata: { team } }, { triggerAt: time, priority: below(6) - 1 }, {}, { triggerAt: "soon" }, { triggerAt: 5 }, []]);
  const query = new URLSearchParams([
    ["limit", pick([1, 5, 50, -1, "x"])], ["offset", below(9)], ["orderByField", pick(["triggerAt", "createdAt", "name"])],
    ["orderByDirection", pick(["ASC", "DESC", "UP"])], ["additionalMetadata", pick(["team:a", "team", "team:a:b"])],
  ].filter(() => below(2)));
  return pick([
    () => ["POST", `/${workflow}/scheduled`, body],
    () => ["POST", `/${name}/scheduled`, { triggerAt: time, additionalMetadata: { team } }],
    () => ["GET", `/scheduled?${query}`],
    () => ["GET", `?${query}`],
    (id) => ["GET", `/scheduled/${id(place)}`],
    (id) => ["PATCH", `/scheduled/${id(place)}`, body],
    (id) => [verb, `/scheduled/${id(place)}`],
    (id) => ["POST", "/scheduled/bulk-delete", { scheduledWorkflowRunIds: updates.map(([one]) => id(one)) }],
    (id) => ["POST", "/scheduled/bulk-update", { updates: updates.map(([one, triggerAt]) => ({ id: id(one), triggerAt })) }],
    () => ["PUT", "/scheduled", {}],
  ]);
}

/** An answer in which ids are told by their place, and no others are left. */
async function ask({ send, url, token, tenant, ids }, make) {
  const idOf = (place) => ids[place] ?? ABSENT;
  const [method, path, body] = make(idOf);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await send(`${url}/api/v1/tenants/${tenant}/workflows${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await response.text();
  if (method === "POST" && /[^/]\/scheduled$/.test(path) && response.status === 200) ids.push(JSON.parse(text).metadata.id);
  const told = text.replace(UUID, (id) => (ids.includes(id) ? `run ${ids.indexOf(id)}` : "an id"));
  return [method, path.replace(UUID, (id) => `run ${ids.indexOf(id)}`), response.status, told, response.headers.get("content-type"), response.headers.get("date")];
}

test(`${REQUESTS} random requests are answered alike by the native server and by the WebAssembly`, async () => {
  for (let request = 0; request < REQUESTS; request++) {
    if (below(20) === 0) {
      const step = below(60_000);
      clock += step;
      for (const side of SIDES) await side.advance(step);
    }
    const make = draw();
    const [wanted, got] = [await ask(SIDES[0], make), await ask(SIDES[1], make)];
    assert.deepEqual(got, wanted, `SEED=${seed}, request ${request}`);
  }
  assert.ok(SIDES[0].ids.length > 100);
});
