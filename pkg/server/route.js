import { Refusal } from "./refusal.js";

const VERSION = /\/api\/v1\/workflows\/([^/]+)\/versions$/;
const WORKFLOW = /\/api\/v1\/workflows\/([^/]+)$/;
const RUNS = /\/api\/v1\/stable\/tenants\/[^/]+\/workflow-runs$/;
const RUN = /\/api\/v1\/stable\/workflow-runs\/([^/]+)$/;
const API = /\/api\/v1\/tenants\/[^/]+\/workflows(\/.*)?$/;

/**
 * The call that a request means: its operation, and what the path names. Whatever is before Hatchet's own path is where the
 * handler stands, and the tenant in it is not for the caller to choose. `undefined` for an address that is none of these.
 */
export function routeOf(method, pathname) {
  if (/\/access$/.test(pathname)) return only(method, { GET: { operation: "access" } });
  const version = VERSION.exec(pathname);
  if (version) return only(method, { GET: { operation: "workflowVersion", id: decode(version[1]) } });
  const workflow = WORKFLOW.exec(pathname);
  if (workflow) return only(method, { PATCH: { operation: "pause", id: decode(workflow[1]) } });
  if (RUNS.test(pathname)) return only(method, { GET: { operation: "runs" } });
  const run = RUN.exec(pathname);
  if (run) return only(method, { GET: { operation: "run", id: decode(run[1]) } });
  const match = API.exec(pathname);
  if (!match) return undefined;
  const segments = (match[1] ?? "").split("/").slice(1).map(decode);
  const [first, second] = segments;
  if (segments.length === 0 || (segments.length === 1 && first === "")) return only(method, { GET: { operation: "workflows" } });
  if (segments.length === 1 && first === "scheduled") return only(method, { GET: { operation: "list" } });
  if (segments.length === 2 && first === "scheduled") {
    if (second === "bulk-delete") return only(method, { POST: { operation: "bulkDelete" } });
    if (second === "bulk-update") return only(method, { POST: { operation: "bulkUpdate" } });
    return only(method, {
      GET: { operation: "get", id: second },
      PATCH: { operation: "update", id: second },
      DELETE: { operation: "delete", id: second },
      POST: { operation: "trigger", id: second },
    });
  }
  if (segments.length === 2 && second === "scheduled") return only(method, { POST: { operation: "create", workflowName: first } });
  return undefined;
}

function only(method, routes) {
  if (Object.hasOwn(routes, method)) return routes[method];
  const allow = Object.keys(routes).join(", ");
  throw new Refusal(405, `This address knows ${allow}.`, { headers: { allow } });
}

function decode(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Refusal(400, "The address is not encoded as addresses are.");
  }
}
