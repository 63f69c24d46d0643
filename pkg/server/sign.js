import { jwtVerify, SignJWT } from "jose";
import { readAccess } from "./access.js";

const ALGORITHM = "HS256";
const AUDIENCE = "hatchet-scheduled";
/** Stands where Hatchet's tokens have the tenant, which the handler knows. */
const NO_TENANT = "00000000-0000-0000-0000-000000000000";
/** As long as what the algorithm makes of it. */
const SHORTEST_SECRET = 32;

export async function signAccess(access, options) {
  const { secret, expiresIn, singleUse = false } = options ?? {};
  const key = keyOf(secret, "signAccess");
  readAccess(access);
  if (typeof expiresIn !== "string" || !/^\d+ ?\w+$/.test(expiresIn)) throw new TypeError('signAccess: options.expiresIn: missing: say how long it holds, for example "15m"');
  const token = new SignJWT({ access, ...(singleUse && { singleUse: true }) });
  return token.setProtectedHeader({ alg: ALGORITHM, typ: "JWT" }).setSubject(NO_TENANT).setAudience(AUDIENCE).setJti(crypto.randomUUID()).setIssuedAt().setExpirationTime(expiresIn).sign(key);
}

export function signedAccess(options) {
  const { secret, store } = options ?? {};
  const key = keyOf(secret, "signedAccess");
  if (store !== undefined && typeof store?.use !== "function") throw new TypeError("signedAccess: options.store: expected an object with a `use` method");
  return async (request) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
    if (!token) return null;
    const claims = await verified(token, key);
    if (!claims) return null;
    if (claims.singleUse && request.method !== "GET") {
      if (!store) throw new TypeError("signedAccess: options.store: a token for a single use needs a store that remembers which were used");
      if (!(await store.use(claims.jti, new Date(claims.exp * 1000)))) return null;
    }
    return claims.access;
  };
}

async function verified(token, key) {
  try {
    const { payload } = await jwtVerify(token, key, { algorithms: [ALGORITHM], audience: AUDIENCE, requiredClaims: ["exp", "jti"] });
    return payload;
  } catch {
    return undefined;
  }
}

/** Remembers used tokens within this process. */
export function memoryStore() {
  const used = new Map();
  return {
    use(id, expiresAt) {
      for (const [known, end] of used) if (end < Date.now()) used.delete(known);
      if (used.has(id)) return false;
      used.set(id, expiresAt.getTime());
      return true;
    },
  };
}

function keyOf(secret, name) {
  const key = new TextEncoder().encode(typeof secret === "string" ? secret : "");
  if (key.length < SHORTEST_SECRET) throw new TypeError(`${name}: options.secret: give a secret of ${SHORTEST_SECRET} bytes or more`);
  return key;
}
