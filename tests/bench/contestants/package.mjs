/** The npm package, as its users call it. Runs in browsers, too. */

import { tallied, talliedIds, tallyOf } from "./tally.mjs";

export async function connect({ entry, server, tenant, token }) {
  const { ScheduledClient } = await import(entry);
  const client = new ScheduledClient({ token, serverUrl: server, tenantId: tenant });

  return {
    get: async ({ id }) => tallied([await client.get(id)]),
    getMany: async ({ ids }) => tallied(await Promise.all(ids.map((id) => client.get(id)))),
    create: async ({ workflow, ...run }) => tallied([await client.create(workflow, run)]),
    list: async ({ limit, mark }) => tallied((await client.list({ limit, ...marked(mark) })).rows),

    async iterate({ pageSize, mark, attempt }) {
      const { add, tally } = tallyOf();
      const wanted = attempt === undefined ? mark : { ...mark, attempt };
      for await (const run of client.iterate({ pageSize, ...marked(wanted) })) add(run);
      return tally;
    },

    async bulkUpdate({ ids, triggerAt }) {
      const { updatedIds } = await client.bulkUpdate(ids.map((id) => [id, triggerAt]));
      return { updated: updatedIds.length };
    },

    async bulkCreate({ runs }) {
      const { created } = await client.bulkCreate(runs.map(({ workflow, ...run }) => ({ workflowName: workflow, ...run })));
      return talliedIds(created);
    },
  };
}

const marked = (mark) => mark && { additionalMetadata: mark };
