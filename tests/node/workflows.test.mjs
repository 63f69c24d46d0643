import assert from "node:assert/strict";
import { after, test } from "node:test";

import { NotFoundError, ScheduledClient, ValidationError } from "../support/package.mjs";
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

test("a workflow tells what its input looks like, where it says so; asked by its id, its name, or by what the listing gave", async () => {
  const inputJsonSchema = { type: "object", properties: { to: { type: "string" } }, required: ["to"] };
  const { id } = await server.registerWorkflow({ name: "formed", inputJsonSchema });
  const [workflow] = await client.workflows({ name: "formed" });
  for (const asked of [id, id.toUpperCase(), "formed", workflow]) assert.deepEqual((await client.workflowVersion(asked)).inputJsonSchema, inputJsonSchema);
  const [plain] = await client.workflows({ name: "a_b" });
  assert.equal((await client.workflowVersion(plain)).inputJsonSchema, undefined);
  await assert.rejects(client.workflowVersion("00000000-0000-4000-8000-000000000000"), NotFoundError);
  await assert.rejects(client.workflowVersion("Formed"), /did you mean "formed"/);
  for (const given of [undefined, "", { name: "formed" }, 5]) {
    await assert.rejects(client.workflowVersion(given), (error) => error instanceof ValidationError && (error.path === "workflow" || assert.fail(error.message)));
  }
});
