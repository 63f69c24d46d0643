/** Every argument with values that nobody means to pass: each call is done or refused in words, and nothing else happens. */
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";

import { ID, json, TOKEN } from "../support/fake.mjs";
import { HatchetError, ScheduledClient } from "../support/package.mjs";
import { hostile, large, NAMED } from "./fuzz/hostile.mjs";
import { assertClean, assertRefusal, assertSendable, assertTyped } from "./fuzz/outcome.mjs";
import { forgotten, POSITIONS, STREAMS, withAt } from "./fuzz/positions.mjs";
import { kindOf, SUCCESS } from "./fuzz/recorded.mjs";
import { rounds, tell } from "./share.mjs";
import { virtualClock } from "./fuzz/virtual.mjs";

const told = { inputs: 0, taken: 0, refused: 0, failed: 0 };
const clock = virtualClock();
const unhandled = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

/** A server that answers as Hatchet does, and looks at what it is sent. */
function server() {
  const requests = [];
  const fetch = async (url, init) => {
    const kind = kindOf(init.method, new URL(url).pathname);
    requests.push({ url, init, kind });
    const { status, headers, body } = SUCCESS[kind] ?? { status: 404, headers: {}, body: {} };
    return json(status === 204 ? undefined : body, status, headers);
  };
  return { fetch, requests };
}
const plain = server();
const usual = { token: TOKEN, fetch: plain.fetch, ...clock.options };
const client = new ScheduledClient(usual);
const intercepted = new ScheduledClient({ ...usual, intercept: (request, next) => next(request) });
await client.get(ID);

/** Makes the call; gives how it ended. */
async function play({ method, make, path }, value, through) {
  const given = withAt(make(), path, value);
  if (method !== "new") return [await call(through, method, Object.values(given)), plain.requests, method];
  const own = server();
  // Its own fetch, unless that is what is played; and waits that take no time.
  const options = typeof given === "object" && given !== null && path.length > 0 ? Object.assign(given, clock.options) : given;
  if (path[0] !== "fetch" && options === given && path.length > 0) options.fetch = own.fetch;
  let made;
  try {
    made = new ScheduledClient(options);
  } catch (error) {
    return [{ error }, own.requests, undefined];
  }
  if (path.length === 0) return [{ value: made }, own.requests, undefined];
  return [await call(made, "get", [ID]), own.requests, "get"];
}

async function call(on, method, values) {
  if (!STREAMS.includes(method)) return clock.settled(on[method](...values));
  const stream = on[method](...values);
  const outcome = await clock.settled(stream.next(), () => stream.return());
  await stream.return();
  return outcome;
}

async function hold(position, recipe, through = client) {
  told.inputs++;
  const before = plain.requests.length;
  const [{ error, value }, requests, operation] = await play(position, recipe.make(), through);
  const sent = requests.slice(requests === plain.requests ? before : 0);
  plain.requests.length = 0;
  for (const request of sent) assertSendable(request);
  if (error === undefined && value === undefined && position.path.at(-1) === "signal") told.taken++;
  else if (error === undefined) told.taken++;
  else if (isOwn(error, position)) told.taken++;
  else if (assertTyped(error) === "validation") {
    told.refused++;
    assert.equal(sent.length, 0, "it is refused, and something was sent");
    assertRefusal(error, error.operation && operation);
  } else told.failed++;
  assertClean();
  const usable = await clock.settled(client.get(ID));
  assert.equal(usable.error, undefined, "the client is of no use afterwards");
  plain.requests.length = 0;
  assert.deepEqual(unhandled, [], "a rejection that nobody handles");
}

/** An abort ends a call with the reason of the signal, whatever that is. */
function isOwn(error, { path }) {
  return path.includes("signal") && !(error instanceof HatchetError);
}

test("every key that arguments may have is played", () => {
  assert.deepEqual(forgotten(), []);
  assert.ok(POSITIONS.length > 300);
});

test("each value that has a name, in each place", { timeout: 3_600_000 }, async (t) => {
  const few = process.env.SOAK_MINUTES === undefined;
  for (const [place, position] of POSITIONS.entries()) {
    for (const [index, recipe] of NAMED.entries()) {
      // All of them in the long form; else another part of the values in each place.
      if (few && (place * 7 + index) % 149 !== 0) continue;
      const started = performance.now();
      await hold(position, recipe).catch((cause) => {
        throw new Error(`${position.name} given ${recipe.name}: ${cause.message}`, { cause });
      });
      const took = performance.now() - started;
      assert.ok(took < 10_000, `${position.name} given ${recipe.name} took ${Math.round(took)} ms`);
    }
  }
  t.diagnostic(JSON.stringify(told));
});

test("whatever is passed, a call is done, or refused before anything is sent", { timeout: 3_600_000 }, async (t) => {
  const position = fc.constantFrom(...POSITIONS.map((one) => ({ ...one, [fc.toStringMethod]: () => one.name })));
  const value = fc.oneof({ weight: 400, arbitrary: hostile }, { weight: 1, arbitrary: large });
  const property = fc.asyncProperty(position, value, fc.boolean(), (place, recipe, through) => hold(place, recipe, through ? intercepted : client));
  const { seconds } = await rounds({ name: "fuzz-arguments", share: 4 }, (seed) => fc.assert(property, { seed, numRuns: 500, includeErrorInReport: true }));
  tell(t, "arguments", { ...told, seconds: seconds.toFixed(1) });
});
