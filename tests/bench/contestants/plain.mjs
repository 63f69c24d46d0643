/** The limit: plain `fetch` and `JSON.parse`. Runs in browsers, too. */

import { byHand } from "./by-hand.mjs";

export function connect({ server, tenant, token }) {
  const workflows = `${server}/api/v1/tenants/${tenant}/workflows`;
  const headers = { authorization: `Bearer ${token}` };

  async function request(url, init) {
    const response = await fetch(url, { headers, ...init });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return JSON.parse(await response.text());
  }

  const post = (url, body) =>
    request(url, { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) });

  return byHand({
    getRun: (id) => request(`${workflows}/scheduled/${id}`),
    createRun: ({ workflow, ...run }) => post(`${workflows}/${workflow}/scheduled`, run),
    listRuns({ offset = 0, limit, mark = {} }) {
      const query = new URLSearchParams({ offset, limit });
      for (const [key, value] of Object.entries(mark)) query.append("additionalMetadata", `${key}:${value}`);
      return request(`${workflows}/scheduled?${query}`);
    },
    updateRuns: (ids, triggerAt) =>
      post(`${workflows}/scheduled/bulk-update`, { updates: ids.map((id) => ({ id, triggerAt })) }),
  });
}
