// Next: an app, built and served as in production.
import { join } from "node:path";

import { called, imported, sent } from "./calls.mjs";
import { CELLS } from "./cells.mjs";
import { folderWithTools, tools } from "./folders.mjs";
import { atEnd, server, testCells } from "./group.mjs";
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
    export default async function Page() { return <pre>{btoa(encodeURIComponent(JSON.stringify(${result})))}</pre>; }\n`,
  "app/route/route.js": `export const dynamic = "force-dynamic";\n${route}`,
  "app/edge/route.js": `export const runtime = "edge";\n${route}`,
};

/** Builds the app and serves it; gives its address, and what it wrote. */
async function serve(bundler) {
  const cwd = folderWithTools(APP);
  await run(next[0], [next[1], "build", bundler], { cwd, env, timeout: 240_000 });
  const app = start(next[0], [next[1], "start", "--port", "0", "--hostname", "127.0.0.1"], { cwd, env });
  atEnd(app.stop);
  const [, url] = await said(app, /Local:\s+(http:\S+)/);
  return { url, output: app.output };
}

/** The cells of one bundler, which share an app: the first makes it. */
function cellsOf(where, bundler) {
  let serving;
  const served = () => (serving ??= serve(bundler));
  const asked = async (path) => {
    const { url, output } = await served();
    const response = await fetch(url + path);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}\n${output()}`);
    return text;
  };
  return {
    [`${where}, client component`]: async () => {
      const { url } = await served();
      return inBrowsers((inbox) => ({ address: `${url}/client?inbox=${encodeURIComponent(inbox)}` }));
    },
    [`${where}, server component`]: async () => {
      const [, text] = (await asked("/server")).match(/<pre>([^<]*)<\/pre>/);
      return JSON.parse(decodeURIComponent(atob(text)));
    },
    [`${where}, route handler`]: async () => JSON.parse(await asked("/route")),
    [`${where}, edge route`]: async () => JSON.parse(await asked("/edge")),
  };
}

const [[turbopack], [webpack]] = CELLS.next;
testCells("next", { ...cellsOf(turbopack, "--turbopack"), ...cellsOf(webpack, "--webpack") });
