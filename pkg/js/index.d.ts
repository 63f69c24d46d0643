/**
 * Client for Hatchet's scheduled runs: runs of a workflow that wait on the server for their time.
 *
 * Field names of data are Hatchet's own, so values pass between this package and the official clients.
 *
 * @packageDocumentation
 */

// ------------------------------------------------------------------------------------------------------------- client

/**
 * Creates, reads, changes, deletes and starts scheduled runs.
 *
 * ```js
 * import { ScheduledClient } from "hatchet-scheduled";
 *
 * const client = new ScheduledClient({ token });
 * const run = await client.create("send-email", { triggerAt: new Date(Date.now() + 3_600_000), input: { to: "a@example.com" } });
 * ```
 *
 * One client serves any number of calls at once. Every method returns a promise and never throws before it does;
 * arguments are read before the method returns, so an object may be reused at once. The WebAssembly inside is loaded by
 * the first call, not by importing or constructing.
 *
 * **The late-change window.** The engine looks for due runs every 5 seconds and holds what falls due in the next 5. A
 * change or a deletion in the last seconds before a run is due may be answered with success and yet be lost: the run
 * fires at its old time. Such calls, within 10 seconds of the old time, say so with a warning, as far as this client
 * knows that time: from a run that it has seen, or that is passed whole instead of by its id.
 *
 * `Workflows` maps workflow names to the types of their inputs, and makes names and inputs checked:
 * `new ScheduledClient<{ "send-email": { to: string } }>()`.
 */
export class ScheduledClient<Workflows extends WorkflowInputs<Workflows> = Record<string, JsonObject>> {
  /**
   * Synchronous, and without any I/O. What is not given is taken from the `HATCHET_CLIENT_*` variables where the runtime
   * has an environment (Node, Bun, workerd; Deno as far as permitted), and then from the token's own claims:
   *
   * | option | variable | claim |
   * |---|---|---|
   * | `token` | `HATCHET_CLIENT_TOKEN` | |
   * | `serverUrl` | `HATCHET_CLIENT_SERVER_URL`, `HATCHET_CLIENT_API_URL` | `server_url` |
   * | `tenantId` | `HATCHET_CLIENT_TENANT_ID` | `sub` |
   * | `namespace` | `HATCHET_CLIENT_NAMESPACE` | |
   *
   * The token appears in no inspection, JSON or error.
   *
   * **Without a token**, a client calls a handler of `hatchet-scheduled/server`, which keeps it on the server and goes by the
   * session of the page: `new ScheduledClient({ serverUrl: "/api/scheduled" })`. A relative address is resolved against
   * the page by the first call; the variables' token is never sent there. In Node give the whole address, and
   * `token: null` where a token of the variables is not for it.
   *
   * @throws {@link ValidationError} for an unknown option, one of a wrong type, or neither a token nor an address. What only the
   * WebAssembly can judge (a malformed token or address, a number out of range) is told by the first call, as the same error.
   */
  constructor(options?: ScheduledClientOptions);

  /**
   * Schedules a run. A time that has passed is accepted: the server then starts the run within 5 seconds.
   *
   * Without an `idempotencyKey` it is repeated only when the request was surely not processed, as a second request would
   * make a second run; after a failure whose fate is unknown, the error says so.
   *
   * Warnings, of a `ClientWarning`'s codes: `key-reuse` when a run with the key is there already and is not what is asked
   * for, `clock-skew` when a delay was counted from a wrong time.
   *
   * @param workflowName Case-sensitive; the namespace is put before it.
   * @throws {@link BadRequestError} when the server refuses the run, for example because no workflow has this name.
   */
  create<Name extends keyof Workflows & string>(
    workflowName: Name,
    run: CreateScheduledRun<Workflows[Name]>,
    options?: RequestOptions,
  ): Promise<ScheduledWorkflows<Workflows[Name]> & Warned>;

  /**
   * Reads a run.
   *
   * @throws {@link NotFoundError} also when the run has fired: the server deletes the scheduled run at that moment.
   */
  get(scheduled: ScheduledRef, options?: RequestOptions): Promise<ScheduledWorkflows>;

  /** Reads one page of runs: 50 from the first one, latest `triggerAt` first, unless the query says otherwise. */
  list(query?: ListQuery<keyof Workflows & string>, options?: RequestOptions): Promise<ScheduledWorkflowsList>;

  /**
   * Changes when a run fires. See the late-change window above. Warnings: `late-change`, and `clock-skew` as for
   * {@link create}.
   *
   * @throws {@link NotFoundError} when there is no such run, or it has fired.
   */
  update(scheduled: ScheduledRef, change: { triggerAt: TriggerTime }, options?: RequestOptions): Promise<ScheduledWorkflows & Warned>;

