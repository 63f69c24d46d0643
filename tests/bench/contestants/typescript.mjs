/** The official client for TypeScript, which takes the server's address from the token. */

import { byHand } from "./by-hand.mjs";

export async function connect({ entry, token }) {
  const { default: sdk } = await import(entry);
  const { schedules } = sdk.HatchetClient.init({ token, log_level: "OFF" });
  return byHand({
    getRun: (id) => schedules.get(id),
    createRun: ({ workflow, ...run }) => schedules.create(workflow, run),
    listRuns: ({ offset = 0, limit, mark }) =>
      schedules.list({ offset, limit, ...(mark && { additionalMetadata: Object.entries(mark).map((pair) => pair.join(":")) }) }),
    updateRuns: (ids, triggerAt) => schedules.bulkUpdate(ids.map((id) => ({ scheduledRun: id, triggerAt }))),
  });
}
