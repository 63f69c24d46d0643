import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createHmac } from "node:crypto";

import { PermissionDeniedError, ScheduledClient } from "../support/package.mjs";
import { startServer } from "../support/server.mjs";
import { ADDRESS, createHandler, memoryStore, signAccess, signedAccess } from "./support.mjs";

const secret = "a secret of more than thirty-two bytes";
const access = { allow: "write", metadata: { team: "a" } };
const triggerAt = "2031-01-01T00:00:00Z";

const server = await startServer();
after(() => server.stop());

const client = (token, options = { secret }, extra = {}) => {
  const handler = createHandler({ access: signedAccess(options), client: { token: server.token }, ...extra });
  return new ScheduledClient({ serverUrl: ADDRESS, token, fetch: (url, init) => handler(new Request(url, init)), maxRetries: 0 });
};
const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const decode = (part) => JSON.parse(Buffer.from(part, "base64url"));

test("who comes with signed access may do what it says, within its scope", async () => {
  const signed = client(await signAccess(access, { secret, expiresIn: "5m" }));
  const run = await signed.create("simple", { triggerAt });
  assert.deepEqual(run.additionalMetadata, { team: "a" });
  assert.deepEqual((await signed.access()).metadata, { team: "a" });
  const reader = client(await signAccess({ allow: "read" }, { secret, expiresIn: "5m" }));
  assert.equal((await reader.list()).rows.length, 1);
  await assert.rejects(reader.delete(run), PermissionDeniedError);
});

test("what is altered, expired, truncated, of another secret or algorithm lets nobody in", async () => {
  const token = await signAccess(access, { secret, expiresIn: "5m" });
  const [header, payload, signature] = token.split(".");
  const hmac = (text, hash = "sha256", key = secret) => createHmac(hash, key).update(text).digest("base64url");
  const resigned = (head, claims, hash, key) => {
    const text = `${encode(head)}.${encode(claims)}`;
    return `${text}.${hmac(text, hash, key)}`;
  };
  const claims = decode(payload);
  const bad = {
    altered: `${header}.${encode({ ...claims, access: { allow: "write" } })}.${signature}`,
    "signature cut": token.slice(0, -4),
    "without a signature": `${header}.${payload}.AA`,
    "alg none": `${encode({ alg: "none" })}.${payload}.AA`,
    "another algorithm": resigned({ alg: "HS512", typ: "JWT" }, claims, "sha512"),
    "another secret": resigned(decode(header), claims, "sha256", "another secret of more than 32 bytes!"),
    "another audience": resigned(decode(header), { ...claims, aud: "else" }),
    "no expiry": resigned(decode(header), { ...claims, exp: undefined }),
    expired: resigned(decode(header), { ...claims, exp: Math.floor(Date.now() / 1000) - 60 }),
    "Hatchet's own": server.token,
  };
  assert.ok(await client(resigned(decode(header), claims)).list(), "the rest of this test signs as it should");
  for (const [name, forged] of Object.entries(bad)) {
    await assert.rejects(client(forged, undefined, { onEvent: () => {} }).list(), PermissionDeniedError, name);
  }
});

test("a token for a single use changes something once, and needs a store to know", async () => {
  const token = await signAccess(access, { secret, expiresIn: "5m", singleUse: true });
  const store = memoryStore();
  const single = client(token, { secret, store });
  await single.list();
  await single.create("simple", { triggerAt });
  await assert.rejects(single.create("simple", { triggerAt }), PermissionDeniedError, "replayed");
  assert.ok(await single.list(), "it still reads");

  const events = [];
  const forgetful = client(token, { secret }, { onEvent: (event) => events.push(event) });
  await assert.rejects(forgetful.create("simple", { triggerAt }));
  assert.match(events[0].error.message, /needs a store/);
});

test("a weak secret, no expiry and no access are refused when they are given", async () => {
  await assert.rejects(signAccess(access, { secret: "short", expiresIn: "5m" }), /32 bytes/);
  await assert.rejects(signAccess(access, { secret }), /expiresIn/);
  await assert.rejects(signAccess({ allow: "all" }, { secret, expiresIn: "5m" }), /allow/);
  assert.throws(() => signedAccess({ secret: "short" }), /32 bytes/);
});