  /**
   * Tells whether an update that came with a `late-change` warning held: waits until the engine would have fired the run
   * at its old time (6 s after it, by the server's clock), then looks. A late deletion cannot be confirmed, as the run is
   * gone either way.
   *
   * @returns `held`: the run still waits. `lost`: it is gone before its new time, because it fired at its old one or
   * somebody deleted it. `unknown`: it is gone, and its new time has passed as well; or it waits, and this client has not
   * seen the server's clock, as in a page of another origin, which is not shown an answer's `Date`, before it has created a
   * run.
   */
  confirm(updated: ScheduledWorkflows & Warned, options?: RequestOptions): Promise<"held" | "lost" | "unknown">;

  /**
   * Tells what time it is on the server, by which runs fire: the clock here may be minutes off. Goes by the `Date` of
   * answers and the `createdAt` of new runs; asks for one row where no answer has shown it yet.
   *
   * @returns `undefined` where the server's clock cannot be seen, as in a page of another origin before it has created a
   * run.
   */
  serverTime(options?: RequestOptions): Promise<ServerTime | undefined>;

  /**
   * Tells what this client may do: everything, without a request, with a token of Hatchet's; what the handler says where
   * one answers at `serverUrl`.
   */
  access(options?: RequestOptions): Promise<Access>;

  /**
   * Reads the workflows of the tenant, all of them, or those whose name holds a text
   * anywhere, whatever its case. The newest first.
   */
  workflows(query?: { name?: string }, options?: RequestOptions): Promise<Workflow[]>;

  /**
   * Reads the newest version of a workflow: what it says of itself, and, where it declares one, the JSON Schema of its input.
   * The server does not hold inputs against that schema; the workflow's worker may.
   *
   * @throws {@link NotFoundError} when there is no such workflow.
   */
  workflowVersion(workflow: WorkflowRef<keyof Workflows & string>, options?: RequestOptions): Promise<WorkflowVersion>;

  /**
   * Reads the runs that started, or stand in line to, the newest first: of the last 24 hours, and 1,000 at most, unless the
   * query says otherwise. Those that came from scheduled runs are told from others by their metadata alone.
   *
   * @throws {@link NotFoundError} when there is no workflow of the query's name.
   */
  runs(query?: RunsQuery<keyof Workflows & string>, options?: RequestOptions): Promise<WorkflowRun[]>;

  /**
   * Reads a run that started.
   *
   * @param run - its id, or what {@link trigger} answered.
   * @throws {@link NotFoundError} when there is no such run, or it does not show yet: that may take moments.
   */
  run(run: string | WorkflowRun | TriggerRunResult, options?: RequestOptions): Promise<WorkflowRun>;

  /**
   * Pauses a workflow. The server holds back all of its runs, whoever started or scheduled them. For 5 s it may go by what it
   * knew of the workflow before: what starts in that time may still run. After the pause, runs that stood queued go on within
   * half a minute.
   *
   * @throws {@link NotFoundError} when there is no such workflow.
   */
  pause(workflow: WorkflowRef<keyof Workflows & string>, pause: Pause, options?: RequestOptions): Promise<Workflow>;

  /**
   * Lets a paused workflow go on, and tells what that sets off, as it was read just before. With `dryRun` it only tells it, and
   * changes nothing.
   *
   * @throws {@link NotFoundError} when there is no such workflow.
   */
  unpause(workflow: WorkflowRef<keyof Workflows & string>, options?: UnpauseOptions): Promise<Unpaused>;

  /**
   * Deletes a run, so that it never fires. See the late-change window above; the warning goes to
   * {@link ScheduledClientOptions.onEvent}.
   *
   * @throws {@link NotFoundError} when there is no such run, or it has fired.
   * @throws {@link PermissionDeniedError} for a run made in the workflow's code (`method: "DEFAULT"`).
   */
  delete(scheduled: ScheduledRef, options?: RequestOptions): Promise<void>;

  /**
   * Starts a run now, instead of at its time. Never repeated after an answer or a loss that may have started it. Where the run is
   * firing in this very moment, the server answers with a {@link ServerError}: it fires once all the same.
   *
   * @throws {@link NotFoundError} when there is no such run, or it has fired.
   */
  trigger(scheduled: ScheduledRef, options?: RequestOptions): Promise<TriggerRunResult>;

  /**
   * Deletes any number of runs: by ids, by a filter, or all of them.
   *
   * Ids are sent 500 at a time, each such chunk one transaction on the server, each id once. A filter is first listed to
   * ids here, so that it means exactly what it means in {@link list} (the server's own bulk filter ignores `statuses`).
   * Runs made in code are left out and reported in `errors`.
   *
   * @throws {@link ValidationError} for neither ids nor a filter, or for both: "all" has to be said.
   */
  bulkDelete(selection: BulkDeleteSelection<keyof Workflows & string>, options?: BulkOptions): Promise<ScheduledWorkflowsBulkDeleteResponse>;

