import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";

import { entry, folder, repository } from "../support/package.mjs";

const declarations = readFileSync(join(folder, "dist/index.d.ts"), "utf8");
const hatchet = await import(pathToFileURL(entry));
const { KEYS } = await import(pathToFileURL(join(repository, "pkg/js/arguments.js")));

/** The lines of a class in the declarations, comments left out. */
const linesOf = (name) =>
  declarations.match(new RegExp(`^export class ${name}\\b[^{]*\\{(?:\\}|\\n([^]*?)^\\})`, "m"))[1]?.replace(/\/\*\*[^]*?\*\//g, "").split("\n") ?? [];

const declared = linesOf("ScheduledClient")
  .map((line) => line.match(/^ {2}(\w+)[<(]/)?.[1])
  .filter((name) => name && name !== "constructor")
  .sort();

/** The names in the first parameter list of a piece of source, Rust's spelt as JavaScript's; types are left out. */
function parametersOf(source) {
  const parts = [""];
  let depth = 0;
  for (const character of source.slice(source.indexOf("("))) {
    if ("([{<".includes(character)) depth++;
    if (")]}>".includes(character)) depth--;
    if (depth === 0) break;
    if (depth === 1 && character === ",") parts.push("");
    else parts[parts.length - 1] += character;
  }
  const names = parts.map((part) => part.match(/^[\s(]*(\w+)/)?.[1]).filter(Boolean);
  return names.map((name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()));
}

test("what the declarations export is what the package exports", () => {
  const classes = [...declarations.matchAll(/^export (?:class|const|function) (\w+)/gm)].map(([, name]) => name);
  assert.ok(classes.length > 5);
  assert.deepEqual(Object.keys(hatchet).filter((name) => name !== "default").sort(), classes.sort());
});

test("the facade has the declared methods and nothing else to call", () => {
  const methods = Object.getOwnPropertyNames(hatchet.ScheduledClient.prototype).filter((name) => !["constructor", "toJSON"].includes(name));
  assert.deepEqual(methods.sort(), declared);
  assert.deepEqual(declared.slice(0, 4), ["access", "bulkCreate", "bulkDelete", "bulkUpdate"]);
  assert.ok(!("free" in hatchet.ScheduledClient.prototype));
});

test("the WebAssembly has a binding for each method, and no other", () => {
  const module = new WebAssembly.Module(readFileSync(join(folder, "dist/hatchet_scheduled_bg.wasm")));
  const bound = WebAssembly.Module.exports(module).map(({ name }) => name.match(/^client_(\w+)$/)?.[1]);
  assert.deepEqual(bound.filter((name) => name && name !== "new").sort(), declared);
});

test("declarations and facade name the same parameters in the same order, tables of keys name their objects, and bindings take them", () => {
  const body = linesOf("ScheduledClient").join("\n");
  const bundle = readFileSync(join(folder, "dist/facade.js"), "utf8");
  const glue = bundle.slice(bundle.indexOf("class Client {")).split(/\n *class /)[0];
  assert.deepEqual(Object.keys(KEYS).sort(), declared);
  for (const name of declared) {
    const facade = parametersOf(hatchet.ScheduledClient.prototype[name].toString());
    assert.deepEqual(parametersOf(body.slice(body.search(new RegExp(`^  ${name}[<(]`, "m")))), facade, `${name} as declared`);
    for (const parameter of Object.keys(KEYS[name])) assert.ok(facade.includes(parameter), `${name} takes ${parameter}`);
    const binding = glue.match(new RegExp(`^ *${name}\\([^]*?\\{$`, "m"))?.[0] ?? "";
    const listener = name.startsWith("bulk") ? ["onProgress"] : [];
    assert.deepEqual(parametersOf(binding), ["given", "cancel", ...listener], `${name} as bound`);
  }
});

test("the declared error properties are there", () => {
  for (const [, name] of declarations.matchAll(/^export class (\w+Error) /gm)) {
    const details = { path: "p", status: 404, errors: [], body: 1, headers: { a: "b" }, retryAfterMs: 5, timeoutMs: 6, done: 1, unknown: ["a"], rest: [1], operation: "get", attempts: 2, retryable: true, cause: 7, code: "c" };
    const error = new hatchet[name]("message", details);
    for (const line of linesOf(name)) {
      const property = line.match(/^ {2}readonly (\w+)\??:/)?.[1];
      if (property) assert.deepEqual(error[property], details[property], `${name}.${property}`);
    }
  }
});

test("every method, parameter object and error is documented", () => {
  for (const name of declared) assert.match(declarations, new RegExp(`\\*/\\n  ${name}[<(]`), name);
  for (const [, name] of declarations.matchAll(/^export class (\w+)/gm)) assert.match(declarations, new RegExp(`\\*/\\nexport class ${name}\\b`), name);
});
