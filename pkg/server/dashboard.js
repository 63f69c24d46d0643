import { inflated } from "../loaders/inflate.js";

/** Everything from here, and no exception but the one for WebAssembly. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
const SECURITY = { "content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" };

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Scheduled runs · Hatchet</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="dashboard.css">
<script type="module" src="dashboard.js"></script>
<scheduled-runs url="sync" server-url="./"></scheduled-runs>
`;
const STYLE = "body { margin: 0 } scheduled-runs { height: 100dvh } @media (max-width: 640px) { scheduled-runs { height: auto; min-height: 100dvh } }\n";

/** What an address of the dashboard's answers; `undefined` for others. It stands wherever the handler stands. */
export async function dashboardAt(request) {
  if (request.method !== "GET") return undefined;
  const { pathname, search } = new URL(request.url);
  if (pathname.endsWith("/")) return answer("text/html; charset=utf-8", PAGE, "no-store");
  if (pathname.endsWith("/dashboard.css")) return answer("text/css; charset=utf-8", STYLE, "no-cache");
  const file = pathname.split("/").at(-1);
  if (file.endsWith(".js")) {
    const { default: scripts } = await import("./dashboard-page.js");
    if (file === "wasm-bytes.js") return answer("text/javascript; charset=utf-8", await wasmBytes(), "no-cache");
    return Object.hasOwn(scripts, file) ? answer("text/javascript; charset=utf-8", await inflated(scripts[file]), "no-cache") : undefined;
  }
  if (!request.headers.get("accept")?.includes("text/html")) return undefined;
  // Its own addresses are relative to it. Without the dot, a last part with a colon would lead to another site.
  return new Response(null, { status: 308, headers: { location: `./${file}/${search}` } });
}

/** The client's WebAssembly is in the package once, for servers and pages. */
async function wasmBytes() {
  const { default: bytes } = await import("./wasm-bytes.js");
  return `export default "${bytes}";\n`;
}

function answer(type, text, cache) {
  return new Response(text, { headers: { "content-type": type, "cache-control": cache, ...SECURITY } });
}
