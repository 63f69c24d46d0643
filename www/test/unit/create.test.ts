import assert from "node:assert/strict";
import { test } from "node:test";
import { readBatch } from "../../src/create/batch.ts";
import { cloneDraft, newCreateDraft } from "../../src/create/draft.ts";
import { readJsonObject } from "../../src/create/json.ts";
import { readCreateDraft } from "../../src/create/read.ts";
import { ensureTemporal } from "../../src/time/temporal.ts";
import { findZone, type Zone } from "../../src/time/zone.ts";
import { base, makeRandom, makeRun } from "../support/runs.ts";

await ensureTemporal();
const utc = findZone("UTC") as Zone;

test("an object is read as JSON.parse reads it", () => {
  const texts = ["{}", '{"a":1,"b":[true,false,null,-0.5e3,"\\u00e9\\n"],"c":{"d":{}}}', ' {\n"π": "🚀" } '];
  for (const text of texts) assert.deepEqual(readJsonObject(text), { ok: true, value: JSON.parse(text) });
  assert.deepEqual(readJsonObject("  \n"), { ok: true, value: {} });
  const prototype = readJsonObject('{"__proto__": {"polluted": true}}');
  assert.ok(prototype.ok && Object.hasOwn(prototype.value, "__proto__") && !("polluted" in {}));
});

test("whatever JSON.parse refuses is refused, at a place inside the text", () => {
  const random = makeRandom(8);
  const source = '{"a": [1, 2.5, {"b": "x\\"y"}], "c": null, "d": true}';
  for (let round = 0; round < 2_000; round += 1) {
    const at = Math.floor(random() * source.length);
    const text = source.slice(0, at) + (random() < 0.5 ? "" : ',}]"x:1'[Math.floor(random() * 7)]) + source.slice(at + 1);
    let valid = true;
    try {
      JSON.parse(text);
    } catch {
      valid = false;
    }
    const reading = readJsonObject(text);
    if (valid && !reading.ok) assert.match(reading.message, /twice|braces/, text);
    if (!valid) assert.ok(!reading.ok && reading.line === 1 && reading.column >= 1 && reading.column <= text.length + 1, text);
  }
});

test("an error names its line and column and what to do", () => {
  const at = (text: string) => {
    const reading = readJsonObject(text);
    return reading.ok ? assert.fail(text) : `${reading.line}:${reading.column} ${reading.message}`;
  };
  assert.match(at('{\n  "a": 1,\n}'), /^3:1 A comma before } has to go/);
  assert.match(at('{\n  "a": 1\n  "b": 2\n}'), /^3:3 A comma or }/);
  assert.match(at("{'a': 1}"), /^1:2 A key in "quotes"/);
  assert.match(at('{"a": \'x\'}'), /^1:7 Text is quoted with "/);
  assert.match(at('{"a": 01}'), /^1:7 This is no number/);
  assert.match(at('{"a": "x'), /^1:7 This text is not closed/);
  assert.match(at('{"a": 1} x'), /^1:10 Nothing may follow/);
  assert.match(at("[1]"), /object in braces/);
  assert.match(at('{"a":'), /A value is missing/);
});

test("numbers and characters that the server would change or refuse are refused here", () => {
  const message = (text: string) => {
    const reading = readJsonObject(text);
    return reading.ok ? "" : reading.message;
  };
  assert.match(message('{"id": 9007199254740993}'), /would change this number/);
  assert.equal(message('{"id": 9007199254740991}'), "");
  assert.match(message('{"n": 1e400}'), /this large/);
  assert.match(message('{"s": "a\\u0000b"}'), /NUL/);
  assert.match(message('{"a": 1, "a": 2}'), /here twice/);
  assert.match(message(`{"a": ${"[".repeat(300)}${"]".repeat(300)}}`), /nested too deeply/);
});

test("a draft is sent only once everything is there", () => {
  const draft = { ...newCreateDraft("simple"), when: { text: "in 10s", choice: undefined } };
  assert.deepEqual(readCreateDraft(draft, utc, base).request, {
    triggerAt: new Date(base + 10_000), input: {}, additionalMetadata: {}, priority: 1, idempotencyKey: draft.key,
  });
  for (const missing of [{ workflow: " " }, { when: { text: "", choice: undefined } }, { input: "{" }, { metadata: "[]" }]) {
    assert.equal(readCreateDraft({ ...draft, ...missing }, utc, base).request, undefined);
  }
});

test("a clone asks for the same run again", () => {
  const run = makeRun(1, { metadata: { n: 5, idempotencyKey: "k" }, priority: 3, at: base + 3_600_000 });
  const draft = cloneDraft(run, utc);
  const { request, workflow } = readCreateDraft(draft, utc, base);
  assert.equal(workflow, run.workflow);
  assert.deepEqual(request, { triggerAt: new Date(run.at), input: {}, additionalMetadata: { n: 5 }, priority: 3, idempotencyKey: draft.key });
  assert.notEqual(cloneDraft(run, utc).key, draft.key);
});

test("JSON lines are read line by line, each fault with its line", () => {
  const text = [
    '{"workflowName": "simple", "triggerAt": "2026-12-24T08:00:00Z"}',
    "",
    '{"workflowName": "simple", "triggerAt": "in 2h", "input": {"n": 1}, "additionalMetadata": {"a": "b"}, "priority": 3}',
    '{"workflowName": "simple"}',
    '{"workflowName": "simple", "triggerAt": "soon"}',
    '{"workflowName": "simple", "triggerAt": "in 2h", "prioritty": 3}',
    '{"workflowName": "simple", "triggerAt": "in 2h", "priority": 4}',
    "{nonsense}",
  ].join("\n");
  const { runs, lines, problems } = readBatch(text, utc, base);
  assert.deepEqual(runs, [
    { workflowName: "simple", triggerAt: new Date("2026-12-24T08:00:00Z"), input: {}, additionalMetadata: {}, priority: 1 },
    { workflowName: "simple", triggerAt: new Date(base + 7_200_000), input: { n: 1 }, additionalMetadata: { a: "b" }, priority: 3 },
  ]);
  assert.equal(lines.length, 2);
  assert.deepEqual(problems.map(({ line }) => line), [4, 5, 6, 7, 8]);
  assert.match(problems[2]?.message ?? "", /“prioritty” is not known/);
});
