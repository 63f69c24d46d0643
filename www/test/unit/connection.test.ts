import assert from "node:assert/strict";
import { test } from "node:test";
import { readClaims } from "../../src/connection/token.ts";
import { explainTrouble } from "../../src/connection/trouble.ts";

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const where = { origin: "https://dash.example.com", serverUrl: "https://hatchet.example.com", online: true };
const failure = (code: string, more: object = {}) => Object.assign(new Error(`words of ${code}`), { code, ...more });

test("a token tells its tenant, its server and its end", () => {
  const token = ` ${encode({ alg: "ES256" })}.${encode({ sub: "t-1", server_url: "https://h.example.com/ü", exp: 1_800_000_000 })}.sig\n`;
  assert.deepEqual(readClaims(token), { tenantId: "t-1", serverUrl: "https://h.example.com/ü", expiresAt: 1_800_000_000_000 });
});

test("what is no token is none, whatever its shape", () => {
  for (const text of ["", "abc", "a.b", "a.%%.c", "a..c", `a.${encode(null)}.c`, `a.${encode("x")}.c`, "a.b.c.d"]) assert.equal(readClaims(text), undefined, text);
  assert.deepEqual(readClaims(`a.${encode({ sub: 5, exp: "soon" })}.c`), { tenantId: undefined, serverUrl: undefined, expiresAt: undefined });
});

test("each kind of failure has a message of its own, with the server's words in it", () => {
  const codes = ["permission-denied", "not-found", "rate-limited", "server-error", "timeout", "connection", "decode", "bad-request", "validation"];
  const troubles = codes.map((code) => explainTrouble(failure(code), where));
  assert.equal(new Set(troubles.map(({ title }) => title)).size, codes.length);
  troubles.forEach(({ detail }, i) => assert.match(detail, new RegExp(`words of ${codes[i]}`)));
});

test("a refused connection names the server's setting and this page's origin", () => {
  const { hint, passing } = explainTrouble(failure("connection"), where);
  assert.match(hint ?? "", /SERVER_ALLOWED_ORIGINS has to include https:\/\/dash\.example\.com/);
  assert.ok(passing);
  assert.match(explainTrouble(failure("connection"), { ...where, online: false }).title, /offline/);
});

test("a server error names its status, a timeout its length, and anything else is still shown", () => {
  assert.match(explainTrouble(failure("server-error", { status: 503 }), where).title, /503/);
  assert.match(explainTrouble(failure("timeout", { timeoutMs: 30_000 }), where).detail, /30 s/);
  assert.equal(explainTrouble("odd", where).detail, "odd");
});
