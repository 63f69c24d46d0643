import assert from "node:assert/strict";
import { test } from "node:test";
import { type Field, missing, readSchema, shownOf, withMember } from "../../src/create/schema.ts";

const schema = {
  $defs: { Channel: { title: "A channel", enum: ["mail", "sms"] }, Address: { type: "object", properties: { street: { type: "string" } } } },
  type: "object",
  required: ["to", "channel"],
  properties: {
    to: { type: "string", title: "To", description: "Who gets it" },
    copies: { type: "integer", minimum: 1, maximum: 9, default: 2 },
    weight: { type: ["number", "null"] },
    urgent: { type: "boolean" },
    channel: { $ref: "#/$defs/Channel", description: "How" },
    at: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }], default: null },
    address: { $ref: "#/$defs/Address" },
    tags: { type: "array", items: { type: "string" } },
    either: { anyOf: [{ type: "string" }, { type: "integer" }] },
  },
};

const form = readSchema(schema);
const field = (name: string) => form?.fields.find((one) => one.name === name) as Field;

test("members of plain values are fields, those that are required first, and the others are named", () => {
  assert.deepEqual(form?.fields.map(({ name, label, kind, required }) => [name, label, kind, required]), [
    ["to", "To", "text", true],
    ["channel", "A channel", "choice", true],
    ["copies", "copies", "integer", false],
    ["weight", "weight", "number", false],
    ["urgent", "urgent", "choice", false],
    ["at", "at", "text", false],
  ]);
  assert.deepEqual(form?.others, ["address", "tags", "either"]);
  assert.equal(field("copies").note, "From 1. At most 9. 2 unless given");
  assert.equal(field("channel").note, "How");
  assert.equal(field("at").note, "A time such as 2031-01-01T09:00:00Z");
});

test("a schema that is none, or leads in a circle, asks for nothing", () => {
  const circle = { $ref: "#/$defs/A", $defs: { A: { $ref: "#/$defs/B" }, B: { $ref: "#/$defs/A" } } };
  for (const other of [undefined, null, 5, "a", [], {}, { type: "string" }, { properties: [] }, { properties: { a: { type: "object" } } }, circle, { $ref: "https://a.example/b" }]) {
    assert.equal(readSchema(other), undefined, JSON.stringify(other));
  }
  for (const member of [null, 5, [], { enum: [{}] }, { enum: 5 }, { type: 5 }, { $ref: 5 }, { anyOf: [5] }]) {
    assert.equal(readSchema({ properties: { a: member } }), undefined, JSON.stringify(member));
  }
  assert.deepEqual(readSchema({ properties: { "": { type: "string", title: 5, description: {} } } })?.fields[0], { name: "", label: "5", note: "", required: false, kind: "text", values: [] });
});

test("what is typed becomes the member's kind of value, in its place, and goes when it is emptied", () => {
  const input = { to: "a", copies: 1, other: [1] };
  assert.deepEqual(Object.entries(withMember(input, field("copies"), "3") ?? {}), [["to", "a"], ["copies", 3], ["other", [1]]]);
  assert.deepEqual(withMember(input, field("to"), ""), { copies: 1, other: [1] });
  assert.deepEqual(withMember({}, field("to"), "007"), { to: "007" });
  assert.deepEqual(withMember({}, field("urgent"), "1"), { urgent: false });
  assert.deepEqual(withMember({}, field("channel"), "1"), { channel: "sms" });
  assert.deepEqual(withMember({}, field("weight"), "1.5"), { weight: 1.5 });
  for (const [name, typed] of [["copies", "1.5"], ["copies", "x"], ["copies", "9007199254740993"], ["weight", "1e999"], ["weight", "12345678901234567890"]] as const) {
    assert.equal(withMember({}, field(name), typed), undefined, `${name} ${typed}`);
  }
  const proto = { ...field("to"), name: "__proto__" };
  assert.equal(JSON.stringify(withMember({}, proto, "a")), '{"__proto__":"a"}');
  assert.equal(shownOf(JSON.parse('{"__proto__":"a"}'), proto), "a");
});

test("what was typed is shown again, and what is of another kind is left to the JSON", () => {
  for (const [name, typed] of [["to", "Ada"], ["copies", "3"], ["weight", "-0.5"], ["urgent", "0"], ["channel", "1"]] as const) {
    assert.equal(shownOf(withMember({}, field(name), typed) ?? {}, field(name)), typed);
  }
  assert.equal(shownOf({ to: 5 }, field("to")), "");
  assert.equal(shownOf({ copies: "5" }, field("copies")), "");
  assert.equal(shownOf({ channel: "pigeon" }, field("channel")), "");
  assert.equal(shownOf({}, { ...field("to"), name: "toString" }), "");
});

test("what the workflow asks for and is not there is told", () => {
  assert.ok(form);
  assert.deepEqual(missing({ to: "" }, form).map(({ name }) => name), ["channel"]);
});
