// Bundlers, for pages and for Node.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { rspack } from "@rspack/core";
import webpack from "webpack";

import {
  esbuildFor, packedBy, page, pageOf, parcelFor, rollupAs, rsbuildBuild, rsbuildDev, script, viteBuild, viteDev, viteSsr,
} from "./bundle.mjs";
import { CELLS } from "./cells.mjs";
import { folderWithTools } from "./folders.mjs";
import { testCells } from "./group.mjs";

const [[viteName], [webpackName], [rspackName], [rsbuildName], [parcelName], [esbuildName], [rollupName]] = CELLS.bundlers;

testCells("bundlers", {
  [`${viteName}, dev`]: viteDev(),
  [`${viteName}, build`]: page(viteBuild),
  [`${viteName}, SSR`]: script(viteSsr, "bundle.mjs"),
  [`${webpackName}, web`]: page(packedBy(webpack, "web", "bundle.js")),
  [`${webpackName}, node`]: script(packedBy(webpack, "node", "bundle.cjs"), "bundle.cjs"),
  [`${rspackName}, web`]: page(packedBy(rspack, "web", "bundle.js")),
  [`${rspackName}, node`]: script(packedBy(rspack, "node", "bundle.cjs"), "bundle.cjs"),
  [`${rsbuildName}, dev`]: rsbuildDev,
  [`${rsbuildName}, build`]: page(rsbuildBuild),
  [`${parcelName}, browser`]: page(parcelFor("index.html")),
  [`${parcelName}, node`]: script(parcelFor("main.js", { context: "node", engines: { node: ">=20" }, outputFormat: "commonjs", includeNodeModules: true, distEntry: "bundle.cjs" }), "bundle.cjs"),
  [`${esbuildName}, browser`]: page(esbuildFor({ outfile: "dist/bundle.js" })),
  [`${esbuildName}, node`]: script(esbuildFor({ platform: "node", outfile: "dist/bundle.cjs" }), "bundle.cjs"),
  [`${rollupName}, es`]: page(rollupAs("es"), { html: pageOf("/bundle.js") }),
  [`${rollupName}, iife`]: page(rollupAs("iife")),
});

test("Parcel, which knows no exports unless it is told to, finds the other entries too", { timeout: 120_000 }, async () => {
  const entries = ["dashboard", "follow", "react", "reconcile", "slim", "testing"];
  const lines = entries.map((name) => `import * as ${name} from "hatchet-scheduled/${name}";\n`);
  const folder = folderWithTools({ "index.html": pageOf("./main.js"), "main.js": `${lines.join("")}console.log(${entries});\n` });
  await parcelFor("index.html")(folder);
  const scripts = readdirSync(join(folder, "dist")).filter((name) => name.endsWith(".js")).map((name) => readFileSync(join(folder, "dist", name), "utf8"));
  for (const part of ["scheduled-runs", "initialize: source: ", "bulkCreate"]) assert.ok(scripts.some((script) => script.includes(part)), part);
});
