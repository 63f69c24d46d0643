/** The platform's own types fit. */
import { ScheduledClient, type FetchLike, type RequestOptions } from "hatchet-scheduled";

const platformFetch: FetchLike = fetch;
const wrapped: typeof fetch = (input, init) => fetch(input, init);

export const clients = [
  new ScheduledClient({ fetch }),
  new ScheduledClient({ fetch: platformFetch }),
  new ScheduledClient({ fetch: wrapped }),
  new ScheduledClient({ fetch: async (url, init) => new Response(await (await fetch(url, init)).text()) }),
];
export const requests: RequestOptions[] = [
  { signal: new AbortController().signal },
  { signal: AbortSignal.timeout(1) },
];
