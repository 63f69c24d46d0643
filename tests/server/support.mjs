/** A handler over an embedded Hatchet, and clients of pages that call it. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { folder, ScheduledClient } from "../support/package.mjs";

export const { createHandler, memoryStore, signAccess, signedAccess, toNodeHandler } = await import(pathToFileURL(join(folder, "dist/server.js")));

export const ADDRESS = "https://app.example/api/scheduled";
export const BASE = `${ADDRESS}/api/v1/tenants/any/workflows`;

/** A handler over a server; a caller is let do what its header `x-access` says. */
export function handlerOver(server, options = {}) {
  return createHandler({
    access: (request) => JSON.parse(request.headers.get("x-access") ?? "null"),
    client: { token: server.token, maxRetries: 0 },
    ...options,
  });
}

/** What a page sends with every request, as its browser makes it. */
export const fromPage = { host: "app.example", origin: "https://app.example", "sec-fetch-site": "same-origin", cookie: "session=1" };

/** A page's client, whose user may do this. `sawText` is given every answer as text. */
export function pageClient(handler, access, sawText = () => {}) {
  const fetch = async (url, init) => {
    const response = await handler(new Request(url, { ...init, headers: { ...init.headers, ...fromPage, "x-access": JSON.stringify(access) } }));
    sawText(await response.clone().text());
    return response;
  };
  return new ScheduledClient({ serverUrl: ADDRESS, token: null, fetch, maxRetries: 0 });
}
