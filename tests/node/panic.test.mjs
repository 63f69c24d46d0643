import assert from "node:assert/strict";
import { register } from "node:module";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";

import { importAgain, repository } from "../support/package.mjs";
import { fakeFetch, ID, json, never, runOf, TOKEN } from "../support/fake.mjs";

test("when the WebAssembly breaks, every pending call is rejected, and the next one starts afresh", async () => {
  const { ScheduledClient, HatchetError } = await importAgain();
  const fetch = fakeFetch((_, number) => (number === 2 ? never() : json(runOf())));
  const options = { token: TOKEN };
  const client = new ScheduledClient({ ...options, fetch });
  const other = new ScheduledClient({ ...options, fetch: fakeFetch(never) });
  await client.get(ID);
  const pending = [client.get(ID), other.get(ID), other.iterate().next()];
  // By then all of them are inside.
  await new Promise(setImmediate);
  const { now } = Date;
  try {
    // Nothing in WebAssembly can catch this where it is called.
    Date.now = () => { throw new Error("the clock broke"); };
    pending.push(client.update(ID, { triggerAt: { in: "1h" } }));
    for (const { reason: error } of await Promise.allSettled(pending)) {
      assert.ok(error instanceof HatchetError);
      assert.equal(error.code, "internal-panic");
      assert.match(error.message, /the clock broke.*All pending calls were ended.*report it/);
      assert.match(error.stack, /panic\.test\.mjs/);
    }
  } finally {
    Date.now = now;
  }
  assert.equal((await client.get(ID)).metadata.id, ID);
});

test("iterating does not go on in WebAssembly that broke", async () => {
  const { ScheduledClient } = await importAgain();
  const rows = Array.from({ length: 30 }, (_, index) => runOf({ metadata: { ...runOf().metadata, id: ID.slice(0, -2) + (10 + index) } }));
  const client = new ScheduledClient({ token: TOKEN, fetch: fakeFetch(() => json({ rows, pagination: { current_page: 1, next_page: 2, num_pages: 9 } })) });
  const runs = client.iterate({ pageSize: 20 });
  await runs.next();
  const { now } = Date;
  try {
    Date.now = () => { throw new Error("the clock broke"); };
    await assert.rejects(client.update(ID, { triggerAt: { in: "1h" } }), { code: "internal-panic" });
  } finally {
    Date.now = now;
  }
  await assert.rejects(async () => { for await (const _ of runs); }, { code: "internal-panic" });
});

/** The facade's own modules, afresh, over the bindings that `loads` give one after the other. */
async function facadeOver(...loads) {
  const name = `hatchet-${facadeOver.count++}`;
  const fake = { loads, unloads: 0, load: (onTrap) => loads.shift()(onTrap), unload: () => fake.unloads++ };
  globalThis[name] = fake;
  const facade = await import(`${pathToFileURL(join(repository, "pkg/js/facade.js"))}?${name}`);
  return { ...facade, fake, client: new facade.ScheduledClient({ token: TOKEN }) };
}
facadeOver.count = 0;

// The bindings are made when the package is built, so the sources lack them; each copy of the facade gets its own.
const hooks = `export async function resolve(specifier, context, next) {
  const copy = context.parentURL && new URL(context.parentURL).search.slice(1);
  if (!copy || !copy.startsWith("hatchet-")) return next(specifier, context);
  if (specifier === "./load.js") {
    const source = "export const compileBy = undefined; export const load = (onTrap) => globalThis[" + JSON.stringify(copy) + "].load(onTrap);" +
      "export const unload = () => globalThis[" + JSON.stringify(copy) + "].unload();";
    return { url: "data:text/javascript," + encodeURIComponent(source), shortCircuit: true };
  }
  const resolved = await next(specifier, context);
  return { ...resolved, url: resolved.url + "?" + copy };
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

/** Bindings whose client answers `get` so. */
function glueOf(get) {
  return {
    Cancel: class {
      static never() {}
      cancel() {}
      free() {}
    },
    Client: class {
      get = get;
    },
  };
}

test("a panic, which is a trap, ends every call, and the WebAssembly is dropped once", async () => {
  let trap;
  const panicking = glueOf(() => {
    queueMicrotask(() => trap(new WebAssembly.RuntimeError("unreachable")));
    return never();
  });
  const load = async (onTrap) => ((trap = onTrap), panicking);
  const { client, fake } = await facadeOver(load, async () => glueOf(async () => "fresh"));
  const calls = [client.get(ID), client.get(ID)];
  for (const { reason } of await Promise.allSettled(calls)) {
    assert.equal(reason.code, "internal-panic");
    assert.match(reason.message, /\(RuntimeError: unreachable\)/);
    assert.ok(reason.cause instanceof WebAssembly.RuntimeError);
  }
  assert.equal(fake.unloads, 1);
  assert.equal(await client.get(ID), "fresh");
});

test("a trap in the call itself is a rejection, too", async () => {
  const trapping = glueOf(() => {
    throw new WebAssembly.RuntimeError("unreachable");
  });
  const { client, HatchetError } = await facadeOver(async () => trapping, async () => glueOf(async () => "fresh"));
  const error = await client.get(ID).then(() => assert.fail("it succeeded"), (error) => error);
  assert.ok(error instanceof HatchetError && error.cause instanceof WebAssembly.RuntimeError);
  assert.equal(error.code, "internal-panic");
  assert.equal(await client.get(ID), "fresh");
});

test("a load that fails is told, and tried again by the next call; calls share a load", async () => {
  const failing = async () => {
    throw new WebAssembly.CompileError("blocked by Content-Security-Policy");
  };
  const { client, fake, HatchetError } = await facadeOver(failing, async () => glueOf(async () => "loaded"));
  const [one, other] = await Promise.allSettled([client.get(ID), client.get(ID)]);
  assert.ok(one.reason instanceof HatchetError && one.reason.cause instanceof WebAssembly.CompileError);
  assert.equal(one.reason.code, "load");
  assert.match(one.reason.message, /blocked by.*wasm-unsafe-eval/);
  assert.equal(other.status, "rejected");
  assert.deepEqual(await Promise.all([client.get(ID), client.get(ID)]), ["loaded", "loaded"]);
  assert.equal(fake.loads.length, 0);
});

test("a runtime without WebAssembly is named as the reason", async () => {
  const { WebAssembly } = globalThis;
  globalThis.WebAssembly = undefined;
  try {
    const { ScheduledClient } = await importAgain();
    const client = new ScheduledClient({ token: TOKEN, fetch: fakeFetch(never) });
    await assert.rejects(client.get(ID), { code: "load", message: /^This runtime has no WebAssembly/ });
  } finally {
    globalThis.WebAssembly = WebAssembly;
  }
});
