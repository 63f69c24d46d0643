import { kind } from "../js/values.js";

/** Which requests an operation makes. */
const MATCHES = {
  list: { method: "GET", path: "/workflows/scheduled(\\?|$)" },
  get: { method: "GET", path: "/workflows/scheduled/[^/]+$" },
  create: { method: "POST", path: "/workflows/[^/]+/scheduled$" },
  update: { method: "PATCH", path: "/workflows/scheduled/[^/]+$" },
  delete: { method: "DELETE", path: "/workflows/scheduled/[^/]+$" },
  trigger: { method: "POST", path: "/workflows/scheduled/[0-9a-f]{8}-[^/]+$" },
  bulkDelete: { method: "POST", path: "/workflows/scheduled/bulk-delete$" },
  bulkUpdate: { method: "POST", path: "/workflows/scheduled/bulk-update$" },
  workflows: { method: "GET", path: "/workflows(\\?|$)" },
  workflowVersion: { method: "GET", path: "/versions$" },
};
const WHEN = ["nth", "from", "to", "times"];
const WHAT = ["delayMs", "delayAfterMs", "status", "headers", "body", "cutBody", "drop"];

/** A fault as the server takes it. */
export function ruleOf(fault) {
  if (typeof fault !== "object" || fault === null) throw new TypeError(`fault: expected an object, got ${fault === null ? "null" : typeof fault}`);
  const { operation, ...others } = fault;
  if (operation !== undefined && !Object.hasOwn(MATCHES, operation)) {
    throw new TypeError(`fault.operation: expected one of ${Object.keys(MATCHES).join(", ")}, got ${typeof operation === "string" ? JSON.stringify(operation) : kind(operation)}`);
  }
  const rule = { match: { ...MATCHES[operation] }, then: {} };
  for (const [key, value] of Object.entries(others)) {
    if (WHEN.includes(key)) rule.match[key] = value;
    else if (WHAT.includes(key)) rule.then[key] = value;
    else throw new TypeError(`fault.${key}: unknown key: known keys are ${["operation", ...WHEN, ...WHAT].join(", ")}`);
  }
  if (Object.keys(rule.then).length === 0) throw new TypeError(`fault: what is to happen? Give one of ${WHAT.join(", ")}`);
  return rule;
}