  /**
   * Changes when any number of runs fire, 500 at a time. An id that occurs twice with the same time is sent once; with
   * two times it is refused, as either could win.
   */
  bulkUpdate(updates: Iterable<BulkUpdate>, options?: BulkOptions): Promise<ScheduledWorkflowsBulkUpdateResponse>;

  /**
   * Schedules any number of runs, one request each. All are checked before the first is sent. A run that the server
   * refuses is an entry in `errors`, with its place in the call.
   */
  bulkCreate(runs: Iterable<BulkCreate<Workflows>>, options?: BulkOptions): Promise<ScheduledWorkflowsBulkCreateResponse>;

  /**
   * Every matching run exactly once, also while runs fire, are deleted, are added and are moved between pages. When the
   * order is by `triggerAt`, those that came where was read already are looked for once more at the end, and come last.
   * What cannot be noticed is a run that comes there between two requests just when another one is deleted there. Leaving a `for await` stops it at once.
   *
   * ```js
   * for await (const run of client.iterate({ workflowName: "send-email" })) console.log(run.triggerAt);
   * ```
   */
  iterate(query?: IterateQuery<keyof Workflows & string>, options?: RequestOptions): AsyncIterableIterator<ScheduledWorkflows>;

  /**
   * What changes from now on, by looking again and again: every `intervalMs`, and when a run falls due. Runs that exist at
   * first are not told, but for those that differ from {@link WatchOptions.known}. Failures that may pass are waited out:
   * {@link ScheduledClientOptions.onEvent} is told of each wait, as `retry`. Others end it.
   * Ends when its signal aborts; leaving a `for await` stops it at once.
   */
  watch(query?: WatchQuery<keyof Workflows & string>, options?: WatchOptions): AsyncIterableIterator<ScheduledChange>;
}

/** Workflow names and their inputs; interfaces are welcome, values that JSON cannot carry are not. */
export type WorkflowInputs<Workflows> = { [Name in keyof Workflows]: JsonCompatible<Workflows[Name]> };

/** `T` itself where JSON can carry it. */
export type JsonCompatible<T> = T extends JsonValue | undefined
  ? T
  : T extends (...args: never[]) => unknown
    ? never
    : T extends object
      ? { [Key in keyof T]: JsonCompatible<T[Key]> }
      : never;

/** How a client reaches the server. Durations are milliseconds. */
export interface ScheduledClientOptions {
  /** An API token; white space around it is removed. A function is asked before every attempt. `null`: there is none. */
  token?: string | (() => string | Promise<string>) | null;
  /**
   * The server's address, for example `https://cloud.onhatchet.run`; or, without a token, that of a handler of
   * `hatchet-scheduled/server`, in a page also relative to it, for example `/api/scheduled`.
   */
  serverUrl?: string;
  /** The tenant's id. */
  tenantId?: string;
  /**
   * Put before workflow names: lower-cased, with `_` at its end. A name that starts with it already stays as it is.
   * Default: none.
   */
  namespace?: string;
  /** The time limit of one attempt, reading the answer included. Default 30,000. */
  timeoutMs?: number;
  /** The time limit of a call with its repeats and waits. Default: none. */
  totalTimeoutMs?: number;
  /** How often a failed attempt is repeated where that is safe. Default 2. */
  maxRetries?: number;
  /** Sent with every request. */
  headers?: Record<string, string>;
  /** Sends the requests. Default: the runtime's own `fetch`. */
  fetch?: FetchLike;
  /** Told of every attempt and warning. It is never given the token nor a body; what it throws is ignored. */
  onEvent?: (event: ClientEvent) => void;
  /** One place for tracing, logging and signing: every call and every HTTP attempt passes through it. */
  intercept?: Intercept;
}

/**
 * A function that every call and every HTTP attempt passes through, and that goes on by calling `next`, at most once.
 *
 * ```js
 * async function intercept(request, next) {
 *   if (request.type === "call") return next(request);
 *   return next({ ...request, headers: { ...request.headers, "x-signature": await sign(request.body) } });
 * }
 * ```
 *
 * What it gives is the call's result, or the attempt's answer, also without `next`. A call fails by what it throws. An attempt
 * that fails before `next` was surely not sent: the call fails by a `ValidationError`, whose cause is what was thrown, and
 * nothing is repeated. Thrown later, it is as if `fetch` had. The time that it takes counts as the attempt's. A call
 * that does not come to `next` is ended by its signal and `totalTimeoutMs`.
 */
export type Intercept = (request: InterceptedCall | InterceptedAttempt, next: InterceptNext) => unknown;

/** Goes on, with `request` as it was where it is left out: to a call's result, or to an attempt's answer. */
export interface InterceptNext {
  <Request extends InterceptedCall | InterceptedAttempt>(request: Request): Promise<Request extends InterceptedAttempt ? FetchResponse : unknown>;
  (): Promise<unknown>;
}

