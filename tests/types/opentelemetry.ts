import { trace } from "@opentelemetry/api";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { ScheduledClient, type FetchResponse, type Intercept, type InterceptedCall } from "hatchet-scheduled";
import { tracing, type TracingOptions } from "hatchet-scheduled/opentelemetry";

const options: TracingOptions = { tracer: trace.getTracer("mine"), propagate: true, propagateHeaders: false };

export const clients = [
  new ScheduledClient({ intercept: tracing() }),
  new ScheduledClient({ intercept: tracing(options) }),
  new ScheduledClient({ intercept: tracing({ tracerProvider: new BasicTracerProvider() }) }),
  new ScheduledClient({ intercept: (request, next) => next(request) }),
  new ScheduledClient({ intercept: (_, next) => next() }),
];

export const signing: Intercept = async (request, next) => {
  if (request.type === "call") {
    const { operation, arguments: given }: InterceptedCall = request;
    void [operation satisfies string, given.run satisfies unknown];
    return next({ ...request, arguments: { ...given, options: {} } });
  }
  const { status }: FetchResponse = await next({ ...request, headers: { ...request.headers, "x-signature": request.body ?? "" } });
  void [status satisfies number, request.call.operation, request.attempt satisfies number, request.signal.aborted satisfies boolean];
  // @ts-expect-error an attempt has no arguments
  void request.arguments;
  // @ts-expect-error headers are texts
  return next({ ...request, headers: { a: 1 } });
};

// @ts-expect-error there is no such option
tracing({ spans: true });
// @ts-expect-error an interceptor is a function
new ScheduledClient({ intercept: {} });
