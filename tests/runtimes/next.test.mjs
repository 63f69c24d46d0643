// Next: one app, built and served as in production.
import { join } from "node:path";
import { after } from "node:test";

import { called, imported, sent } from "./calls.mjs";
import { CELLS } from "./cells.mjs";
import { folderWithTools, server, testCells, tools } from "./group.mjs";
import { run, said, start } from "./processes.mjs";
import { inBrowsers } from "./visit.mjs";

const env = { NEXT_TELEMETRY_DISABLED: "1", CI: "1" };
const next = [process.execPath, join(tools, "node_modules/next/dist/bin/next")];
const result = `await ${called(server.token)}`;
const route = `${imported()}export async function GET() { return Response.json(${result}); }\n`;

const APP = {
  "next.config.mjs": `export default { turbopack: { root: ${JSON.stringify(tools)} } };\n`,
  "app/layout.js": `export default ({ children }) => <html lang="en"><body>{children}</body></html>;\n`,
  // The page is asked for with the address that is told its result.
  "app/client/page.js": `"use client";
    import { useEffect } from "react";
    ${imported()}
    export default function Page() {
      useEffect(() => {
        const inbox = new URLSearchParams(location.search).get("inbox");
        ${sent(server.token, "INBOX").replace('"INBOX"', "inbox")}
      }, []);
      return <p>The calls are made.</p>;
    }\n`,
  "app/server/page.js": `${imported()}
    export const dynamic = "force-dynamic";
    export default async function Page() { return <pre>{btoa(JSON.stringify(${result}))}</pre>; }\n`,
  "app/route/route.js": `export const dynamic = "force-dynamic";\n${route}`,
  "app/edge/route.js": `export const runtime = "edge";\n${route}`,
};

/** Builds and serves the app once for all of its cells; gives its address. */
const served = (async () => {
  const cwd = folderWithTools(APP);
  await run(next[0], [next[1], "build"], { cwd, env, timeout: 240_000 });
  const app = start(next[0], [next[1], "start", "--port", "0", "--hostname", "127.0.0.1"], { cwd, env });
  after(() => app.stop());
  const [, url] = await said(app, /Local:\s+(http:\S+)/);
  return { url, output: app.output };
})();
served.catch(() => {});

async function asked(path) {
  const { url, output } = await served;
  const response = await fetch(url + path);
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}\n${output()}`);
  return text;
}

const [[name]] = CELLS.next;
testCells("next", {
  [`${name}, client component`]: () =>
    inBrowsers(async (inbox) => `${(await served).url}/client?inbox=${encodeURIComponent(inbox)}`),
  [`${name}, server component`]: async () => JSON.parse(atob((await asked("/server")).match(/<pre>([^<]*)<\/pre>/)[1])),
  [`${name}, route handler`]: async () => JSON.parse(await asked("/route")),
  [`${name}, edge route`]: async () => JSON.parse(await asked("/edge")),
});
