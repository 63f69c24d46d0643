/** What callers write compiles, and what they must not write does not. */
import {
  ApiError,
  BulkInterruptedError,
  HatchetError,
  NotFoundError,
  RateLimitError,
  ScheduledClient,
  ValidationError,
  type BulkUpdate,
  type ClientEvent,
  type FetchLike,
  type ScheduledClientOptions,
  type ScheduledWorkflows,
  type ScheduledWorkflowsList,
  type Warned,
  type TriggerTime,
} from "hatchet-scheduled";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const equal = <A, B>(_: Equal<A, B>): void => {};

const id = "7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f";

export async function everyCall(): Promise<void> {
  const client = new ScheduledClient();
  const run = await client.create("greeter", { triggerAt: new Date(), input: { a: [1, { b: null }] }, priority: 3 });
  equal<typeof run, ScheduledWorkflows & Warned>(true);
  await client.create("greeter", { triggerAt: { in: "15m" }, idempotencyKey: "once" }, { keepalive: true, namespace: "" });
  await client.get(run);
  await client.get(id, { timeoutMs: 1, totalTimeoutMs: 2, maxRetries: 0, headers: { "x-a": "b" } });
  const page = await client.list({ statuses: ["SCHEDULED"], additionalMetadata: { n: 1, flag: true, s: "x" }, orderByDirection: "ASC" });
  equal<typeof page, ScheduledWorkflowsList>(true);
  const moved = await client.update(run, { triggerAt: "2031-01-01T00:00:00Z" });
  (await client.confirm(moved)) satisfies "held" | "lost" | "unknown";
  moved.warnings?.map((warning) => warning.code satisfies "clock-skew" | "key-reuse" | "late-change" | "plain-http");
  equal<Awaited<ReturnType<typeof client.delete>>, void>(true);
  (await client.trigger(id)).externalId satisfies string;
  (await client.bulkDelete({ scheduledIds: [id, run] }, { dryRun: true, concurrency: 2 })).deletedIds satisfies string[];
  await client.bulkDelete({ scheduledIds: new Set([id]) });
  await client.bulkDelete({ all: true }, { onProgress: ({ done, failed, total }) => done + failed - total });
  await client.bulkDelete({ workflowName: "greeter", additionalMetadata: { team: "a" } });
  const updates: BulkUpdate[] = [{ id, triggerAt: 1e12 }, [run, new Date()]];
  (await client.bulkUpdate(updates)).errors.map((error) => error.error satisfies string);
  await client.bulkUpdate(new Map([[id, new Date()]]));
  (await client.bulkCreate([{ workflowName: "greeter", triggerAt: { in: 1000 } }])).created satisfies ScheduledWorkflows[];
  for await (const each of client.iterate({ pageSize: 10, orderByField: "createdAt" })) each.triggerAt satisfies string;
  for await (const change of client.watch({ workflowName: "greeter" }, { intervalMs: 1000 })) {
    change.type satisfies "added" | "updated" | "removed";
    change.run satisfies ScheduledWorkflows;
  }
}

export const times: TriggerTime[] = [
  new Date(),
  Date.now(),
  "2031-01-01T00:00:00+01:00",
  { epochMilliseconds: 0, toString: () => "a Temporal.Instant" },
  { local: "2031-01-01T09:00", timeZone: "Europe/Berlin" },
  { local: "2031-01-01T09:00", timeZone: "Europe/Berlin", disambiguation: "reject" },
  { in: "PT15M" },
  { in: 90_000 },
];

export async function mistakes(client: ScheduledClient): Promise<void> {
  // @ts-expect-error a misspelt option
  new ScheduledClient({ tokn: "" });
  // @ts-expect-error a run has a time
  await client.create("greeter", { input: {} });
  // @ts-expect-error null is no time
  await client.create("greeter", { triggerAt: null });
  // @ts-expect-error true is no time
  await client.create("greeter", { triggerAt: true });
  // @ts-expect-error priorities are 1, 2 and 3
  await client.create("greeter", { triggerAt: 0, priority: 4 });
  // @ts-expect-error functions have no JSON form
  await client.create("greeter", { triggerAt: 0, input: { f: () => 1 } });
  // @ts-expect-error a run without its metadata is no reference
  await client.get({ id });
  // @ts-expect-error statuses are known words
  await client.list({ statuses: ["scheduled"] });
  // @ts-expect-error directions are upper-case
  await client.list({ orderByDirection: "asc" });
  // @ts-expect-error "all" has to be said
  await client.bulkDelete({ all: false });
  // @ts-expect-error ids and conditions say two things
  await client.bulkDelete({ scheduledIds: [id], nonsense: 1 });
  // @ts-expect-error pages are this call's own affair
  client.iterate({ offset: 1 });
  // @ts-expect-error as above
  client.watch({ limit: 1 });
  // @ts-expect-error an unknown disambiguation
  await client.update(id, { triggerAt: { local: "", timeZone: "", disambiguation: "first" } });
  // @ts-expect-error the token does not come out again
  client.token;
}

export function errors(error: unknown): string {
  if (error instanceof NotFoundError) {
    return `${error.status} ${error.errors.map(({ description, field, code }) => `${description} ${field} ${code}`)}`;
  }
  if (error instanceof RateLimitError) error.retryAfterMs satisfies number | undefined;
  if (error instanceof ApiError) error.headers["x-request-id"] satisfies string | undefined;
  if (error instanceof ValidationError) error.path satisfies string | undefined;
  if (error instanceof BulkInterruptedError) return [...error.rest, ...error.unknown].join();
  if (error instanceof HatchetError) {
    // @ts-expect-error codes are not to be changed
    error.code = "";
    return `${error.code} ${error.operation} ${error.attempts} ${error.retryable} ${error.cause} ${error.stack} ${JSON.stringify(error)}`;
  }
  return new NotFoundError("made for a test", { status: 404, cause: error }).message;
}

const fetch: FetchLike = async (url, { method, headers, body }) => ({
  status: url.length + method.length + (body ?? "").length,
  headers: new Map(Object.entries(headers)),
  text: async () => "{}",
});

export const options: ScheduledClientOptions = {
  token: async () => "token",
  fetch,
  headers: { "x-team": "a" },
  onEvent(event: ClientEvent) {
    if (event.type === "warning") event.warning.message satisfies string;
    else event.attempt satisfies number;
  },
};

/** What this library's own `AbortSignal` has to look like, where there is neither DOM nor Node. */
export const signal = {
  aborted: false,
  addEventListener(_type: "abort", _listener: () => void): void {},
  removeEventListener(_type: "abort", _listener: () => void): void {},
};
new ScheduledClient(options).get(id, { signal });
