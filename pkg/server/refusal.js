/** What a caller is told when it is refused, in the form of Hatchet's own errors. */
export class Refusal extends Error {
  constructor(status, description, { field, headers, cause } = {}) {
    super(description, { cause });
    this.status = status;
    this.field = field;
    this.headers = headers;
  }

  get body() {
    return { errors: [{ description: this.message, ...(this.field && { field: this.field }) }] };
  }
}

const WORKFLOW = "There is no workflow with this id.";
const ABSENT = { run: "There is no run with this id that has started.", pause: WORKFLOW, workflowVersion: WORKFLOW };

/** What is not there, and what this caller must not know of: nothing tells them apart. */
export const notFound = (operation) => new Refusal(404, ABSENT[operation] ?? "There is no scheduled run with this id, or it has fired.");

/**
 * What the caller is told of a call's failure. Hatchet's refusals of the token, its addresses and what it says of failures
 * of its own stay on this side.
 */
export function refusalOf(error, operation) {
  if (error instanceof Refusal) return error;
  const told = (status, description, details) => new Refusal(status, description, { cause: error, ...details });
  switch (error?.code) {
    case "validation":
      if (error.path?.startsWith("options")) break;
      return told(400, error.message.replace(/^\w+: /, ""), { field: error.path });
    case "bad-request":
      return told(400, error.errors.map(({ description }) => description).join("; "));
    case "not-found":
      return told(404, notFound(operation).message);
    case "rate-limited":
      return told(429, "Hatchet is asked too much at the moment.", { headers: retryAfter(error.retryAfterMs) });
    case "timeout":
      return told(504, "Hatchet did not answer in time. What was sent may have taken effect.");
    case "permission-denied":
    case "server-error":
    case "api-error":
    case "decode":
    case "connection":
    case "bulk-interrupted":
      return told(502, "Hatchet did not do that. What was sent may have taken effect.");
  }
  return told(500, "The handler failed.");
}

function retryAfter(milliseconds) {
  return milliseconds === undefined ? undefined : { "retry-after": String(Math.ceil(milliseconds / 1000)) };
}
