/**
 * Traces by OpenTelemetry: a span a call, and within it one a HTTP attempt, by the conventions for HTTP clients.
 *
 * ```js
 * import { tracing } from "hatchet-scheduled/opentelemetry";
 *
 * const client = new ScheduledClient({ intercept: tracing({ propagate: true }) });
 * ```
 *
 * @packageDocumentation
 */

import type { Tracer, TracerProvider } from "@opentelemetry/api";
import type { Intercept } from "hatchet-scheduled";

export interface TracingOptions {
  /** Makes the spans. Default: that of `tracerProvider` for `hatchet-scheduled`. */
  tracer?: Tracer;
  /** Default: the global one. */
  tracerProvider?: Pick<TracerProvider, "getTracer">;
  /**
   * Writes the W3C `traceparent`, and `tracestate` where there is one, of the call's span into the `additionalMetadata` of the
   * runs that `create` and `bulkCreate` make. The run that fires inherits them. A run that has either already keeps its own.
   * Default false.
   */
  propagate?: boolean;
  /**
   * Sends the trace's headers with every request, by the global propagator. In a page, the server's CORS settings must allow
   * them. Default false.
   */
  propagateHeaders?: boolean;
}

/**
 * The client's `intercept` that traces.
 *
 * A call's span, `hatchet.scheduled create`, has `hatchet.scheduled.operation`, and where they are known `.workflow_name`,
 * `.run_id` and `.items`, how many a bulk call is about; a stream's lasts until it is left. Events on it: `retry`, with
 * `http.request.resend_count`, `warning`, with the code as `hatchet.scheduled.warning`, and `exception`.
 *
 * Each attempt's span, named by its method, is within it: `http.request.method`, `url.full`, `server.address`, `server.port`,
 * `http.response.status_code`, `http.request.resend_count`, `error.type`. An attempt ends as its headers come.
 *
 * In no span are the token, input, and values of metadata: `url.full` is without its query, which holds the metadata that a
 * list is filtered by, and errors are told by type, status, argument and time limit, as the server's words may quote what it
 * was sent.
 */
export function tracing(options?: TracingOptions): Intercept;
