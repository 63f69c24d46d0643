/** JSON as people type it: errors with line and column, and no number that would silently change on its way. */

import type { JsonObject, JsonValue } from "hatchet-scheduled";

export type JsonReading =
  | { ok: true; value: JsonObject }
  | { ok: false; line: number; column: number; message: string };

/** Reads one JSON object; an empty text is an empty object. */
export function readJsonObject(text: string): JsonReading {
  if (!text.trim()) return { ok: true, value: {} };
  const scanner = new Scanner(text);
  try {
    const value = scanner.document();
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return { ok: false, line: 1, column: 1, message: "An object in braces is needed here, such as {\"to\": \"ada@example.com\"}." };
    }
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return { ok: false, ...position(text, error.offset), message: error.message };
  }
}

class JsonError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

function position(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

const MAX_DEPTH = 200;

/** Finds where a text stops being JSON. `JSON.parse` words and places its errors differently in every browser. */
class Scanner {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonValue {
    const value = this.#value(0);
    if (this.#peek() !== "") this.#fail("Nothing may follow the closing brace");
    return value;
  }

  #fail(message: string, offset = this.#at): never {
    throw new JsonError(`${message}.`, offset);
  }

  /** The next character after white space; empty at the end. */
  #peek(): string {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? "")) this.#at += 1;
    return this.#text[this.#at] ?? "";
  }

  #value(depth: number): JsonValue {
    if (depth > MAX_DEPTH) this.#fail("This is nested too deeply");
    const char = this.#peek();
    if (char === "{") return this.#object(depth);
    if (char === "[") return this.#array(depth);
    if (char === '"') return this.#string();
    if (char === "-" || (char >= "0" && char <= "9")) return this.#number();
    for (const [word, value] of [["true", true], ["false", false], ["null", null]] as const) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    if (char === "'") this.#fail("Text is quoted with \" in JSON, not with '");
    return this.#fail(char === "" ? "A value is missing at the end" : `A value was expected, not “${char}”`);
  }

  #object(depth: number): JsonObject {
    const value: JsonObject = {};
    this.#at += 1;
    if (this.#peek() === "}") {
      this.#at += 1;
      return value;
    }
    for (;;) {
      if (this.#peek() !== '"') this.#fail(this.#peek() === "}" ? "A comma before } has to go" : "A key in \"quotes\" was expected");
      const start = this.#at;
      const key = this.#string();
      if (Object.hasOwn(value, key)) this.#fail(`The key “${key}” is here twice`, start);
      if (this.#peek() !== ":") this.#fail("A colon was expected after the key");
      this.#at += 1;
      Object.defineProperty(value, key, { value: this.#value(depth + 1), enumerable: true, configurable: true, writable: true });
      if (this.#separator("}")) return value;
    }
  }

  #array(depth: number): JsonValue[] {
    const value: JsonValue[] = [];
    this.#at += 1;
    if (this.#peek() === "]") {
      this.#at += 1;
      return value;
    }
    for (;;) {
      if (this.#peek() === "]") this.#fail("A comma before ] has to go");
      value.push(this.#value(depth + 1));
      if (this.#separator("]")) return value;
    }
  }

  /** Passes a comma, or the closing bracket (true). */
  #separator(close: string): boolean {
    const char = this.#peek();
    if (char !== "," && char !== close) this.#fail(`A comma or ${close} was expected`);
    this.#at += 1;
    return char === close;
  }

  #string(): string {
    const start = this.#at;
    const end = /"(?:[^"\\\n]|\\.)*"/y;
    end.lastIndex = start;
    const literal = end.exec(this.#text)?.[0];
    if (literal === undefined) this.#fail("This text is not closed with a \"", start);
    let value: string;
    try {
      value = JSON.parse(literal) as string;
    } catch {
      return this.#fail("This text holds a character or escape that JSON does not allow", start);
    }
    if (value.includes("\0")) this.#fail("The server refuses NUL characters", start);
    this.#at += literal.length;
    return value;
  }

  #number(): number {
    const start = this.#at;
    const pattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
    pattern.lastIndex = start;
    const match = pattern.exec(this.#text);
    if (!match) this.#fail("This is no number");
    const [literal, fraction, exponent] = match;
    const value = Number(literal);
    if (!Number.isFinite(value)) this.#fail("The server refuses numbers this large", start);
    if (!fraction && !exponent && !Number.isSafeInteger(value)) {
      this.#fail("The server would change this number: whole numbers are exact up to 9007199254740991. Send it as text, in quotes", start);
    }
    this.#at += literal.length;
    if (/[\d.\w]/.test(this.#text[this.#at] ?? "")) this.#fail("This is no number", start);
    return value;
  }
}