/** A call of a method; of a stream, from the first `next()` to its end. Other `arguments` may be passed on. */
export interface InterceptedCall {
  readonly type: "call";
  /** The method that was called. */
  readonly operation: string;
  /** By the names of the method's parameters, that of `run` as `started`, as the caller gave them; frozen. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/**
 * A HTTP attempt. Other `headers`, another `body` and another `url` may be passed on: one of another origin is refused, as it
 * would get the token.
 */
export interface InterceptedAttempt {
  readonly type: "attempt";
  /** The very object of its call. */
  readonly call: InterceptedCall;
  readonly operation: string;
  /** From 1, for each request of its call. */
  readonly attempt: number;
  readonly method: string;
  readonly url: string;
  /** Without `Authorization`, which the client adds behind the interceptor, and which is refused there. */
  readonly headers: Record<string, string>;
  readonly body?: string;
  /** Aborted when the attempt is given up. */
  readonly signal: AbortSignalLike;
}

/** What one call does differently from its client. */
export interface RequestOptions {
  /**
   * Ends the call: requests are aborted, waits end, nothing more is sent. The call then rejects with the signal's own
   * reason, as `fetch` does. A signal that is aborted already sends nothing.
   */
  signal?: AbortSignalLike;
  /**
   * Lets the request outlive its page, for example a create while the page unloads. Default false. Browsers take 64 KiB of
   * such bodies under way at a time: a larger one is refused, and those that are too much together wait for each other.
   */
  keepalive?: boolean;
  /** Instead of the client's; `""` for none. */
  namespace?: string;
  /** The time limit of one attempt, in milliseconds. */
  timeoutMs?: number;
  /** The time limit of the whole call, in milliseconds; of a stream, that of each look of `watch` and page of `iterate`. */
  totalTimeoutMs?: number;
  /** How often a failed attempt is repeated where that is safe. */
  maxRetries?: number;
  /** Sent besides the client's headers, and instead of those of the same name. */
  headers?: Record<string, string>;
}

/** What a bulk call takes besides. */
export interface BulkOptions extends RequestOptions {
  /** `bulkDelete` and `bulkCreate` only, refused elsewhere: resolves to what would be deleted, or sent, and changes nothing. */
  dryRun?: boolean;
  /** How many requests are under way at once, from 1 to 100. Default 4. */
  concurrency?: number;
  /** Told after each request. What it throws is ignored. */
  onProgress?: (progress: BulkProgress) => void;
}

/** How far a bulk call is, in items, each counted once. */
export interface BulkProgress {
  /** What succeeded. */
  done: number;
  failed: number;
  total: number;
}

export interface WatchOptions extends RequestOptions {
  /** How long to wait between two looks, in milliseconds. Default 5,000. */
  intervalMs?: number;
  /**
   * Runs that are known already, from `list` or `iterate`, say: the first look is then made at once and told too, as
   * what differs from these. A page thus goes on from the rows that it shows, also after an error.
   */
  known?: Iterable<ScheduledWorkflows>;
}

/** What is needed of an `AbortSignal`. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** What is needed of `fetch`. */
export type FetchLike = (url: string, init: FetchInit) => Promise<FetchResponse>;

/** What is passed to `fetch`. */
export interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body?: string;
  keepalive?: boolean;
  /** Redirects are not followed: they would lose the token, or turn a POST into a GET. */
  redirect: "manual";
  /** On reads, where the runtime knows it. */
  cache?: "no-store";
  /** An `AbortSignal`, aborted when the call ends early. */
  signal: any;
}

/** What is read of an answer. */
export interface FetchResponse {
  readonly status: number;
  /** A `Headers` object, or a `Map`. */
  readonly headers: { forEach(callback: (value: string, name: string) => void): void };
  text(): Promise<string>;
}

// ------------------------------------------------------------------------------------------------------- what goes in

/**
 * When a run fires.
 *
 * - a `Date`, or milliseconds since 1970 (a number below 1e11 looks like seconds and is refused)
 * - ISO 8601 with `Z` or an offset: `"2026-12-24T18:00:00+01:00"`
 * - a `Temporal.Instant` or `Temporal.ZonedDateTime`, also a polyfill's
 * - wall-clock time in an IANA zone; `disambiguation` says what to do with a time that daylight saving skips or repeats,
 *   as in Temporal: `"compatible"` (the default: the earlier of two, or after the gap), `"earlier"`, `"later"`, `"reject"`
 * - a delay from now: `{ in: "90s" }`, `"15m"`, `"2h"`, `"1d"`, an ISO 8601 duration, or milliseconds. Now is what the
 *   server's clock shows, once an answer has shown it to this client; until then it is this machine's, and a `clock-skew`
 *   warning says where that was wrong by more than 3 seconds
 *
 * Always sent in UTC, as the server drops offsets. A text without offset or zone is refused: it would mean one thing
 * here and another there. The server keeps milliseconds.
 */
