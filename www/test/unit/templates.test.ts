import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const src = fileURLToPath(new URL("../../src/", import.meta.url));

test("every template is made where texts are kept safe from translators", async () => {
  const files = (await readdir(src, { recursive: true })).filter((name) => name.endsWith(".ts") && name !== "ui/html.ts");
  assert.ok(files.length > 50);
  for (const name of files) {
    const [, imported] = /import \{([^}]*)\} from "lit-html"/.exec(await readFile(src + name, "utf8")) ?? [];
    assert.ok(imported === undefined || imported.trim() === "render", `${name} takes ${imported} from lit-html instead of ui/html.ts`);
  }
});
