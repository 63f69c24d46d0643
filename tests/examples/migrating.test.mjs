// What MIGRATING.md says of the official clients, held to them and to ours.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { repository } from "../support/package.mjs";
import { startServer } from "../support/server.mjs";
import { unpackOfficial } from "../types/official.mjs";
import { installed } from "./browser.mjs";

const page = readFileSync(join(repository, "MIGRATING.md"), "utf8");
const snippets = [...page.matchAll(/```js\n([^]*?)```/g)].map(([, snippet]) => snippet);

function temporary(t, parent) {
  const folder = mkdtempSync(join(parent, ".migrating-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

for (const [index, language] of ["TypeScript", "Python"].entries()) {
  test(`the example for those who come from ${language} runs`, async (t) => {
    const server = await startServer();
    t.after(() => server.stop());
    const script = join(temporary(t, dirname(installed)), "example.mjs");
    const told = language === "TypeScript" ? "[rows.length, same.input.message]" : "[deletedIds.length, errors.length]";
    writeFileSync(script, `${snippets[index]}\nconsole.log(JSON.stringify(${told}));`);
    const env = { ...process.env, HATCHET_CLIENT_TOKEN: server.token };
    const { stdout } = await promisify(execFile)("node", [script], { env });
    assert.deepEqual(JSON.parse(stdout), language === "TypeScript" ? [1, "hello"] : [1, 0]);
  });
}

test("no method of the official TypeScript client is left out", async (t) => {
  const folder = temporary(t, tmpdir());
  await unpackOfficial(folder);
  const types = readFileSync(join(folder, "package/v1/client/features/schedules.d.ts"), "utf8");
  const methods = [...types.matchAll(/^ {4}(?!private|constructor)(\w+)\(/gm)].map(([, name]) => name);
  assert.deepEqual(methods, ["create", "update", "delete", "list", "get", "bulkDelete", "bulkUpdate"]);
  const [, typescript] = page.split(/^## From /m);
  for (const method of methods) assert.match(typescript, new RegExp(`^\\| \`${method}\\(`, "m"), `MIGRATING.md leaves out ${method}`);
});