export type TriggerTime =
  | Date
  | number
  | string
  | { toString(): string; readonly epochMilliseconds: number }
  | { local: string; timeZone: string; disambiguation?: "compatible" | "earlier" | "later" | "reject" }
  | { in: string | number };

export type JsonObject = { [key: string]: JsonValue };
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** An id, or a run as the server gave it. */
export type ScheduledRef = string | { metadata: { id: string } };

/**
 * A run to schedule. The input may be left out where the workflow needs none. Input and metadata are what has a JSON form:
 * what `JSON.stringify` would drop, change or refuse (`undefined` in an array, `NaN`, a `Map`, any `BigInt`) is refused.
 */
export type CreateScheduledRun<Input = JsonObject> = ({} extends Input ? { input?: Input } : { input: Input }) & {
  /** When it fires. */
  triggerAt: TriggerTime;
  /**
   * Kept with the run and inherited by the run that starts. Filters compare strings: a number or a boolean here is never
   * found by a server-side filter. Default `{}`.
   */
  additionalMetadata?: JsonObject;
  /** 1 (low) to 3 (high). Default: 1, whatever the workflow's own: the server takes it so for scheduled runs. */
  priority?: 1 | 2 | 3;
  /**
   * With a key, the run is created once: calling again with the same key gives the run that is there, with a `key-reuse`
   * warning where that has another time, input, metadata or priority, and an attempt whose fate is unknown is looked up
   * before it is repeated. Any text will do.
   *
   * The key is kept percent-encoded in the run's metadata, under `idempotencyKey`. Hatchet itself knows no such keys, so
   * two limits remain: two first calls at the same instant may both create, and then the older run stays and the other
   * is deleted while it still can be; and a run that has fired no longer shows, so a call after that creates another. A request
   * whose fate is unknown is therefore not repeated once the run's time has come: the error says that it may have been processed.
   */
  idempotencyKey?: string;
  /**
   * With an `idempotencyKey`: what becomes of a run that is there with it, of the same workflow. Default `"keep"`.
   *
   * - `keep`: it stays as it is.
   * - `move`: it fires when this one would; the rest of it stays as it is. With a delay this is a debounce:
   *   `{ idempotencyKey, triggerAt: { in: "10m" }, onExisting: "move" }`.
   * - `replace`: it gives way to this one, unless it is the same. The new run is made before the old one is deleted, so there is
   *   never none; until the old one is deleted, a moment later, there are two. A call that was cut short between is finished by
   *   the next one with the key. The new run names the old one in its metadata, under `replacesScheduledRun`.
   *
   * Moving and deleting in the last seconds before the old run is due may come too late: a `late-change` warning says so.
   */
  onExisting?: "keep" | "move" | "replace";
  /**
   * Gives the run a key that no other has, by which `follow` of `hatchet-scheduled/follow` finds the run that it becomes; kept in
   * its metadata under `scheduledTraceKey`. Default false.
   */
  traceable?: boolean;
};

/** Which runs, and in which order. Conditions are joined by "and". */
export interface ListQuery<Name extends string = string> {
  /** How many to leave out. Default 0. */
  offset?: number;
  /** How many at most. Default 50. */
  limit?: number;
  /** Only runs of this workflow. */
  workflowId?: string;
  /** Only runs of the workflow with exactly this name; the namespace is put before it. */
  workflowName?: Name;
  /** Only runs scheduled by this run. */
  parentWorkflowRunId?: string;
  /** Only runs scheduled by this step run. */
  parentStepRunId?: string;
  /** Only runs in one of these states; at least one. The server keeps pending runs only: all but `SCHEDULED` match nothing. */
  statuses?: ScheduledRunStatus[];
  /**
   * Only runs whose metadata has all of these. The server can compare strings without colons only; where there are others,
   * the whole listing is read and compared here.
   */
  additionalMetadata?: Record<string, string | number | boolean>;
  /** Default `triggerAt`. */
  orderByField?: "triggerAt" | "createdAt";
  /** Default `DESC`. */
  orderByDirection?: "ASC" | "DESC";
}

/** Which runs, in which order, and how many to ask for at once (default 1,000). */
export type IterateQuery<Name extends string = string> = Omit<ListQuery<Name>, "offset" | "limit"> & { pageSize?: number };

/** Which runs. The order of changes is the order in which they are seen, whatever the query says. */
export type WatchQuery<Name extends string = string> = Omit<ListQuery<Name>, "offset" | "limit">;

export type ScheduledRunStatus = "PENDING" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED" | "QUEUED" | "SCHEDULED";

/** Ids, or at least one condition, or `all`. */
export type BulkDeleteSelection<Name extends string = string> =
  | { scheduledIds: Iterable<ScheduledRef> }
  | { all: true }
  | Pick<
      ListQuery<Name>,
      "workflowId" | "workflowName" | "parentWorkflowRunId" | "parentStepRunId" | "statuses" | "additionalMetadata"
    >;

