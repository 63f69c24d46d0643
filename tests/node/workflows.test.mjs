import assert from "node:assert/strict";
import { after, test } from "node:test";

import { ScheduledClient, ValidationError } from "../support/package.mjs";
import { startServer } from "../support/server.mjs";

const names = Array.from({ length: 450 }, (_, index) => `nightly-${index}`);
const server = await startServer(["a_b", "aXb", ...names].flatMap((name) => ["--workflow", name]));
after(() => server.stop());
const client = new ScheduledClient({ token: server.token });

test("all workflows are read, over as many pages as there are", async () => {
  const found = await client.workflows();
  const known = new Set(found.map(({ name }) => name));
  assert.equal(known.size, found.length, "each once");
  assert.deepEqual(names.filter((name) => !known.has(name)), []);
  const [{ metadata, isPaused }] = found;
  assert.match(metadata.id, /^[0-9a-f-]{36}$/);
  assert.equal(isPaused, false);
});

test("those whose name holds a text are found, whatever its case, and what the server takes for any character is only itself", async () => {
  const found = async (name) => (await client.workflows({ name })).map((workflow) => workflow.name).sort();
  assert.deepEqual(await found("LY-44"), ["nightly-44", ...Array.from({ length: 10 }, (_, index) => `nightly-44${index}`)].sort());
  assert.deepEqual(await found("a_b"), ["a_b"]);
  assert.deepEqual(await found("%"), []);
  await assert.rejects(client.workflows({ nam: "a" }), (error) => error instanceof ValidationError && /did you mean "name"/.test(error.message));
});
