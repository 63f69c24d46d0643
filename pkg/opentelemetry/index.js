import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";

/** The members of a call's arguments that say which run and which workflow it is about. */
const RUNS = ["scheduled", "followed", "updated"];
const LISTS = ["runs", "updates", "wanted", "selection"];
const TRACE_KEYS = ["traceparent", "tracestate"];

export function tracing({ tracer, tracerProvider = trace, propagate = false, propagateHeaders = false } = {}) {
  const spans = new WeakMap();
  const own = () => tracer ?? tracerProvider.getTracer("hatchet-scheduled");

  return (request, next) => {
    if (request.type === "call") {
      const options = { kind: SpanKind.INTERNAL, attributes: callAttributes(request) };
      const within = context.active();
      const span = own().startSpan(`hatchet.scheduled ${request.operation}`, options, within);
      const inside = trace.setSpan(within, span);
      spans.set(request, inside);
      const passed = propagate ? { ...request, arguments: carrying(request, inside) } : request;
      return during(span, () => context.with(inside, () => next(passed)));
    }
    const { method, url, headers, attempt } = request;
    const within = spans.get(request.call) ?? context.active();
    const span = own().startSpan(method, { kind: SpanKind.CLIENT, attributes: attemptAttributes(request) }, within);
    const inside = trace.setSpan(within, span);
    if (attempt > 1) trace.getSpan(within)?.addEvent("retry", { "http.request.resend_count": attempt - 1 });
    const passed = { method, url, headers: { ...headers }, body: request.body };
    if (propagateHeaders) propagation.inject(inside, passed.headers);
    return during(span, () => context.with(inside, () => next(passed)), (response) => {
      const status = response?.status;
      if (typeof status !== "number") return;
      span.setAttribute("http.response.status_code", status);
      if (status < 400) return;
      span.setAttribute("error.type", String(status));
      span.setStatus({ code: SpanStatusCode.ERROR });
    });
  };
}

async function during(span, make, answered) {
  try {
    const result = await make();
    answered?.(result);
    return result;
  } catch (error) {
    const isError = error instanceof Error;
    span.recordException(isError ? error : String(error));
    span.setAttribute("error.type", (isError && (error.code || error.name)) || "_OTHER");
    span.setStatus({ code: SpanStatusCode.ERROR, message: isError ? error.message : undefined });
    throw error;
  } finally {
    span.end();
  }
}

function callAttributes({ operation, arguments: given }) {
  const attributes = { "hatchet.scheduled.operation": operation };
  const put = (name, value) => {
    if (typeof value === "string" || typeof value === "number") attributes[`hatchet.scheduled.${name}`] = value;
  };
  put("workflow_name", given.workflowName ?? given.query?.workflowName);
  for (const name of RUNS) put("run_id", typeof given[name] === "string" ? given[name] : given[name]?.metadata?.id);
  for (const name of LISTS) put("items", Array.isArray(given[name]) ? given[name].length : undefined);
  return attributes;
}

function attemptAttributes({ method, url, attempt }) {
  const { hostname, port, protocol, origin, pathname } = new URL(url);
  const attributes = {
    "http.request.method": method,
    // Without the query, which may hold values of metadata that a list is filtered by.
    "url.full": origin + pathname,
    "server.address": hostname,
    "server.port": Number(port) || (protocol === "https:" ? 443 : 80),
  };
  if (attempt > 1) attributes["http.request.resend_count"] = attempt - 1;
  return attributes;
}

/** The arguments of a call that creates, with the trace in the metadata of its runs. */
function carrying({ operation, arguments: given }, inside) {
  const carrier = {};
  propagation.inject(inside, carrier);
  const entries = Object.entries(carrier).filter(([name]) => TRACE_KEYS.includes(name));
  const marked = (run) => {
    const metadata = run?.additionalMetadata ?? {};
    // What is no run is refused by the call; a trace of the caller's own is not mixed with this one.
    const isOwn = typeof metadata !== "object" || TRACE_KEYS.some((name) => name in metadata);
    if (typeof run !== "object" || run === null || isOwn) return run;
    return { ...run, additionalMetadata: { ...metadata, ...Object.fromEntries(entries) } };
  };
  if (operation === "create") return { ...given, run: marked(given.run) };
  if (operation === "bulkCreate" && Array.isArray(given.runs)) return { ...given, runs: given.runs.map(marked) };
  return given;
}