/** Which of the runs that started. Conditions are joined by "and". */
export interface RunsQuery<Name extends string = string> {
  /** Made at this time or later. Default: 24 hours ago, by the server's clock. */
  since?: Instant;
  /** Made at this time or before. */
  until?: Instant;
  /** Only runs of this workflow. */
  workflowId?: string;
  /** Only runs of the workflow with exactly this name; the namespace is put before it. */
  workflowName?: Name;
  /** Only runs in one of these states. */
  statuses?: WorkflowRunStatus[];
  /** Only runs whose metadata has all of these; a run has the metadata of the scheduled run that it came from. */
  additionalMetadata?: Record<string, string | number | boolean>;
  /** Whether inputs and outputs are read, too. Default true. */
  includePayloads?: boolean;
  /** How many at most. Default 1,000. */
  limit?: number;
}

/** A time, in any of the ways of {@link TriggerTime} but a delay. */
export type Instant = Exclude<TriggerTime, { in: string | number }>;

/** How far a run is. A newer Hatchet may have more. */
export type WorkflowRunStatus = "QUEUED" | "RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED";

/** A workflow: its exact name, to which the namespace is put, its id, or itself as the server gave it. */
export type WorkflowRef<Name extends string = string> = Name | (string & {}) | { metadata: { id: string } };

/** How a workflow is paused. */
export interface Pause {
  /**
   * What becomes of scheduled runs that come due meanwhile.
   *
   * - `fire-late`: they stay, overdue, and **all of them fire** when the pause ends, however late. The server calls this `DROP`,
   *   and drops nothing.
   * - `queue`: they fire, and their runs stand queued until the pause ends; one that stands longer than `ttl` is cancelled.
   */
  scheduledRuns: "fire-late" | "queue";
  /** What becomes of the runs of the workflow's crons meanwhile: they are left out (the default), or stand queued. */
  cronRuns?: "drop" | "queue";
  /** How long a run stands queued at most: `"12h"`, an ISO 8601 duration, or milliseconds. Needed where anything queues. */
  ttl?: string | number;
}

export interface UnpauseOptions extends RequestOptions {
  /** Tells what would fire, and changes nothing. Default false. */
  dryRun?: boolean;
}

/** A run to schedule, and of which workflow. */
export type BulkCreate<Workflows = Record<string, JsonObject>> = {
  [Name in keyof Workflows & string]: { workflowName: Name } & CreateScheduledRun<Workflows[Name]>;
}[keyof Workflows & string];

/** A run and its new time. */
export type BulkUpdate = { id: ScheduledRef; triggerAt: TriggerTime } | [ScheduledRef, TriggerTime];

// ------------------------------------------------------------------------------------------------------ what comes out

/**
 * A run that waits for its time, as Hatchet sends it, less its placeholders (a year-1 `workflowRunCreatedAt`, an empty
 * `workflowRunName`). Times are ISO 8601 in UTC.
 */
export interface ScheduledWorkflows<Input = JsonObject> {
  metadata: { id: string; createdAt: string; updatedAt: string };
  tenantId: string;
  workflowId: string;
  /** With its namespace. */
  workflowName: string;
  workflowVersionId: string;
  triggerAt: string;
  /** `{}` where none was given. */
  input?: Input;
  /** `null` where none was given. */
  additionalMetadata?: JsonObject | null;
  /** `API`: it can be changed and deleted. `DEFAULT`: it was made in the workflow's code. A newer Hatchet may have more. */
  method: "API" | "DEFAULT" | (string & {});
  priority?: number;
  workflowRunId?: string;
  workflowRunName?: string;
  workflowRunCreatedAt?: string;
  workflowRunStatus?: string;
}

export interface ScheduledWorkflowsList {
  rows: ScheduledWorkflows[];
  /** Not for loops: where nothing matches, `num_pages` is 0 and `next_page` 2. */
  pagination: { current_page: number; next_page: number; num_pages: number };
}

/** What a caller may do. */
export interface Access {
  /**
   * `iterate` and `watch` need `list`; `bulkCreate` needs `create`; `run` needs `runs`; `pause` by a workflow's name needs
   * `workflows`, too, and so does `unpause`, which of a paused workflow also needs `list`, and `runs` where its runs queue.
   */
  allow: Operation[];
  /** Only with these workflows; all where it is not there. */
  workflows?: string[];
  /** Only with runs that have all of this in their metadata, and new ones get it. */
  metadata?: Record<string, string>;
  /** Inputs are kept back. */
  hideInput: boolean;
  /** How many items one bulk call may have; any number where it is not there. */
  maxItems?: number;
}

