import { context, isSpanContextValid, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";

/** The members of a call's arguments that say which run it is about. */
const RUNS = ["scheduled", "started", "updated"];

export function tracing(options = {}) {
  const { tracer, tracerProvider = trace, propagate = false, propagateHeaders = false } = checked(options);
  const contexts = new WeakMap();
  const start = (name, kind, attributes, within) => {
    const span = (tracer ?? tracerProvider.getTracer("hatchet-scheduled")).startSpan(name, { kind, attributes }, within);
    return { span, inside: trace.setSpan(within, span) };
  };

  return (request, next) => {
    if (request.type === "call") {
      const { operation, arguments: given } = request;
      const { span, inside } = start(`hatchet.scheduled ${operation}`, SpanKind.INTERNAL, readable(() => callAttributes(request), { [`${PREFIX}operation`]: operation }), context.active());
      contexts.set(request, inside);
      const passed = propagate ? { ...request, arguments: readable(() => carrying(operation, given, span.spanContext()), given) } : request;
      return during(span, () => context.with(inside, next, undefined, passed), (result) => {
        if (operation === "create") put(span, "run_id", result?.metadata?.id);
        for (const { code } of result?.warnings ?? []) span.addEvent("warning", { "hatchet.scheduled.warning": code });
      });
    }
    const { method, headers, attempt } = request;
    const within = contexts.get(request.call);
    const { span, inside } = start(method, SpanKind.CLIENT, attemptAttributes(request), within);
    if (attempt > 1) trace.getSpan(within).addEvent("retry", { "http.request.resend_count": attempt - 1 });
    const passed = { ...request, headers: { ...headers } };
    if (propagateHeaders) propagation.inject(inside, passed.headers);
    return during(span, () => context.with(inside, next, undefined, passed), (response) => {
      const status = response?.status;
      if (typeof status !== "number") return;
      span.setAttribute("http.response.status_code", status);
      if (status < 400) return;
      span.setAttribute("error.type", String(status));
      span.setStatus({ code: SpanStatusCode.ERROR });
    });
  };
}

/** Where each option is used, by its method; the others are true or false. */
const OPTIONS = { tracer: "startSpan", tracerProvider: "getTracer", propagate: undefined, propagateHeaders: undefined };

function checked(options) {
  if (!isObject(options)) throw new TypeError("tracing: options: expected an object");
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTIONS, key)) throw new TypeError(`tracing: options.${key}: unknown key: known keys are ${Object.keys(OPTIONS).join(", ")}`);
    const method = OPTIONS[key];
    if (method && value !== undefined && typeof value?.[method] !== "function") throw new TypeError(`tracing: options.${key}: expected an object with ${method}()`);
  }
  return options;
}

/** What cannot be read, such as a getter that throws, is the call's to refuse. */
function readable(read, otherwise) {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

async function during(span, make, done) {
  try {
    const result = await make();
    done(result);
    return result;
  } catch (error) {
    const type = (typeof error?.code === "string" && error.code) || error?.name || "_OTHER";
    const message = told(error);
    span.setAttribute("error.type", type);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    span.addEvent("exception", { "exception.type": error?.name ?? type, ...(message && { "exception.message": message }) });
    throw error;
  } finally {
    span.end();
  }
}

/** What may be told of an error: its own message may quote what the server, or `fetch`, says of input and metadata. */
function told(error) {
  if (error?.status) return `HTTP ${error.status}`;
  if (error?.timeoutMs) return `no answer within ${error.timeoutMs} ms`;
  return error?.path;
}

const PREFIX = "hatchet.scheduled.";

function put(span, name, value) {
  if (value !== undefined) span.setAttribute(PREFIX + name, value);
}

function callAttributes({ operation, arguments: given }) {
  const text = (value) => (typeof value === "string" ? value : undefined);
  const { workflowName = given.query?.workflowName, runs, updates, selection } = given;
  const [run] = RUNS.map((name) => given[name]).filter(Boolean);
  const list = runs ?? updates ?? selection?.scheduledIds;
  return {
    [`${PREFIX}operation`]: operation,
    [`${PREFIX}workflow_name`]: text(workflowName),
    [`${PREFIX}run_id`]: text(run) ?? text(run?.metadata?.id),
    [`${PREFIX}items`]: Array.isArray(list) ? list.length : undefined,
  };
}

function attemptAttributes({ method, url, attempt }) {
  const { hostname, port, protocol, origin, pathname } = new URL(url);
  return {
    "http.request.method": method,
    "url.full": origin + pathname,
    "server.address": hostname.replace(/^\[|\]$/g, ""),
    "server.port": Number(port) || (protocol === "https:" ? 443 : 80),
    "http.request.resend_count": attempt > 1 ? attempt - 1 : undefined,
  };
}

/** The arguments of a call that creates, with the trace in the metadata of its runs. */
function carrying(operation, given, span) {
  if (!isSpanContextValid(span)) return given;
  const trace = { traceparent: `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, "0")}` };
  const tracestate = span.traceState?.serialize();
  if (tracestate) trace.tracestate = tracestate;
  if (operation === "create") return { ...given, run: marked(given.run, trace) };
  if (operation === "bulkCreate" && Array.isArray(given.runs)) return { ...given, runs: given.runs.map((run) => marked(run, trace)) };
  return given;
}

function marked(run, trace) {
  if (!isObject(run)) return run;
  const { additionalMetadata = {} } = run;
  // What is no metadata is refused by the call; a trace of the caller's own is not mixed with this one.
  if (!isObject(additionalMetadata) || "traceparent" in additionalMetadata || "tracestate" in additionalMetadata) return run;
  const copy = {};
  // As the call reads it, with what it inherits.
  for (const key in run) copy[key] = run[key];
  copy.additionalMetadata = { ...additionalMetadata, ...trace };
  return copy;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
