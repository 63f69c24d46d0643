/** What is written by hand around single requests, wherever a client has nothing for it. */

import { tallied, talliedIds, tallyOf } from "./tally.mjs";

/** As many changes as Hatchet takes in a request. */
const CHUNK = 500;
const AT_ONCE = 4;

/** The calls of a contestant that has these requests. */
export function byHand({ getRun, createRun, listRuns, updateRuns }) {
  return {
    get: async ({ id }) => tallied([await getRun(id)]),
    getMany: async ({ ids }) => tallied(await Promise.all(ids.map((id) => getRun(id)))),
    create: async (run) => tallied([await createRun(run)]),
    list: async (query) => tallied((await listRuns(query)).rows),

    async iterate({ pageSize, mark, attempt }) {
      const { add, tally } = tallyOf();
      for (let offset = 0, pages = 1; offset < pages * pageSize; offset += pageSize) {
        const { pagination, rows } = await listRuns({ offset, limit: pageSize, mark });
        const wanted = attempt === undefined ? rows : rows.filter((run) => run.additionalMetadata?.attempt === attempt);
        for (const run of wanted) add(run);
        pages = pagination.num_pages;
      }
      return tally;
    },

    async bulkUpdate({ ids, triggerAt }) {
      let updated = 0;
      for (let start = 0; start < ids.length; start += CHUNK) {
        updated += (await updateRuns(ids.slice(start, start + CHUNK), triggerAt)).updatedIds.length;
      }
      return { updated };
    },

    async bulkCreate({ runs }) {
      const created = [];
      let next = 0;
      const worker = async () => {
        while (next < runs.length) {
          const index = next++;
          created[index] = await createRun(runs[index]);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      return talliedIds(created);
    },
  };
}