export type Operation = "list" | "get" | "workflows" | "runs" | "pause" | "create" | "update" | "delete" | "trigger" | "bulkDelete" | "bulkUpdate";

/** A workflow, as Hatchet sends it. There is more in it than is named here. */
export interface Workflow {
  metadata: { id: string; createdAt?: string; updatedAt?: string };
  /** With its namespace; case-sensitive. */
  name: string;
  description?: string;
  /** While it is paused, its runs wait or are late. */
  isPaused?: boolean;
  /**
   * While it is paused, what becomes of scheduled runs that come due. `DROP` drops nothing: they stay, overdue, and all of them
   * fire once the pause is over. `QUEUE` lets them go, and each one's run stands queued until then, or is cancelled in the end.
   */
  pausedWorkflowScheduledRunQueueBehavior?: "DROP" | "QUEUE";
  [other: string]: unknown;
}

/** A version of a workflow: what its worker has registered last. */
export interface WorkflowVersion {
  metadata: { id: string; createdAt?: string; updatedAt?: string };
  version?: string;
  /** What its runs look for in their input, where the workflow says so. */
  inputJsonSchema?: Record<string, unknown>;
  /** Not that of its scheduled runs: those have the one of their own, 1 unless given. */
  defaultPriority?: number;
  [other: string]: unknown;
}

/** A run that started, or stands in line to, as Hatchet sends it. There is more in it than is named here. */
export interface WorkflowRun {
  metadata: { id: string; createdAt?: string; updatedAt?: string };
  status: WorkflowRunStatus | (string & {});
  /** When the scheduled run fired, or was triggered. */
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  displayName?: string;
  workflowId?: string;
  workflowName?: string;
  /** That of the scheduled run, often with a `traceparent` of the server's. */
  additionalMetadata?: JsonObject | null;
  /** What its worker was given: the scheduled run's input is its member `input`. */
  input?: unknown;
  output?: unknown;
  errorMessage?: string;
  [other: string]: unknown;
}

/** What the end of a pause sets off. */
export interface Unpaused {
  /** As it is now; with `dryRun`, as it is still. */
  workflow: Workflow;
  /** The scheduled runs that are overdue, earliest first: all of them fire. */
  overdue: ScheduledWorkflows[];
  /** The runs that stand queued, the newest first: they go to workers. Looked for 30 days back. */
  queued: WorkflowRun[];
}

export interface ServerTime {
  /** Milliseconds since 1970. */
  epochMilliseconds: number;
  /** By how many milliseconds it may be off, either way. */
  uncertaintyMs: number;
}

/** What {@link ScheduledClient.trigger} answers. */
export interface TriggerRunResult {
  /** The id of the run that started. */
  externalId: string;
}

/** An item that a bulk call could not do. */
export interface BulkItemError {
  /** The run's id, where the item has one. */
  id?: string;
  /** The item's place in the call, from 0. */
  index?: number;
  /** Why. */
  error: string;
}

export interface ScheduledWorkflowsBulkDeleteResponse extends Warned {
  /** In the order given. */
  deletedIds: string[];
  errors: BulkItemError[];
}

export interface ScheduledWorkflowsBulkUpdateResponse extends Warned {
  /** In the order given. */
  updatedIds: string[];
  errors: BulkItemError[];
}

export interface ScheduledWorkflowsBulkCreateResponse extends Warned {
  /** In the order given. */
  created: ScheduledWorkflows[];
  errors: BulkItemError[];
  /** With `dryRun`: what would be sent, in the order given. Whether a run with the key is there already was not looked at. */
  planned?: PlannedRun[];
}

/** A run as it would be sent. */
export interface PlannedRun {
  /** With its namespace. */
  workflowName: string;
  /** In UTC. */
  triggerAt: string;
  input: JsonObject;
  additionalMetadata: JsonObject;
  priority?: number;
}

/** Something to know about a call that succeeded. Present only when there is something to say. */
export interface Warned {
  warnings?: ClientWarning[];
}

export interface ClientWarning {
  /**
   * `late-change`: the run was due so soon that the change may be lost.
   * `clock-skew`: a delay was counted from the time of a clock that is wrong by more than 3 seconds.
   * `key-reuse`: a run with the key was there already, and is not what was asked for.
   * `plain-http`: the token goes over plain `http` to a host that is not this machine, nor a page's own: anybody on the way can
   * read it. Told once per client, before it is sent; to the console where there is no
   * {@link ScheduledClientOptions.onEvent}. It is in no call's `warnings`.
   */
  code: "late-change" | "clock-skew" | "key-reuse" | "plain-http";
  message: string;
  /** The run, where it is about one. */
  id?: string;
  /** `late-change`: when the run was due before the change. */
  dueAt?: string;
  /** `clock-skew`: by how many milliseconds this machine's clock is ahead of the server's; negative when it is behind. */
  skewMs?: number;
  /** `key-reuse`: in what the run differs from what was asked for. */
  differs?: ("triggerAt" | "input" | "additionalMetadata" | "priority")[];
}

