/**
 * A page without the tenant's key: what keeps Hatchet's token on a server, and lets a page do just what its user may.
 *
 * @packageDocumentation
 */

import type { Operation, ScheduledClient, ScheduledClientOptions } from "hatchet-scheduled";

export type { Operation };

/**
 * Answers the requests of pages: Hatchet's own calls for scheduled runs, at whatever path it stands, for
 * `new ScheduledClient({ serverUrl: "/that/path" })`.
 *
 * Nothing is forwarded. A request is read into a known call with checked arguments, made by a client of its own, and answered
 * with what the caller may see; the caller's headers, cookies and query do not reach Hatchet, nor Hatchet's the caller. Where
 * Hatchet refuses the token or fails, the caller is told 502 or 504, and `onEvent` the truth.
 *
 * | status | when |
 * |---|---|
 * | 400, 413, 415 | the request is no such call, or too large |
 * | 401 | `access` answered null |
 * | 403 | `access` does not allow that, or the request comes from another site's page |
 * | 404 | there is no such run, or it is not in scope: nothing tells these apart |
 * | 429 | the caller has too many requests under way, or Hatchet is asked too much |
 *
 * ```js
 * import { createHandler } from "hatchet-scheduled/server";
 *
 * const handler = createHandler({
 *   access: async (request) => {
 *     const user = await userOf(request);
 *     return user && { allow: "write", workflows: ["send-reminder"], metadata: { team: user.team } };
 *   },
 * });
 * ```
 *
 * @throws TypeError for an option that is not as it should be. The client is made by the first request, so that an app can be
 * built where its token is not.
 */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response>;

export interface HandlerOptions {
  /**
   * Says what the caller of a request may do; asked for each. `null`: 401. There is no default: nothing is allowed unsaid.
   * When it throws, or answers something else, the caller is told 500, and `onEvent` why.
   */
  access: (request: Request) => Access | null | Promise<Access | null>;
  /** How Hatchet is reached. Default: by the `HATCHET_CLIENT_*` variables, without repeats, as the caller's own client repeats. */
  client?: ScheduledClient | ScheduledClientOptions;
  /** Who a request is counted for by `limits.requests`. Default: all with the same `Access` are one. */
  caller?: (request: Request, access: Access) => string;
  /**
   * Serves the dashboard too, at the path where the handler stands, to whoever `access` lets in: with a
   * Content-Security-Policy that needs no exception but `'wasm-unsafe-eval'`. Default false.
   */
  dashboard?: boolean;
  /** Lets pages of other origins call, with signed access and not with cookies. Default: none. */
  cors?: { origins: string[] };
  limits?: Partial<HandlerLimits>;
  /** Told what was refused (4xx) and what failed (5xx), with the error behind it. What it throws is ignored. */
  onEvent?: (event: HandlerEvent) => void;
}

/** What a caller may do. */
export interface Access {
  /**
   * `"read"`: list, get, workflows and runs, and with them iterate, watch and follow. `"write"`: everything, but `pause` where there
   * is `metadata`: a pause holds back all runs of its workflow, whoever's they are. A list that names `pause` beside `metadata` is
   * a mistake: `signAccess` throws, and a handler answers 500. To pause by name, and to unpause, needs `workflows` too; to unpause
   * also `list`, and `runs` where runs queue.
   */
  allow: "read" | "write" | Operation[];
  /**
   * Only runs of these workflows, by their exact names; the namespace of the handler's client is put before them. Default:
   * all. An empty list allows none. A listing over several workflows is put together here, from all their runs.
   */
  workflows?: string[];
  /** Written on every run that is created, and demanded of every run that is read or changed: one without it is not there. */
  metadata?: Record<string, string>;
  /** Keeps payloads on the server: no answer holds an input, nor, of a run that started, its output or why it failed. Default false. */
  hideInput?: boolean;
  /** How many items one bulk call may have. Default 1,000. */
  maxItems?: number;
}

export interface HandlerLimits {
  /** How long a body may be, in bytes. Default 4 MiB, the largest input that reaches a worker, and 64 KiB. */
  bodyBytes: number;
  /** How many runs are listed at once. Default 20,000. */
  listRuns: number;
  /** How many requests of one caller are worked on at once. Default 32. */
  requests: number;
}

/** What was not done. `operation` is undefined where the address is none of a call. */
export interface HandlerEvent {
  type: "refused" | "failed";
  operation: Operation | "access" | undefined;
  status: number;
  error: unknown;
}

/**
 * The handler for Node's `http`, Express and, by `request.raw` and `reply.raw`, Fastify. A caller that goes away ends reads at
 * once; what changes something is finished.
 */
export function toNodeHandler(
  handler: (request: Request) => Promise<Response>,
): (request: NodeRequest, response: NodeResponse) => Promise<void>;

/** What is needed of Node's `IncomingMessage`. */
export interface NodeRequest {
  method?: string | undefined;
  url?: string | undefined;
  rawHeaders: string[];
  on(event: string, listener: (...given: any[]) => void): unknown;
}

/** What is needed of Node's `ServerResponse`. */
export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body?: any): unknown;
}

/**
 * A short-lived, signed form of an `Access`, for a page of another origin, an app, a single link: it is given as `token` to
 * `new ScheduledClient({ serverUrl, token })`. Whoever has it may do what it says until it expires, and cannot change it.
 *
 * @throws TypeError for a secret under 32 bytes, an `access` that is none, or no `expiresIn`.
 */
export function signAccess(access: Access, options: SignOptions): Promise<string>;

export interface SignOptions {
  /** At least 32 bytes; the same one for {@link signedAccess}. */
  secret: string;
  /** How long it holds, for example `"15m"`. */
  expiresIn: string;
  /** Good for one request that changes something, and for any number that read. Default false. */
  singleUse?: boolean;
}

/**
 * The `access` of a handler whose callers come with what {@link signAccess} made. One that is altered, expired, of another
 * secret or another algorithm lets nobody in.
 */
export function signedAccess(options: { secret: string; store?: SingleUseStore }): (request: Request) => Promise<Access | null>;

/** Remembers which tokens for a single use were used. All processes that check tokens have to share it. */
export interface SingleUseStore {
  /** Marks a token as used; answers whether it was not before. What has expired may be forgotten. */
  use(id: string, expiresAt: Date): boolean | Promise<boolean>;
}

/** A store for a single process, in its memory. */
export function memoryStore(): SingleUseStore;
