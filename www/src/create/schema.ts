/** What a workflow's JSON Schema says of its input, as far as a form can ask for it: its members of plain values. */

import type { JsonObject, JsonValue } from "hatchet-scheduled";

export interface Field {
  name: string;
  label: string;
  note: string;
  required: boolean;
  kind: "text" | "number" | "integer" | "choice";
  /** Of a choice. */
  values: readonly JsonValue[];
}

export interface Form {
  fields: readonly Field[];
  /** Members that take lists and objects: these are for the JSON. */
  others: readonly string[];
}

type Schema = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Schema => typeof value === "object" && value !== null && !Array.isArray(value);
const isPlain = (value: unknown): value is JsonValue => value === null || ["string", "number", "boolean"].includes(typeof value);

/** `undefined` where it names no members. A schema is the worker's: nothing in it is relied on. */
export function readSchema(schema: unknown): Form | undefined {
  if (!isObject(schema)) return undefined;
  const root = resolve(schema, schema);
  if (!isObject(root.properties)) return undefined;
  const required = Array.isArray(root.required) ? root.required : [];
  const fields: Field[] = [];
  const others: string[] = [];
  // Hatchet tells members by name, and those that are required in the worker's own order.
  const rank = (name: string) => (required.includes(name) ? required.indexOf(name) : required.length);
  const members = Object.entries(root.properties).sort(([one], [other]) => rank(one) - rank(other));
  for (const [name, given] of members) {
    const member = isObject(given) ? resolve(given, schema) : {};
    const asked = kindOf(member);
    if (asked) fields.push({ name, label: text(member.title) || name, note: noteOf(member), required: required.includes(name), ...asked });
    else others.push(name);
  }
  return fields.length > 0 ? { fields, others } : undefined;
}

/** Follows references within the schema, and takes "this or null" for this. */
function resolve(schema: Schema, root: Schema, depth = 0): Schema {
  if (depth > 8) return {};
  const { $ref, anyOf, oneOf, allOf, ...own } = schema;
  if (typeof $ref === "string") return { ...resolve(referred($ref, root), root, depth + 1), ...own };
  const options = [anyOf, oneOf, allOf].find((list) => Array.isArray(list)) as unknown[] | undefined;
  const [only, another] = (options ?? []).filter((option) => isObject(option) && option.type !== "null") as Schema[];
  return only && !another ? { ...resolve(only, root, depth + 1), ...own } : own;
}

function referred(reference: string, root: Schema): Schema {
  if (!reference.startsWith("#/")) return {};
  let found: unknown = root;
  for (const step of reference.slice(2).split("/")) found = isObject(found) ? found[step.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
  return isObject(found) ? found : {};
}

function kindOf(member: Schema): Pick<Field, "kind" | "values"> | undefined {
  if (Array.isArray(member.enum)) return member.enum.every(isPlain) ? { kind: "choice", values: member.enum } : undefined;
  if (isPlain(member.const) && member.const !== undefined) return { kind: "choice", values: [member.const] };
  const types = (Array.isArray(member.type) ? member.type : [member.type]).filter((type) => type !== "null");
  switch (types.length === 1 ? types[0] : undefined) {
    case "string":
      return { kind: "text", values: [] };
    case "number":
    case "integer":
      return { kind: types[0] as "number" | "integer", values: [] };
    case "boolean":
      return { kind: "choice", values: [true, false] };
    default:
      return undefined;
  }
}

function noteOf(member: Schema): string {
  const hints = [
    text(member.description),
    member.format === "date-time" ? "A time such as 2031-01-01T09:00:00Z" : "",
    member.minimum === undefined ? "" : `From ${text(member.minimum)}`,
    member.maximum === undefined ? "" : `At most ${text(member.maximum)}`,
    member.default === undefined || member.default === null ? "" : `${text(member.default)} unless given`,
  ];
  return hints.filter((hint) => hint !== "").join(". ");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : isPlain(value) && value !== null ? String(value) : "";
}

/** The input with a member as it was typed; without it where nothing was. `undefined` for what it cannot be. */
export function withMember(input: JsonObject, field: Field, typed: string): JsonObject | undefined {
  const { [field.name]: _, ...others } = input;
  if (typed === "") return others;
  const value = valueOf(field, typed);
  if (value === undefined) return undefined;
  // In its own place; and `fromEntries` takes `__proto__` for a name as any other.
  const entries = Object.entries(Object.hasOwn(input, field.name) ? input : { ...others, [field.name]: null });
  return Object.fromEntries(entries.map(([name, before]) => [name, name === field.name ? value : before]));
}

function valueOf({ kind, values }: Field, typed: string): JsonValue | undefined {
  if (kind === "text") return typed;
  if (kind === "choice") return values[Number(typed)];
  const value = Number(typed);
  const isExact = Number.isFinite(value) && (Number.isSafeInteger(value) || (!Number.isInteger(value) && kind === "number"));
  return isExact ? value : undefined;
}

/** What a field shows of the input: its text, or the place of its choice. */
export function shownOf(input: JsonObject, { name, kind, values }: Field): string {
  if (!Object.hasOwn(input, name)) return "";
  const value = input[name] as JsonValue;
  if (kind === "choice") return values.includes(value) ? String(values.indexOf(value)) : "";
  return typeof value === (kind === "text" ? "string" : "number") ? String(value) : "";
}

/** What the workflow asks for and the input does not have. */
export function missing(input: JsonObject, { fields }: Form): Field[] {
  return fields.filter(({ name, required }) => required && !Object.hasOwn(input, name));
}
