import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, HATCHETS } from "../../src/connection/links.ts";
import { suggestions } from "../../src/create/workflows.ts";
import { hideable } from "../../src/list/columns.ts";

test("names are offered that hold what was typed, whatever its case, those that begin with it first", () => {
  const names = ["resend", "Send-email", "send-sms", "other", "send-sms"];
  assert.deepEqual(suggestions(" SEND", names), ["Send-email", "send-sms", "resend"]);
  assert.deepEqual(suggestions("", names).length, 4);
  assert.equal(suggestions("w", Array.from({ length: 5_000 }, (_, index) => `w-${index}`)).length, 100);
});

test("links are Hatchet's own addresses, or the host's, and lead nowhere but to pages", () => {
  const values = { server: "https://h.example/", tenant: "t/1", run: "r 1", workflow: "w" };
  assert.equal(fill(HATCHETS.run ?? "", values), "https://h.example/tenants/t%2F1/runs/r%201");
  assert.equal(fill("https://app.example/?run={run}&x={nothing}", values), "https://app.example/?run=r%201&x=");
  for (const template of ["javascript:alert('{run}')", "data:text/html,{run}", "{run}:x", "blob:{run}"]) assert.equal(fill(template, { run: "javascript" }), undefined, template);
});

test("what must always be seen is not hidden, whatever was kept", () => {
  assert.deepEqual(hideable(["id", "when", "workflow", "metadata", "nothing", 5, null]), ["metadata", "id"]);
});