/** `removed`: fired or deleted, which cannot be told apart; the run is as it was seen last. */
export type ScheduledChange = { type: "added" | "updated"; run: ScheduledWorkflows } | { type: "removed"; run: ScheduledWorkflows };

/** What a client does. `url` is whole, with its query; `durationMs` runs from the request to the end of its answer. */
export type ClientEvent =
  | {
      type: "request" | "response" | "retry";
      operation: string;
      method: string;
      url: string;
      /** From 1. */
      attempt: number;
      status?: number;
      durationMs?: number;
      /** How long is waited before the next attempt. */
      delayMs?: number;
      error?: Error;
    }
  | { type: "warning"; operation: string; warning: ClientWarning };

// ---------------------------------------------------------------------------------------------------- what goes wrong

/**
 * Whatever goes wrong here. The message says what and, where known, what to do; `cause` is the underlying error.
 * An abort by the caller is not among these: the call rejects with the signal's own reason.
 *
 * Codes without a class of their own: `internal-panic` (the WebAssembly failed: every pending call is rejected, and the
 * next one starts afresh), `load` (the WebAssembly could not be loaded; a page's Content-Security-Policy must allow
 * `'wasm-unsafe-eval'`).
 */
export class HatchetError extends Error {
  /** Errors can be made for tests; in use they come from the client. */
  constructor(message: string, details?: Partial<HatchetErrorDetails>);
  /** Stable: made for programs, as the message is for people. */
  readonly code: string;
  /** The method that was called. */
  readonly operation?: string;
  /** How many requests were sent. */
  readonly attempts?: number;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  readonly cause?: unknown;
  /** For logs: without headers and bodies. */
  toJSON(): JsonObject;
}

/** The properties of all the errors below. */
export interface HatchetErrorDetails {
  code: string;
  operation: string;
  attempts: number;
  retryable: boolean;
  cause: unknown;
  path: string;
  status: number;
  errors: ApiErrorDetail[];
  body: unknown;
  headers: Record<string, string>;
  retryAfterMs: number;
  timeoutMs: number;
  done: unknown;
  unknown: string[];
  rest: unknown[];
}

/** Refused here, before anything was sent. Code `validation`. */
export class ValidationError extends HatchetError {
  /** Where in the arguments, for example `updates[3].triggerAt`. */
  readonly path?: string;
}

/** The server answered, and said no. Code `api-error` for a status without a class of its own. */
export class ApiError extends HatchetError {
  readonly status: number;
  /** What the server said, in whichever of its forms, or a gateway's page in a few words; never empty. */
  readonly errors: ApiErrorDetail[];
  /** The answer: parsed where it is JSON, otherwise its text. */
  readonly body: unknown;
  /** Names in lower case. Across origins, a browser shows few of them. */
  readonly headers: Record<string, string>;
}

export interface ApiErrorDetail {
  description: string;
  code?: number;
  field?: string;
}

/** 400, 415, 422. Code `bad-request`. */
export class BadRequestError extends ApiError {}

/** 401, 403: the token is wrong, expired or another tenant's. Code `permission-denied`. */
export class PermissionDeniedError extends ApiError {}

/** 404: unknown, deleted, or fired. Code `not-found`. */
export class NotFoundError extends ApiError {}

/** 429. Code `rate-limited`. */
export class RateLimitError extends ApiError {
  /** How long the server asks to wait. A browser often cannot see it across origins. */
  readonly retryAfterMs?: number;
}

/** 5xx. Code `server-error`. */
export class ServerError extends ApiError {}

/**
 * There was no answer: a refused or lost connection, DNS, TLS, or CORS, which a browser cannot tell apart. Code
 * `connection`.
 */
export class ConnectionError extends HatchetError {}

/** `timeoutMs` or `totalTimeoutMs` ran out. What was sent may have taken effect. Code `timeout`. */
export class TimeoutError extends HatchetError {
  /** The limit that ran out. */
  readonly timeoutMs: number;
}

/** The answer is not what Hatchet sends. Code `decode`. */
export class DecodeError extends HatchetError {
  /** Where in the answer. */
  readonly path?: string;
}

/**
 * A bulk call was cut short after something had happened, by an abort or a lost connection. `done`, `unknown` and `rest`
 * together are what was asked for. `cause` says why. Code `bulk-interrupted`.
 */
export class BulkInterruptedError extends HatchetError {
  /** What is known, in the shape of the call's result. */
  readonly done: unknown;
  /**
   * Ids whose fate could not be learned, also because a request that got no answer may reach the server yet; for `bulkCreate`,
   * places in the call.
   */
  readonly unknown: string[];
  /** What surely did not happen: calling again with it finishes that part. For `bulkDelete` ids, otherwise the items given. */
  readonly rest: unknown[];
}
