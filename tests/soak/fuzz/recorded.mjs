/** What a server answered once, by the kind of request. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ID, TENANT } from "../../support/fake.mjs";
import { repository } from "../../support/package.mjs";

const TIME = "2030-12-01T00:00:00.123Z";
const PLACEHOLDERS = { tenant: TENANT, time: TIME, t0: TIME, number: 5, traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` };

/** The first that fits. */
const KINDS = [
  ["access", /^GET .*\/access$/],
  ["list", /^GET .*\/workflows\/scheduled$/],
  ["get", /^GET .*\/workflows\/scheduled\/[^/]+$/],
  ["update", /^PATCH .*\/workflows\/scheduled\/[^/]+$/],
  ["delete", /^DELETE .*\/workflows\/scheduled\/[^/]+$/],
  ["bulkDelete", /^POST .*\/workflows\/scheduled\/bulk-delete$/],
  ["bulkUpdate", /^POST .*\/workflows\/scheduled\/bulk-update$/],
  ["create", /^POST .*\/workflows\/[^/]*\/scheduled$/],
  ["trigger", /^POST .*\/workflows\/scheduled\/[^/]+$/],
  ["workflows", /^GET .*\/tenants\/[^/]+\/workflows$/],
  ["workflowVersion", /^GET .*\/workflows\/[^/]+\/versions$/],
  ["pause", /^PATCH .*\/workflows\/[^/]+$/],
  ["runs", /^GET .*\/tenants\/[^/]+\/workflow-runs$/],
  ["status", /^GET .*\/workflow-runs\/[^/]+\/status$/],
  ["run", /^GET .*\/workflow-runs\/[^/]+$/],
];

/** Which kind of request this is. */
export function kindOf(method, path) {
  const line = `${method} ${path.replace(/\?.*/s, "")}`;
  return KINDS.find(([, pattern]) => pattern.test(line))?.[0];
}

function filled(value) {
  if (typeof value === "string") {
    const whole = /^\{([\w.]+)\}$/.exec(value)?.[1];
    if (whole) return PLACEHOLDERS[whole] ?? ID;
    return value.replace(/\{([\w.]+)\}/g, (_, name) => PLACEHOLDERS[name] ?? ID);
  }
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filled(member)]));
  return value;
}

/** Answers of each kind: `{ status, headers, body }`. A handler's own is in no recording of Hatchet. */
export const RECORDED = { access: [{ status: 200, headers: { "content-type": "application/json" }, body: { allow: ["list", "get"], hideInput: false, maxItems: 5, metadata: { a: "b" }, workflows: ["simple"] } }] };
for (const file of ["scheduled.json", "runs.json"]) {
  const { steps } = JSON.parse(readFileSync(join(repository, "tests/recordings", file), "utf8"));
  for (const { request, response } of steps) {
    const kind = kindOf(request.method, request.path);
    if (kind) (RECORDED[kind] ??= []).push(filled(response));
  }
}

/** A success of each kind, the one that holds most. */
export const SUCCESS = Object.fromEntries(
  Object.entries(RECORDED).map(([kind, answers]) => {
    const successes = answers.filter(({ status }) => status < 300);
    return [kind, successes.reduce((most, answer) => (JSON.stringify(answer).length > JSON.stringify(most).length ? answer : most))];
  }),
);

export const KIND_NAMES = KINDS.map(([kind]) => kind);
