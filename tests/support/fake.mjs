/** A server that is a function: answers as a test says, and remembers what was asked. */

export const TENANT = "707d0855-80ab-4e1f-a156-f1c4546cbf52";
export const ID = "7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f";
/** Part of every token made here: must not turn up anywhere. */
export const SECRET = "c2VjcmV0LXNpZ25hdHVyZQ";

/** A token with these claims, which nobody verifies here. */
export function tokenOf(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "HS256" })}.${part(claims)}.${SECRET}`;
}

export const TOKEN = tokenOf({ sub: TENANT, server_url: "https://hatchet.example", exp: 4_102_444_800 });
export const WORKFLOWS = `https://hatchet.example/api/v1/tenants/${TENANT}/workflows`;

/** A pending run as the server sends it. */
export function runOf(changes = {}) {
  return {
    metadata: { id: ID, createdAt: "2026-11-23T10:00:00.123456Z", updatedAt: "2026-11-23T10:00:00Z" },
    tenantId: TENANT,
    workflowVersionId: ID,
    workflowId: ID,
    workflowName: "greeter",
    triggerAt: "2031-01-01T00:00:00Z",
    input: {},
    additionalMetadata: null,
    method: "API",
    priority: 1,
    workflowRunCreatedAt: "0001-01-01T00:00:00Z",
    workflowRunName: "",
    ...changes,
  };
}

export const json = (body, status = 200, headers = {}) =>
  new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });

/**
 * A `fetch` that answers with what `answer(request, number)` gives, by default a run, and its `requests`. As a real one
 * it rejects when it is aborted, whatever the answer does.
 */
export function fakeFetch(answer = () => json(runOf())) {
  const requests = [];
  const fetch = async (url, init) => {
    const request = { url, method: init.method, headers: init.headers, body: init.body && JSON.parse(init.body), init };
    requests.push(request);
    const aborted = new Promise((_, reject) => {
      init.signal.throwIfAborted();
      init.signal.addEventListener("abort", () => reject(init.signal.reason));
    });
    return Promise.race([answer(request, requests.length), aborted]);
  };
  return Object.assign(fetch, { requests });
}

/** An answer that never comes. */
export const never = () => new Promise(() => {});
