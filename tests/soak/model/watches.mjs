import { HatchetError } from "../../support/package.mjs";
import { WORKFLOWS } from "./world.mjs";

/**
 * Watches until its signal ends it, from what it has told so far where an error ended it before, and holds each change to
 * what was known. The first watch knows of nothing, so what it has told is all that there is.
 */
export async function follow(world, client, { query, intervalMs }, options, record) {
  const told = new Map();
  const controller = new AbortController();
  options.signal?.addEventListener("abort", () => controller.abort(options.signal.reason));
  if (options.signal?.aborted) controller.abort(options.signal.reason);
  const workflowName = WORKFLOWS[query.workflow];
  const watch = { record, told, workflowName, stop: () => controller.abort(new Error("over")), again: 0 };
  world.watches.push(watch);
  while (!controller.signal.aborted) {
    try {
      const settings = { ...options, signal: controller.signal, known: [...told.values()], ...(intervalMs && { intervalMs }) };
      for await (const change of client.watch(workflowName ? { workflowName } : {}, settings)) tell(told, change);
    } catch (error) {
      if (controller.signal.aborted && error === controller.signal.reason) break;
      if (!(error instanceof HatchetError)) throw error;
      // Whoever watches again at once, while a failure lasts, asks without end.
      watch.again++;
      await world.clock.sleep(1_000).promise;
    }
  }
  if (options.signal?.aborted) throw options.signal.reason;
}

/** Takes up a change; what was never told cannot be gone, nor what is there be new. */
function tell(told, { type, run }) {
  const { id } = run.metadata;
  if (told.has(id) !== (type !== "added")) throw new Error(`watch told ${id} as ${type}, of which it had ${told.has(id) ? "told" : "never told"}`);
  if (type === "removed") told.delete(id);
  else told.set(id, run);
}
