import { Refusal } from "./refusal.js";

/** What changes nothing may be asked for from anywhere: without leave by CORS its answer cannot be read. */
const READING = ["GET", "HEAD", "OPTIONS"];

/**
 * Cookies go along with what another site's page sends, so what changes something is refused unless the browser says that it
 * comes from here, or from an origin that is allowed. Browsers say so with every such request: where nothing is said and no
 * cookie is sent, it is none.
 */
export function demandOrigin(request, origins) {
  if (READING.includes(request.method)) return;
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  if (origin !== null && origins.includes(origin)) return;
  if (site !== null ? site === "same-origin" : origin !== null ? isOwn(origin, request) : !request.headers.has("cookie")) return;
  throw new Refusal(403, "This comes from another site's page, which may change nothing here.");
}

/** By the host alone: what stands before this server may have taken the encryption off. */
function isOwn(origin, request) {
  const host = request.headers.get("host") ?? new URL(request.url).host;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** What lets pages of the allowed origins read the answer. */
export function corsHeaders(request, origins) {
  if (origins.length === 0) return {};
  const origin = request.headers.get("origin");
  if (!origins.includes(origin)) return { vary: "origin" };
  return { vary: "origin", "access-control-allow-origin": origin, "access-control-expose-headers": "date, retry-after" };
}

/** Answers what a browser asks before it sends something to another origin. */
export function preflight(request, origins) {
  const headers = corsHeaders(request, origins);
  if (!headers["access-control-allow-origin"]) return new Response(null, { status: 403, headers });
  return new Response(null, {
    status: 204,
    headers: {
      ...headers,
      "access-control-allow-methods": "GET, POST, PATCH, DELETE",
      "access-control-allow-headers": "authorization, content-type",
      "access-control-max-age": "600",
    },
  });
}
