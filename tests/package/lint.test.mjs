import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

import { tarball, unpack } from "./installed.mjs";

test("publint, at its strictest, has nothing to say", async () => {
  const { messages, pkg } = await publint({ pkgDir: unpack(), strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test("every way to resolve the types finds those of the module that is loaded", async () => {
  const packed = createPackageFromTarballData(new Uint8Array(readFileSync(tarball)));
  const { types, problems } = await checkPackage(packed, { excludeEntrypoints: ["./hatchet_scheduled_bg.wasm"] });
  assert.ok(types, "the package has types");
  assert.deepEqual(problems, []);
});
