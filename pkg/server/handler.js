import { OPERATIONS, readAccess, Scope } from "./access.js";
import { CALLS } from "./calls.js";
import { dashboardAt } from "./dashboard.js";
import { Limiter } from "./limiter.js";
import { readOptions } from "./options.js";
import { corsHeaders, demandOrigin, preflight } from "./origin.js";
import { Refusal, refusalOf } from "./refusal.js";
import { routeOf } from "./route.js";
import { Workflows } from "./workflows.js";

const HEADERS = { "content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff" };
const READS = ["access", "workflows", "workflowVersion", "list", "get", "runs", "run"];
/** Whoever may list may look at one. */
const NEEDS = { workflowVersion: "workflows", run: "runs" };

export function createHandler(given) {
  const { access, caller, onEvent, origins, limits, client, dashboard } = readOptions(given);
  const limiter = new Limiter(limits.requests);
  let workflows;

  return async function handle(request) {
    const cors = corsHeaders(request, origins);
    let operation;
    try {
      if (request.method === "OPTIONS") return preflight(request, origins);
      const url = new URL(request.url);
      const route = routeOf(request.method, url.pathname);
      const page = !route && dashboard ? await dashboardAt(request) : undefined;
      if (!route && !page) throw new Refusal(404, "There is nothing at this address.");
      operation = route?.operation;
      demandOrigin(request, origins);
      const allowed = await access(request);
      if (!allowed) throw new Refusal(401, "Who you are is not known here: sign in first.");
      if (page) return page;
      const hatchet = client();
      const scope = new Scope(readAccess(allowed), namespaceOf(hatchet));
      const needed = NEEDS[operation] ?? operation;
      if (OPERATIONS.includes(needed)) scope.demand(needed);
      workflows ??= new Workflows(hatchet);
      const options = READS.includes(operation) ? { signal: request.signal } : {};
      const context = { client: hatchet, scope, limits, workflows, options };
      const body = await limiter.run(caller ? caller(request, allowed) : JSON.stringify(scope.access), () =>
        CALLS[operation](context, { ...route, request, parameters: url.searchParams }),
      );
      if (body === undefined) return new Response(null, { status: 204, headers: { ...cors, "cache-control": "no-store" } });
      return new Response(JSON.stringify(body), { headers: { ...HEADERS, ...cors } });
    } catch (error) {
      // Nobody is there any more to be told.
      if (request.signal.aborted) return new Response(null, { status: 499 });
      const refusal = refusalOf(error, operation);
      tell(onEvent, { type: refusal.status >= 500 ? "failed" : "refused", operation, status: refusal.status, error });
      return new Response(JSON.stringify(refusal.body), { status: refusal.status, headers: { ...HEADERS, ...refusal.headers, ...cors } });
    }
  };
}

/** As the client puts it before names. */
function namespaceOf(client) {
  const { namespace = "" } = client.toJSON();
  const name = namespace.trim().toLowerCase();
  return name === "" || name.endsWith("_") ? name : `${name}_`;
}

function tell(onEvent, event) {
  try {
    onEvent?.(event);
  } catch {
    // A broken observer must not change what the caller is told.
  }
}
