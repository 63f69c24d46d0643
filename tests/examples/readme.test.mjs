// The README's examples, exactly as they stand there, from an installed tarball against the embedded server.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";

import { repository } from "../support/package.mjs";
import { startServer } from "../support/server.mjs";
import { installed, openSite } from "./browser.mjs";

const readme = readFileSync(join(repository, "README.md"), "utf8");
const server = await startServer();
after(() => server.stop());

/** The blocks of a language below a heading. */
function examples(heading, language) {
  const section = readme.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  const blocks = [...(section ?? "").matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, "g"))];
  assert.ok(blocks.length > 0, `README.md has no ${language} example under "${heading}"`);
  return blocks.map(([, block]) => block);
}

const example = (heading, language) => examples(heading, language)[0];

test("the example in Node schedules a run and sees it fire", { timeout: 120_000 }, async (t) => {
  const folder = mkdtempSync(join(dirname(installed), ".readme-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const script = join(folder, "example.mjs");
  writeFileSync(script, example("In Node", "js"));
  const env = { ...process.env, HATCHET_CLIENT_TOKEN: server.token };
  const started = Date.now();
  const { stdout } = await promisify(execFile)("node", [script], { env });
  const [, firesAt] = stdout.match(/^send-email [0-9a-f-]{36} fires at (\S+)\nfired\n$/) ?? [];
  assert.ok(firesAt, stdout);
  const ahead = Date.parse(firesAt) - started;
  assert.ok(ahead > 9_000 && ahead < 30_000, `fires ${ahead} ms after the start`);
  assert.ok(Date.now() >= Date.parse(firesAt), "it had not fired before its time");
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

test("the examples of handlers are those that the matrix serves", () => {
  const served = ["next.js", "hono.js"].map((name) => readFileSync(join(repository, "tests/examples/servers", name), "utf8"));
  assert.deepEqual(examples("In a page, without the tenant's key", "js"), served);
});

test("README, CONTRIBUTING and the manifest ask for the same Rust", () => {
  const [, version] = readFileSync(join(repository, "Cargo.toml"), "utf8").match(/^rust-version = "(.+)"$/m);
  for (const text of [readme, readFileSync(join(repository, "CONTRIBUTING.md"), "utf8")]) {
    assert.deepEqual([...text.matchAll(/Rust (\d+\.\d+) or newer/g)].map(([, named]) => named), [version]);
  }
});
