// The README's examples, exactly as they stand there, from an installed tarball against the embedded server.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";

import { build } from "esbuild";

import { createHandler, toNodeHandler } from "../server/support.mjs";
import { repository, ScheduledClient } from "../support/package.mjs";
import { beside } from "../support/peers.mjs";
import { startServer } from "../support/server.mjs";
import { installed, openSite } from "./browser.mjs";

const readme = readFileSync(join(repository, "README.md"), "utf8");
const server = await startServer(["--workflow", "send-reminder"]);
after(() => server.stop());

/** The blocks of a language below a heading. */
function examples(heading, language) {
  const section = readme.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  const blocks = [...(section ?? "").matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, "g"))];
  assert.ok(blocks.length > 0, `README.md has no ${language} example under "${heading}"`);
  return blocks.map(([, block]) => block);
}

const example = (heading, language) => examples(heading, language)[0];

/** What a script prints in Node, with the server's token in the environment. */
async function printed(t, text) {
  const folder = mkdtempSync(join(dirname(installed), ".readme-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const script = join(folder, "example.mjs");
  writeFileSync(script, text);
  const env = { ...process.env, HATCHET_CLIENT_TOKEN: server.token };
  return (await promisify(execFile)("node", [script], { env })).stdout;
}

test("the example in Node schedules a run and sees it fire", { timeout: 120_000 }, async (t) => {
  const started = Date.now();
  const stdout = await printed(t, example("In Node", "js"));
  const [, firesAt] = stdout.match(/^send-email [0-9a-f-]{36} fires at (\S+)\nfired\n$/) ?? [];
  assert.ok(firesAt, stdout);
  const ahead = Date.parse(firesAt) - started;
  assert.ok(ahead > 9_000 && ahead < 30_000, `fires ${ahead} ms after the start`);
  assert.ok(Date.now() >= Date.parse(firesAt), "it had not fired before its time");
});

test("the example of following tells what became of a run", { timeout: 120_000 }, async (t) => {
  const [following] = examples("From a schedule to its result", "js");
  const [first, ...states] = (await printed(t, following)).trim().split("\n");
  assert.equal(first.trim(), "scheduled");
  assert.equal(states.at(-1), "succeeded { ok: true }");
});

test("the example of keys moves a run, and makes a set what is wanted", async (t) => {
  const [, keys] = examples("From a schedule to its result", "js");
  assert.equal((await printed(t, keys)).trim(), "create ada: done\ncreate bob: done");
  assert.equal((await printed(t, keys)).trim(), "", "the second time nothing is to be done");
  const owner = new ScheduledClient({ token: server.token });
  const { deletedIds } = await owner.bulkDelete({ all: true });
  assert.equal(deletedIds.length, 3);
});

test("the example in a browser schedules a run and shows it", { timeout: 120_000 }, async (t) => {
  const imports = { imports: { "hatchet-scheduled": "/hatchet-scheduled/dist/index.js" } };
  const html = `<!doctype html><body><script type="importmap">${JSON.stringify(imports)}</script>${example("In a browser", "html")}`;
  const { page, problems } = await openSite(t, { token: server.token, texts: { "/index.html": html } });
  await page.waitForFunction(() => document.body.innerText.includes("send-email"), { timeout: 30_000 }).catch(() => {});
  assert.deepEqual(problems, []);
  // 09:00 in Berlin on the first day of summer time.
  assert.equal((await page.innerText("body")).trim(), "2031-03-30T07:00:00Z send-email");
});

test("the example of traces writes the call's trace into the run", { timeout: 120_000 }, async () => {
  const sdk = `import { trace } from "@opentelemetry/api";
    import { BasicTracerProvider, ConsoleSpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new ConsoleSpanExporter())] }));`;
  writeFileSync(join(beside, "sdk.mjs"), sdk);
  writeFileSync(join(beside, "traces.mjs"), example("Traces", "js"));
  const env = { ...process.env, HATCHET_CLIENT_TOKEN: server.token };
  const { stdout } = await promisify(execFile)("node", ["--import", "./sdk.mjs", "traces.mjs"], { cwd: beside, env });
  const [, traceId, spanId] = stdout.match(/^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/m) ?? [];
  assert.ok(traceId, stdout);
  assert.ok(stdout.includes(`traceId: '${traceId}'`) && stdout.includes(`id: '${spanId}'`), stdout);
  assert.ok(!stdout.includes(server.token));
});

test("the examples of handlers are those that the matrix serves", () => {
  const served = ["next.js", "hono.js"].map((name) => readFileSync(join(repository, "tests/examples/servers", name), "utf8"));
  assert.deepEqual(examples("In a page, without the tenant's key", "js"), served);
});

test("the example in React lists runs through a handler, and deletes one", { timeout: 120_000 }, async (t) => {
  const owner = new ScheduledClient({ token: server.token });
  await owner.create("send-reminder", { triggerAt: "2031-01-01T00:00:00Z", additionalMetadata: { team: "a" } });
  await owner.create("send-reminder", { triggerAt: "2032-01-01T00:00:00Z", additionalMetadata: { team: "b" } });
  const main = `${example("In React", "jsx")}\nimport { createRoot } from "react-dom/client";\ncreateRoot(document.querySelector("main")).render(<App />);\n`;
  const { outputFiles } = await build({
    stdin: { contents: main, loader: "jsx", resolveDir: repository },
    bundle: true, format: "esm", write: false, jsx: "automatic", define: { "process.env.NODE_ENV": '"production"' },
    nodePaths: [dirname(installed), join(repository, "tests/node_modules")],
  });
  const texts = { "/index.html": '<!doctype html><title>React</title><main></main><script type="module" src="/app.js"></script>', "/app.js": outputFiles[0].text };
  const handler = createHandler({ access: () => ({ allow: "write", metadata: { team: "a" } }), client: { token: server.token } });
  const { page, problems } = await openSite(t, { token: "", texts, api: toNodeHandler(handler) });
  const items = page.locator("li");
  await items.filter({ hasText: "2031-01-01T00:00:00Z" }).waitFor({ timeout: 30_000 });
  assert.equal(await items.count(), 1, "the other team's is not there");
  await items.getByRole("button", { name: "Delete" }).click();
  await items.waitFor({ state: "detached", timeout: 30_000 });
  assert.equal((await owner.list()).rows.filter(({ workflowName }) => workflowName === "send-reminder").length, 1);
  assert.deepEqual(problems, []);
});

test("the example of the dashboard in a page shows the runs of its filter", { timeout: 120_000 }, async (t) => {
  const owner = new ScheduledClient({ token: server.token });
  for (const name of ["send-reminder", "send-email"]) await owner.create(name, { triggerAt: "2033-01-01T00:00:00Z" });
  const html = example("The dashboard", "html");
  const [script] = /(?<=<script type="module">)[^]*?(?=<\/script>)/.exec(html);
  const { outputFiles } = await build({ stdin: { contents: script, resolveDir: repository }, bundle: true, format: "esm", write: false, nodePaths: [dirname(installed)] });
  const texts = { "/index.html": html.replace(script, "").replace("<script", '<!doctype html><script src="/app.js"'), "/app.js": outputFiles[0].text };
  const handler = createHandler({ access: () => ({ allow: "read" }), client: { token: server.token } });
  const { page, problems } = await openSite(t, { token: "", texts, api: toNodeHandler(handler) });
  const rows = page.locator(".rows [role=row]");
  await rows.first().waitFor({ timeout: 30_000 });
  for (const text of await rows.allInnerTexts()) assert.match(text, /send-reminder/);
  assert.deepEqual(problems, []);
});

test("README, CONTRIBUTING and the manifest ask for the same Rust", () => {
  const [, version] = readFileSync(join(repository, "Cargo.toml"), "utf8").match(/^rust-version = "(.+)"$/m);
  for (const text of [readme, readFileSync(join(repository, "CONTRIBUTING.md"), "utf8")]) {
    assert.deepEqual([...text.matchAll(/Rust (\d+\.\d+) or newer/g)].map(([, named]) => named), [version]);
  }
});
