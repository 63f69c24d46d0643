import assert from "node:assert/strict";
import { after, test } from "node:test";

import { NotFoundError, ScheduledClient } from "../support/package.mjs";
import { startServer } from "../support/server.mjs";

const server = await startServer();
after(() => server.stop());

test("a script's calls of the official client run unchanged", async () => {
  // As `hatchet.schedules` of the official client.
  const schedules = new ScheduledClient({ token: server.token });

  const triggerAt = new Date(Date.now() + 3_600_000);
  const scheduled = await schedules.create("simple", { triggerAt, input: { a: 1 }, additionalMetadata: { team: "a" } });
  const firesAt = (run) => Date.parse(run.triggerAt);
  assert.equal(firesAt(scheduled), triggerAt.getTime());

  const later = new Date(triggerAt.getTime() + 60_000);
  assert.equal(firesAt(await schedules.update(scheduled.metadata.id, { triggerAt: later })), later.getTime());
  assert.equal(firesAt(await schedules.update(scheduled, { triggerAt })), triggerAt.getTime());

  assert.deepEqual((await schedules.get(scheduled)).additionalMetadata, { team: "a" });
  assert.deepEqual((await schedules.get(scheduled.metadata.id)).input, { a: 1 });

  const { rows } = await schedules.list({ offset: 0, limit: 10, workflowId: scheduled.workflowId, orderByField: "triggerAt" });
  assert.deepEqual(rows.map((run) => run.metadata.id), [scheduled.metadata.id]);

  await schedules.delete(scheduled);
  await assert.rejects(schedules.get(scheduled), NotFoundError);
});
