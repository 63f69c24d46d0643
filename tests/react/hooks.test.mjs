import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { JSDOM } from "jsdom";

import { fakeFetch, ID, json, runOf, TOKEN } from "../support/fake.mjs";
import { ScheduledClient, ValidationError } from "../support/package.mjs";

const { window } = new JSDOM("<!doctype html><body></body>", { url: "https://app.example/" });
Object.assign(globalThis, { window, document: window.document, IS_REACT_ACT_ENVIRONMENT: true });
// Newer Nodes have one of their own.
Object.defineProperty(globalThis, "navigator", { value: window.navigator, configurable: true });
const { act, createElement: h, StrictMode } = await import("react");
const { createRoot } = await import("react-dom/client");
const { renderToString } = await import("react-dom/server");
const { ScheduledProvider, useScheduledActions, useScheduledClient, useScheduledRuns } = await import("./entry.mjs");

const idOf = (index) => ID.slice(0, -12) + String(index).padStart(12, "0");
const run = (index, changes) => runOf({ metadata: { ...runOf().metadata, id: idOf(index) }, triggerAt: new Date(2e12 + index * 1000).toISOString(), ...changes });

/** A client of a server whose runs are in `world.runs`, which fails as `world.failure` says. */
function worldOf(...runs) {
  const world = { runs, failure: undefined };
  const fetch = fakeFetch(({ url, method }) => {
    if (world.failure) return json({ errors: [{ description: "down" }] }, world.failure);
    if (method === "DELETE") {
      world.runs = world.runs.filter(({ metadata }) => !url.endsWith(metadata.id));
      return new Response(null, { status: 204 });
    }
    const query = new URL(url).searchParams;
    const [offset, limit] = [Number(query.get("offset")), Number(query.get("limit"))];
    return json({ rows: world.runs.slice(offset, offset + limit), pagination: { current_page: 1, next_page: 1, num_pages: 1 } });
  });
  return Object.assign(world, { fetch, client: new ScheduledClient({ token: TOKEN, fetch, maxRetries: 0 }) });
}

const roots = new Set();
async function show(element) {
  const container = document.createElement("div");
  const root = createRoot(container);
  roots.add(root);
  await act(async () => root.render(element));
  const end = async () => {
    roots.delete(root);
    await act(async () => root.unmount());
    await sleep(20);
  };
  return { container, root, end };
}

afterEach(async () => {
  for (const root of roots) await act(async () => root.unmount());
  roots.clear();
});

/** Waits until what a component shows is as wanted; within `act`, as React asks of tests. */
async function shows(container, wanted) {
  const end = performance.now() + 5_000;
  while (container.textContent !== wanted && performance.now() < end) await act(async () => sleep(10));
  assert.equal(container.textContent, wanted);
}

function List({ query, options = { intervalMs: 20 } }) {
  const { runs, status, error } = useScheduledRuns(query, options);
  return h("p", null, `${status} ${runs.map(({ metadata }) => Number(metadata.id.slice(-12))).join(",")} ${error?.code ?? ""}`.trim());
}

const provided = (client, ...children) => h(ScheduledProvider, { client }, ...children);

test("a list is loaded, and kept current as runs come, move and go", async () => {
  const world = worldOf(run(1), run(3));
  const { container } = await show(provided(world.client, h(List)));
  await shows(container, "current 1,3");
  world.runs = [run(1), run(2), run(3)];
  await shows(container, "current 1,2,3");
  world.runs = [run(2), run(3), run(1, { triggerAt: new Date(2e12 + 9_000).toISOString() })];
  await shows(container, "current 2,3,1");
  world.runs = [run(3)];
  await shows(container, "current 3");
});

test("components with equal queries share one watch, in strict mode too, and it ends with the last of them", async () => {
  const world = worldOf(run(1));
  const pair = [h(List, { key: 1, query: { workflowId: ID, statuses: ["SCHEDULED"] } }), h(List, { key: 2, query: { statuses: ["SCHEDULED"], workflowId: ID } })];
  const { container, root, end } = await show(h(StrictMode, null, provided(world.client, ...pair)));
  await shows(container, "current 1current 1");
  const before = world.fetch.requests.length;
  await act(() => sleep(200));
  const looks = world.fetch.requests.length - before;
  assert.ok(looks > 1 && looks < 12, `${looks} looks of one watch in 200 ms, every 20 ms`);
  await act(async () => root.render(h(StrictMode, null, provided(world.client, pair[0]))));
  world.runs = [run(2)];
  await shows(container, "current 2");
  await end();
  const after = world.fetch.requests.length;
  await sleep(150);
  assert.equal(world.fetch.requests.length, after, "nothing is asked for when nobody looks");
});

test("a failure keeps what was seen, and is over when the server is back", async () => {
  const world = worldOf(run(1));
  let lists;
  function Page() {
    lists = useScheduledRuns({}, { intervalMs: 20 });
    return h(List);
  }
  const { container } = await show(provided(world.client, h(Page)));
  await shows(container, "current 1");
  world.failure = 403;
  await shows(container, "failed 1 permission-denied");
  world.failure = undefined;
  world.runs = [run(2)];
  await act(() => lists.refresh());
  await shows(container, "current 2");
});

test("a query that is refused says so, and asks for nothing", async () => {
  const world = worldOf(run(1));
  const { container } = await show(provided(world.client, h(List, { query: { limitt: 5 } })));
  await shows(container, "failed  validation");
  assert.equal(world.fetch.requests.length, 0);
});

test("what was done shows at once, and what failed says so", async () => {
  const world = worldOf(run(1), run(2));
  let actions;
  function Page() {
    actions = useScheduledActions();
    return h("div", null, h(List, { options: { intervalMs: 60_000 } }), actions.pending ? "…" : "", actions.error?.code ?? "");
  }
  const { container } = await show(provided(world.client, h(Page)));
  await shows(container, "current 1,2");
  await act(() => actions.delete(idOf(1)));
  await shows(container, "current 2");
  await act(() => assert.rejects(actions.update("x", { triggerAt: 5 }), ValidationError));
  await shows(container, "current 2validation");
});

test("another client is another list", async () => {
  const [one, other] = [worldOf(run(1)), worldOf(run(2))];
  const { container, root } = await show(provided(one.client, h(List)));
  await shows(container, "current 1");
  await act(async () => root.render(provided(other.client, h(List))));
  await shows(container, "current 2");
  await sleep(20);
  const before = one.fetch.requests.length;
  await act(() => sleep(100));
  assert.equal(one.fetch.requests.length, before);
});

test("on a server lists are loading, and nothing is asked for", () => {
  const world = worldOf(run(1));
  assert.equal(renderToString(provided(world.client, h(List))), "<p>loading</p>");
  assert.equal(world.fetch.requests.length, 0);
});

test("without a provider a hook says what is missing", async () => {
  assert.throws(() => renderToString(h(List)), /useScheduledRuns: there is no ScheduledProvider/);
  let seen;
  const { client } = worldOf();
  renderToString(provided(client, h(() => ((seen = useScheduledClient()), null))));
  assert.equal(seen, client);
});
