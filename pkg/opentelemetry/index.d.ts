import type { Tracer, TracerProvider } from "@opentelemetry/api";
import type { Intercept } from "hatchet-scheduled";

export interface TracingOptions {
  /** Makes the spans. Default: that of `tracerProvider` for `hatchet-scheduled`. */
  tracer?: Tracer;
  /** Default: the global one. */
  tracerProvider?: TracerProvider;
  /**
   * Writes `traceparent` and `tracestate`, by the global propagator, into the `additionalMetadata` of runs that `create`
   * and `bulkCreate` make, but for runs that have either. Default false.
   */
  propagate?: boolean;
  /** Sends the trace's headers with every request: in a page, the server's CORS settings must allow them. Default false. */
  propagateHeaders?: boolean;
}

/**
 * The client's `intercept` that makes a span of every call, and within it one of every HTTP attempt. No token, input, or
 * value of metadata is in the attributes: addresses are told without their query.
 */
export function tracing(options?: TracingOptions): Intercept;
