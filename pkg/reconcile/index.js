import { carryOut } from "./carry-out.js";
import { plan } from "./plan.js";
import { readOptions, readScope, readWanted } from "./read.js";

export async function reconcile(client, wanted, options) {
  const { scope, allowEmpty, dryRun, concurrency, onProgress, ...request } = readOptions(client, options);
  const filter = readScope(scope);
  const { given, items, planned } = await readWanted(client, wanted, filter, allowEmpty, { ...request, concurrency });
  const found = [];
  for await (const run of client.iterate({ ...filter, orderByField: "createdAt" }, request)) found.push(run);
  const time = await client.serverTime(request);
  const reconciliation = plan(planned, found, time?.epochMilliseconds ?? Date.now());
  if (!dryRun) await carryOut(client, { given, items }, reconciliation, { ...request, concurrency, onProgress });
  return reconciliation;
}
