// Watches from a worker, so that the page stays free: posts how many runs wait, at first and whenever that changes.
import { ScheduledClient } from "hatchet-scheduled";

addEventListener("message", async ({ data: { token, query } }) => {
  const client = new ScheduledClient({ token });
  const runs = new Map();
  for await (const run of client.iterate(query)) runs.set(run.metadata.id, run);
  postMessage({ waiting: runs.size });
  for await (const { type, run } of client.watch(query, { known: runs.values(), intervalMs: 1_000 })) {
    if (type === "removed") runs.delete(run.metadata.id);
    else runs.set(run.metadata.id, run);
    postMessage({ waiting: runs.size });
  }
});
